"""Kinds of values: what stands in a field of a document, said once and checked in one place.

    ROW = record({"offset": Whole(), "sha256": Words(64)}, label=Words(200))
    check(value, ROW)           # Damaged: “offset” should be a whole number from 0 to …

Each bounds what it lets in: the length of a text, the range of a number, how many entries.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aigc_studio.api import limits
from aigc_studio.api.documents import Damaged
from aigc_studio.api.documents import Kind as Kind
from aigc_studio.translation import _, enumerated

LARGEST = (1 << 63) - 1
"""The largest whole number: what 64 bits hold."""


def check(value: Any, kind: Kind, at: str = "") -> None:
    """Raise `Damaged` unless the value is of this kind."""
    if not kind.fits(value):
        raise Damaged(kind.fault(value, at))


def _should_be(at: str, wanted: str) -> str:
    if not at:
        return _("it should be {wanted}").format(wanted=wanted)
    return _("“{field}” should be {wanted}").format(field=at, wanted=wanted)


@dataclass(frozen=True)
class Words:
    """A text of at most `most` characters, without a NUL; all of it in `form` where one is given.

    With `paths` it may hold what stands for the odd bytes of a file's name, else no half character.
    """

    most: int = limits.SENTENCE
    form: str = ""
    paths: bool = False
    least: int = 0
    _form: re.Pattern[str] | None = field(init=False, repr=False, default=None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_form", re.compile(self.form) if self.form else None)

    def fits(self, value: Any) -> bool:
        """Whether it is such a text."""
        if not isinstance(value, str) or not self.least <= len(value) <= self.most:
            return False
        if self._form is not None and not self._form.fullmatch(value):
            return False
        return (value.isascii() and "\0" not in value) or self._is_whole(value)

    def _is_whole(self, value: str) -> bool:
        try:
            value.encode("utf-8", "surrogateescape" if self.paths else "strict")
        except UnicodeEncodeError:
            return False
        return "\0" not in value

    def fault(self, value: Any, at: str) -> str:
        """What it should be."""
        if self.form:
            return _should_be(at, _("a text of another form"))
        wanted = _("a text of at most {count} characters")
        return _should_be(at, wanted.format(count=f"{self.most:,}"))


@dataclass(frozen=True)
class Whole:
    """A whole number from `least` to `most`."""

    least: int = 0
    most: int = LARGEST

    def fits(self, value: Any) -> bool:
        """Whether it is such a number; true and false are none."""
        return type(value) is int and self.least <= value <= self.most

    def fault(self, value: Any, at: str) -> str:
        """What it should be."""
        wanted = _("a whole number from {least} to {most}")
        return _should_be(at, wanted.format(least=self.least, most=self.most))


@dataclass(frozen=True)
class Number:
    """A finite number from `least` to `most`, whole or not."""

    least: float = -math.inf
    most: float = math.inf

    def fits(self, value: Any) -> bool:
        """Whether it is such a number; true and false are none."""
        if not isinstance(value, int | float) or isinstance(value, bool):
            return False
        if not self.least <= value <= self.most:
            return False
        return abs(value) < 1.7e308  # a whole number may be too long for a float

    def fault(self, value: Any, at: str) -> str:
        """What it should be."""
        if math.isinf(self.least) or math.isinf(self.most):
            return _should_be(at, _("a number"))
        wanted = _("a number from {least} to {most}")
        return _should_be(at, wanted.format(least=f"{self.least:g}", most=f"{self.most:g}"))


@dataclass(frozen=True)
class Truth:
    """True or false."""

    def fits(self, value: Any) -> bool:
        """Whether it is one of the two."""
        return isinstance(value, bool)

    def fault(self, value: Any, at: str) -> str:
        """What it should be."""
        return _should_be(at, _("true or false"))


@dataclass(frozen=True)
class OneOf:
    """One of some words, or nothing at all where None is among them."""

    words: tuple[str | None, ...]

    def fits(self, value: Any) -> bool:
        """Whether it is one of them."""
        return (value is None or isinstance(value, str)) and value in self.words

    def fault(self, value: Any, at: str) -> str:
        """What it should be."""
        known = enumerated(map(str, self.words))
        return _should_be(at, _("one of {names}").format(names=known))


@dataclass(frozen=True)
class Anything:
    """Whatever `documents.parse` lets in."""

    def fits(self, value: Any) -> bool:
        """It does."""
        return True

    def fault(self, value: Any, at: str) -> str:
        """Nothing is wrong with it."""
        return ""


@dataclass(frozen=True)
class Plain:
    """What `documents.parse` lets in, without half characters: what every screen and file holds."""

    def fits(self, value: Any) -> bool:
        """Whether all of its texts can be written as UTF-8."""
        try:
            json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
        except (ValueError, TypeError, RecursionError):
            return False
        return True

    def fault(self, value: Any, at: str) -> str:
        """That it has half a character in it."""
        return _("it has something in it that is not text")


@dataclass(frozen=True)
class Either:
    """A value of one of several kinds."""

    kinds: tuple[Kind, ...]

    def fits(self, value: Any) -> bool:
        """Whether it is of one of them."""
        return any(kind.fits(value) for kind in self.kinds)

    def fault(self, value: Any, at: str) -> str:
        """What the first of them says."""
        return self.kinds[0].fault(value, at)


@dataclass(frozen=True)
class Maybe:
    """None, or a value of another kind."""

    kind: Kind

    def fits(self, value: Any) -> bool:
        """Whether it is either."""
        return value is None or self.kind.fits(value)

    def fault(self, value: Any, at: str) -> str:
        """What the other kind says."""
        return self.kind.fault(value, at)


@dataclass(frozen=True)
class ListOf:
    """A list of `least` to `most` values of one kind."""

    kind: Kind
    most: int = limits.CHOICES
    least: int = 0

    def fits(self, value: Any) -> bool:
        """Whether it is such a list."""
        if not isinstance(value, list) or not self.least <= len(value) <= self.most:
            return False
        return all(map(self.kind.fits, value))

    def fault(self, value: Any, at: str) -> str:
        """Which of its values is wrong, or that it is no such list."""
        if isinstance(value, list) and self.least <= len(value) <= self.most:
            for place, each in enumerate(value):
                if not self.kind.fits(each):
                    return self.kind.fault(each, f"{at}[{place}]")
        wanted = _("a list of {least} to {most} entries")
        return _should_be(at, wanted.format(least=self.least, most=self.most))


@dataclass(frozen=True)
class MapOf:
    """An object with at most `most` names of one's own, of at most `longest` characters."""

    kind: Kind
    most: int = limits.CHOICES
    longest: int = limits.TITLE

    def fits(self, value: Any) -> bool:
        """Whether it is such an object."""
        if not isinstance(value, dict) or len(value) > self.most:
            return False
        return all(len(name) <= self.longest for name in value) and all(
            map(self.kind.fits, value.values())
        )

    def fault(self, value: Any, at: str) -> str:
        """Which of its values is wrong, or that it is no such object."""
        if isinstance(value, dict) and len(value) <= self.most:
            for name, each in value.items():
                if not self.kind.fits(each):
                    return self.kind.fault(each, _below(at, name[:40]))
        wanted = _("an object of at most {count} entries")
        return _should_be(at, wanted.format(count=f"{self.most:,}"))


@dataclass(frozen=True)
class Record:
    """An object with fields that must be there, and some that may; what else it has is kept."""

    needed: Mapping[str, Kind]
    other: Mapping[str, Kind]

    def fits(self, value: Any) -> bool:
        """Whether it is such an object."""
        if not isinstance(value, dict):
            return False
        for name, kind in self.needed.items():
            if name not in value or not kind.fits(value[name]):
                return False
        return all(name not in value or kind.fits(value[name]) for name, kind in self.other.items())

    def fault(self, value: Any, at: str) -> str:
        """Which of its fields is missing or wrong."""
        if not isinstance(value, dict):
            return _should_be(at, _("an object"))
        for name, kind in (*self.needed.items(), *self.other.items()):
            if name not in value and name in self.needed:
                return _("“{field}” is missing").format(field=_below(at, name))
            if name in value and not kind.fits(value[name]):
                return kind.fault(value[name], _below(at, name))
        return ""


def record(needed: Mapping[str, Kind], **other: Kind) -> Record:
    """An object with these fields."""
    return Record(needed, other)


def _below(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name
