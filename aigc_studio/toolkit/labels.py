"""Classes by their names, however these are spelled."""

from __future__ import annotations

from collections.abc import Sequence

from aigc_studio.api.spelling import Spellings, one_form

__all__ = ["Spellings", "class_place", "class_places"]


def class_places(names: Sequence[str]) -> dict[str, int]:
    """Where each class stands in `names`, by its label in the one form that datasets have.

    For what a person typed take `Spellings(names).find(word)`, which forgives more.
    """
    return {one_form(name): place for place, name in enumerate(names)}


def class_place(label: str, places: dict[str, int]) -> int:
    """The number of a label's class among `class_places`; -1 where there is none."""
    return places.get(one_form(label), -1)
