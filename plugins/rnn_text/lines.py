"""The lines that a model learnt, by digests: it can say that it knows one, not what they are."""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from collections.abc import Iterable
from pathlib import Path

FILE = "lines.json"
"""Lies in the folder of a model that learnt line by line."""

_BYTES = 6
"""Of each digest: of a million lines one in 280 million others is taken for one of them."""


def digest(line: str) -> bytes:
    """Of a line as it reads: case, spaces at its ends and how accents are composed do not count."""
    plain = " ".join(unicodedata.normalize("NFC", line).casefold().split())
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).digest()[:_BYTES]


def write_known(folder: Path, lines: Iterable[str]) -> None:
    """Write the digests of the lines that a model learnt into its folder. Raises OSError."""
    found = b"".join(sorted({digest(line) for line in lines}))
    document = {"digests": base64.b64encode(found).decode("ascii"), "bytes": _BYTES}
    (folder / FILE).write_text(json.dumps(document), "utf-8")


def read_known(folder: Path) -> frozenset[bytes]:
    """The digests of what a model learnt; empty where nobody wrote them, or they are damaged."""
    try:
        document = json.loads((folder / FILE).read_bytes())
        found = base64.b64decode(document["digests"], validate=True)
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return frozenset()
    return frozenset(found[n : n + _BYTES] for n in range(0, len(found) - _BYTES + 1, _BYTES))
