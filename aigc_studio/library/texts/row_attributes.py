"""The other columns of a table of texts, as attributes of its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from aigc_studio.api import limits
from aigc_studio.api.attributes import Value
from aigc_studio.api.spelling import one_form
from aigc_studio.library.attribute_values import meaning_of

Row = tuple[str, str, Mapping[str, Value]]
"""A text, its label, and what the other columns say of it."""


class OtherColumns:
    """The columns of a table but those of texts and labels; without names they say nothing."""

    def __init__(self, head: Sequence[str], taken: Collection[int | None]) -> None:
        names = [one_form(title)[: limits.TITLE] for title in head]
        self._places = {
            name: at for at, name in enumerate(names) if name and at not in taken
        }  # of two with one name the last
        for name in list(self._places)[limits.ATTRIBUTES :]:
            del self._places[name]

    def rows(self, kept: Sequence[tuple[str, str, list[str]]]) -> Iterator[Row]:
        """The rows with the values of their other cells; one that does not fit is left out."""
        meanings = {}
        for name, at in self._places.items():
            counts = Counter(cells[at] for _text, _label, cells in kept if at < len(cells))
            meanings[name] = meaning_of(counts).values
        for text, label, cells in kept:
            said = {
                name: meanings[name][cells[at]]
                for name, at in self._places.items()
                if at < len(cells) and cells[at] in meanings[name]
            }
            yield text, label, said
