"""An item: an artifact at its place on the board, and what its fields may be."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Any

from aigc_studio.api import limits
from aigc_studio.api.artifacts import Medium
from aigc_studio.project.content import Content
from aigc_studio.project.manifests import is_digest
from aigc_studio.project.provenance import Provenance

COORDINATE_LIMIT = 1e7
"""How far from the middle of the board anything may lie, in board units."""

LEAST_SIDE = 1e-6
"""The least width or height of anything: parts of it, a pixel's side, are still above 0."""

ID_LIMIT = 100
"""The most characters of an id of an item, a candidate, a strip or a request."""

_numbers = frozenset(("x", "y", "width", "height", "rotation", "opacity"))


@dataclass(frozen=True, slots=True)
class Item:
    """An artifact on the board. One board unit is one pixel of a picture at its own size.

    `x`, `y` are the top left corner and `width`, `height` (above 0) the size before turning;
    `rotation` is in degrees, clockwise, around the item's middle. `opacity` is in 0 to 1. `mask` is
    an L image of the picture's pixel size. `latent` is the digest of a stored latent, or empty.
    Nothing is farther away or larger than `COORDINATE_LIMIT`, nor smaller than `LEAST_SIDE`, and a
    name longer than `limits.TITLE` is cut. Raises `ValueError` for other values outside these
    ranges.
    """

    id: str
    name: str
    content: Content
    x: float = 0.0
    y: float = 0.0
    width: float = 1.0
    height: float = 1.0
    rotation: float = 0.0
    opacity: float = 1.0
    visible: bool = True
    mask: Content | None = None
    provenance: Provenance | None = None
    latent: str = ""

    def __post_init__(self) -> None:
        for name in _numbers:
            value = getattr(self, name)
            if type(value) is float and -COORDINATE_LIMIT <= value <= COORDINATE_LIMIT:
                continue
            if type(value) not in (int, float) or not abs(value) < math.inf:
                raise ValueError(f"{name} of an item is not in range: {value!r:.40}")
            # Nothing leaves the board: what is pushed or grows past its edge stops there.
            object.__setattr__(self, name, float(within(value)))
        if self.width <= 0 or self.height <= 0 or not 0 <= self.opacity <= 1:
            raise ValueError("width and height must be above 0, and opacity in 0 to 1")
        if self.width < LEAST_SIDE or self.height < LEAST_SIDE:
            object.__setattr__(self, "width", max(self.width, LEAST_SIDE))
            object.__setattr__(self, "height", max(self.height, LEAST_SIDE))
        if not is_id(self.id) or not isinstance(self.name, str):
            raise ValueError("an item needs an id and a name")
        if len(self.name) > limits.TITLE:
            object.__setattr__(self, "name", self.name[: limits.TITLE - 1] + "…")
        if type(self.visible) is not bool or (self.latent and not is_digest(self.latent)):
            raise ValueError("visible or latent of an item is of a wrong type")
        if self.mask is not None and not mask_fits(self.mask, self.content):
            raise ValueError("a mask is a picture of mode L, as large as that which it masks")

    @property
    def medium(self) -> Medium:
        """What its artifact is."""
        return self.content.medium

    @property
    def has_other_material(self) -> bool:
        """Whether something is in it that no generator made."""
        return self.provenance is None or not self.provenance.generated_alone

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the upright rectangle around the turned item."""
        if not self.rotation:
            return self.x, self.y, self.x + self.width, self.y + self.height
        angle = math.radians(self.rotation)
        cosine, sine = abs(math.cos(angle)), abs(math.sin(angle))
        half_width = (self.width * cosine + self.height * sine) / 2
        half_height = (self.width * sine + self.height * cosine) / 2
        x, y = self.x + self.width / 2, self.y + self.height / 2
        return x - half_width, y - half_height, x + half_width, y + half_height

    def changed_by_hand(self, content: Content, **values: Any) -> Item:
        """The item with what a hand made of its artifact: that has no latent, and is noted."""
        made_by = self.provenance.edited_by_hand() if self.provenance else None
        return replace(self, content=content, latent="", provenance=made_by, **values)

    def changed(self, values: Mapping[str, Any]) -> Item:
        """The item with other values of some fields. Raises `ValueError`.

        Quicker than `replace` where only fields of `_plain` change, as when thousands are moved.
        """
        if not values.keys() <= _plain.keys():
            for name in _numbers.intersection(values):
                _number(name, values[name])
            try:
                return replace(self, **values)
            except TypeError as error:
                raise ValueError(f"not an item: {error}") from error
        item = object.__new__(Item)
        for put, value in zip(_puts, _values_of(self)):  # noqa: B905  (quicker; equally many)
            put(item, value)
        for name, value in values.items():
            _put[name](item, _plain[name](name, value))
        return item

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        value = {name: getattr(self, name) for name in _all_names}
        for name in ("content", "mask", "provenance"):
            part = value[name]
            value[name] = part.to_json() if part is not None else None
        return value

    @classmethod
    def from_json(cls, value: Any) -> Item:
        """Read what `to_json` gave; fields of a later version are passed over.

        Raises `ValueError` for anything else.
        """
        if not isinstance(value, Mapping):
            raise ValueError("not an item")
        known = {key: value[key] for key in _all_names if key in value}
        try:
            known["content"] = Content.from_json(known.get("content"))
            if known.get("mask") is not None:
                known["mask"] = Content.from_json(known["mask"])
            made = known.get("provenance")
            if made is not None and not isinstance(made, Provenance):
                known["provenance"] = Provenance.from_json(made)
            for name in _numbers.intersection(known):
                _number(name, known[name])
            return cls(**known)
        except TypeError as error:
            raise ValueError(f"not an item: {error}") from error


def _number(name: str, value: Any) -> float:
    if type(value) not in (int, float) or not abs(value) <= COORDINATE_LIMIT:
        raise _out_of_range(name, value)
    return float(value)


def _side(name: str, value: Any) -> float:
    if _number(name, value) <= 0:
        raise _out_of_range(name, value)
    return max(float(value), LEAST_SIDE)


def _share(name: str, value: Any) -> float:
    if not 0 <= _number(name, value) <= 1:
        raise _out_of_range(name, value)
    return float(value)


def _truth(name: str, value: Any) -> bool:
    if type(value) is not bool:
        raise _out_of_range(name, value)
    return value


def _name_of_one(name: str, value: Any) -> str:
    if not is_id(value):
        raise _out_of_range(name, value)
    return str(value)


def _out_of_range(name: str, value: Any) -> ValueError:
    return ValueError(f"{name} of an item is not in range: {value!r:.40}")


_all_names = tuple(each.name for each in fields(Item))
_names = tuple(name for name in _all_names if name != "id")
_values_of = attrgetter(*_all_names)
_put = {name: vars(Item)[name].__set__ for name in _all_names}
_puts = tuple(_put.values())
_plain: dict[str, Callable[[str, Any], Any]] = {
    "id": _name_of_one,
    "x": _number,
    "y": _number,
    "rotation": _number,
    "width": _side,
    "height": _side,
    "opacity": _share,
    "visible": _truth,
}
"""Fields that mean nothing for the others, and what a new value of each must pass."""


def columns(items: Iterable[Item]) -> dict[str, tuple[Any, ...]]:
    """The fields of items, by name: of thousands many times as quick as item by item."""
    return dict(zip(_all_names, zip(*map(_values_of, items), strict=True), strict=False))


def is_id(value: Any) -> bool:
    """Whether `value` can be the id of something in a project."""
    return isinstance(value, str) and 0 < len(value) <= ID_LIMIT


def within(value: float) -> float:
    """The nearest number that a coordinate of an item may be."""
    if -COORDINATE_LIMIT <= value <= COORDINATE_LIMIT:
        return value
    return min(max(value, -COORDINATE_LIMIT), COORDINATE_LIMIT)


def mask_fits(mask: Content, content: Content) -> bool:
    """Whether `mask` is an L picture of as many pixels as the picture `content`."""
    sizes = [(each.info.get("width"), each.info.get("height")) for each in (mask, content)]
    return content.medium == "image" and mask.info.get("mode") == "L" and sizes[0] == sizes[1]
