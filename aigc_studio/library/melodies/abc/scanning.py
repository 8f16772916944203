"""The signs of a line of ABC: one expression that finds each, whatever stands around it."""

from __future__ import annotations

import re

_length = r"(?:\d{1,4})?(?:/{1,8}(?:\d{1,4})?)?"
SIGNS = re.compile(
    rf"""
    (?P<note>(?:(?:\^\^|\^|__|_|=)(?:\d?/\d)?)?[A-Ga-g][,']{{0,8}}{_length})
  | (?P<space>[\s`\\$;*@?]+)
  | (?P<bar>\.?(?::+\|+\]?:*|\[?\|+\]?:*|::+)\s*(?:\[?(?=\d)\d[\d,.\-]{{0,20}})?)
  | (?P<broken>>+|<+)
  | (?P<rest>[zx]{_length})
  | (?P<tie>-)
  | (?P<text>"[^"]*")
  | (?P<grace>\{{[^{{}}]{{0,500}}\}})
  | (?P<tuplet>\(\d(?::\d{{0,2}}){{0,2}})
  | (?P<slur>[()])
  | (?P<field>\[[A-Za-z]:[^\]]{{0,500}}\])
  | (?P<ending>\[\s*(?:\d[\d,.\-]{{0,20}}|"[^"]*"))
  | (?P<chord>\[[^\]\[|:]*\]{_length})
  | (?P<many>[ZX]\d{{0,3}})
  | (?P<mark>![^!|\n\s]{{0,24}}!|\+[^+|\n\s]{{1,24}}\+)
  | (?P<spacer>y\d{{0,3}}(?:/\d{{1,3}})?)
  | (?P<sign>[.~H-WYh-w!])
  | (?P<overlay>&+)
  | (?P<odd>.)
    """,
    re.VERBOSE | re.DOTALL,
)
"""What can stand in a line; `odd` is one character that nothing else can be made of."""

NOTE = re.compile(
    r"((?:\^\^|\^|__|_|=)?)(\d?/\d)?([A-Ga-gzx])([,']{0,8})(\d{0,4})(/{0,8})(\d{0,4})"
)
"""The parts of a note or rest: accidental, its fraction, letter, octaves, length."""


def length_of(over: str, slashes: str, under: str) -> tuple[int, int]:
    """The fraction that a length stands for: `3/2`, `//`, `/4`; of 0 becomes 1."""
    top = int(over) if over else 1
    if not slashes:
        return top or 1, 1
    bottom = int(under) if under else 1 << len(slashes)
    return top or 1, bottom or 1
