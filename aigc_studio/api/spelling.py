"""Names that look alike are alike: one normal form to keep, one to compare by, one to show.

macOS hands out decomposed names (NFD) where keyboards make composed ones (NFC); `①`, `ｱ` and `１`
have plain forms (NFKC); a file's name may hold bytes that are no text at all.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Sequence

_odd = re.compile("[\ud800-\udfff]")
_unshowable = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def shown(text: str) -> str:
    """The text with what no screen can show written out: odd bytes as `\\xff`, a line end `\\n`."""
    return _unshowable.sub(_written_out, text)


def without_odd_bytes(text: str) -> str:
    """The text with bytes that are no text written out; line ends and all else stay."""
    return _odd.sub(_written_out, text)


def _written_out(found: re.Match[str]) -> str:
    character = found[0]
    if "\udc80" <= character <= "\udcff":  # how Python keeps a byte that is no text
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")


def normal(name: str) -> str:
    """The form that a name is kept and told from others in: composed (NFC), and nothing else.

    Some systems give back the name of a folder decomposed: it is the same to a person.
    """
    return unicodedata.normalize("NFC", name)


@functools.lru_cache(maxsize=4096)  # a label stands on thousands of examples
def composed(name: str) -> str:
    """The form to show a file's name in: composed (NFC), what cannot be shown written out."""
    return shown(normal(name))


@functools.lru_cache(maxsize=4096)
def one_form(name: str) -> str:
    """The form that names and labels are kept in: as `composed`, with single spaces."""
    return composed(" ".join(name.split()))


def compatible(name: str) -> str:
    """The form without differences of width and style (NFKC): `①` and `１` become 1."""
    return " ".join(unicodedata.normalize("NFKC", name).split())


def compared(name: str) -> str:
    """The form that tells whether two names look the same: NFKC, no capitals, nothing unseen."""
    folded = unicodedata.normalize("NFKC", compatible(name).casefold())
    return "".join(each for each in folded if unicodedata.category(each) != "Cf")


class Spellings:
    """Finds a name among others however it is spelled; the closest spelling wins."""

    _forms: tuple[Callable[[str], str], ...] = (str, one_form, compatible, compared)

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._places: list[dict[str, list[int]]] = []

    def find(self, name: str) -> int | None:
        """The index of the name that this one spells; None when there is none, or two fit alike."""
        for number, form in enumerate(self._forms):
            if number == len(self._places):
                self._places.append(_by_form(self._names, form))
            places = self._places[number].get(form(name), [])
            if places:
                return places[0] if len(places) == 1 or number == 0 else None
        return None


def _by_form(names: Sequence[str], form: Callable[[str], str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(form(name), []).append(place)
    return places
