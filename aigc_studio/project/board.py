"""The board: items on a page, bottom first, and the changes it tells its listeners."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from aigc_studio.api.artifacts import Medium
from aigc_studio.project.content import Content
from aigc_studio.project.manifests import is_digest
from aigc_studio.project.provenance import Provenance

_log = logging.getLogger(__name__)

COORDINATE_LIMIT = 1e7
"""How far from the middle of the board anything may lie, in board units."""


@dataclass(frozen=True)
class Item:
    """An artifact on the board. One board unit is one pixel of a picture at its own size.

    `x`, `y` are the top left corner and `width`, `height` (above 0) the size before turning;
    `rotation` is in degrees, clockwise, around the item's middle. `opacity` is in 0 to 1. `mask` is
    an L image of the picture's pixel size. `latent` is the digest of a stored latent, or empty.
    Raises `ValueError` for values outside these ranges.
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
        for name in ("x", "y", "width", "height", "rotation", "opacity"):
            value = getattr(self, name)
            if type(value) not in (int, float) or not abs(value) <= COORDINATE_LIMIT:
                raise ValueError(f"{name} of an item is not in range: {value!r:.40}")
            object.__setattr__(self, name, float(value))
        if self.width <= 0 or self.height <= 0 or not 0 <= self.opacity <= 1:
            raise ValueError("width and height must be above 0, and opacity in 0 to 1")
        if not isinstance(self.id, str) or not self.id or not isinstance(self.name, str):
            raise ValueError("an item needs an id and a name")
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
        angle = math.radians(self.rotation)
        cosine, sine = abs(math.cos(angle)), abs(math.sin(angle))
        half_width = (self.width * cosine + self.height * sine) / 2
        half_height = (self.width * sine + self.height * cosine) / 2
        x, y = self.x + self.width / 2, self.y + self.height / 2
        return x - half_width, y - half_height, x + half_width, y + half_height

    def changed(self, values: Mapping[str, Any]) -> Item:
        """The item with other values of some fields. Raises `ValueError`.

        Quicker than `replace` where only geometry changes, as when thousands of items are moved.
        """
        if not _plain.issuperset(values):
            try:
                return replace(self, **values)
            except TypeError as error:
                raise ValueError(f"not an item: {error}") from error
        item = object.__new__(Item)
        for name in _all_names:
            object.__setattr__(item, name, getattr(self, name))
        for name, value in values.items():
            if type(value) not in (int, float) or not abs(value) <= COORDINATE_LIMIT:
                raise ValueError(f"{name} of an item is not in range: {value!r:.40}")
            object.__setattr__(item, name, float(value))
        return item

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        value = {each.name: getattr(self, each.name) for each in fields(self)}
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
        known = {key: value[key] for key in {each.name for each in fields(cls)} & set(value)}
        try:
            known["content"] = Content.from_json(known.get("content"))
            if known.get("mask") is not None:
                known["mask"] = Content.from_json(known["mask"])
            if known.get("provenance") is not None:
                known["provenance"] = Provenance.from_json(known["provenance"])
            return cls(**known)
        except TypeError as error:
            raise ValueError(f"not an item: {error}") from error


_all_names = tuple(each.name for each in fields(Item))
_plain = frozenset(("x", "y", "rotation"))


def within(value: float) -> float:
    """The nearest number that a coordinate of an item may be."""
    return min(max(value, -COORDINATE_LIMIT), COORDINATE_LIMIT)


def mask_fits(mask: Content, content: Content) -> bool:
    """Whether `mask` is an L picture of as many pixels as the picture `content`."""
    sizes = [(each.info.get("width"), each.info.get("height")) for each in (mask, content)]
    return content.medium == "image" and mask.info.get("mode") == "L" and sizes[0] == sizes[1]


@dataclass(frozen=True)
class Change:
    """What a listener is told, after it happened: a kind, and the ids that it is about.

    Of a board: `items_inserted`, `items_removed`, `items_changed`, `items_reordered` (ids: all,
    bottom first). Of a project: `history`, `saved`, `candidates`.
    """

    kind: Literal[
        "items_inserted",
        "items_removed",
        "items_changed",
        "items_reordered",
        "history",
        "saved",
        "candidates",
    ]
    ids: tuple[str, ...] = ()


Items = Mapping[str, Item | None]
"""Items by id; None where there is none."""

Listener = Callable[[Change], None]


def tell(listeners: Iterable[Listener], change: Change) -> None:
    """Call every listener; one that fails is logged and keeps nobody from hearing."""
    for listener in tuple(listeners):
        try:
            listener(change)
        except Exception:
            _log.exception("a listener failed on %s", change)


class Board:
    """The items of a page. Only commands change it (`Project.do`)."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self._items = {item.id: item for item in items}
        self._highest = 0
        self.listeners: list[Listener] = []
        self.note_ids(self._items)

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, bottom first."""
        return tuple(self._items.values())

    def item(self, id: str) -> Item:
        """The item with this id. Raises `KeyError`."""
        return self._items[id]

    def get(self, id: str) -> Item | None:
        """The item with this id, or None."""
        return self._items.get(id)

    def __contains__(self, id: object) -> bool:
        return id in self._items

    def __len__(self) -> int:
        return len(self._items)

    def new_ids(self, count: int) -> tuple[str, ...]:
        """Ids that no item of this board has or had (`i7`): the same for the same history."""
        first = self._highest + 1
        self._highest += count
        return tuple(f"i{number}" for number in range(first, first + count))

    def draft(self) -> Board:
        """A board with the same items that can be tried things on; new ids differ from both."""
        copy = Board(self.items)
        copy._highest = self._highest
        return copy

    def note_ids(self, ids: Iterable[str]) -> None:
        """Never give out these ids: they are, or were, on the board."""
        for id in ids:
            # Not isdigit alone: it also says yes to digits that int() refuses.
            if id[:1] == "i" and id[1:].isascii() and id[1:].isdigit() and len(id) < 16:
                self._highest = max(self._highest, int(id[1:]))

    def check(self, before: Items, after: Items, order: Sequence[str] | None) -> None:
        """Raise `ValueError` unless `exchange` can be done."""
        if any(self._items.get(id) != item for id, item in before.items()):
            raise ValueError("the command does not fit the board")
        gone = {id for id, item in after.items() if item is None}
        there = (set(self._items) | set(after)) - gone
        if order is None and there != set(self._items):
            raise ValueError("a command that adds or removes items must say their order")
        if order is not None and (len(order) != len(there) or set(order) != there):
            raise ValueError("the order of the command does not fit the board")

    def exchange(self, before: Items, after: Items, order: Sequence[str] | None) -> None:
        """Replace the `before` items by the `after` items (None: not there), and tell listeners.

        `order` are all ids afterwards, needed when items come, go or change places. Raises
        `ValueError`, and changes nothing, when the board is not as `before` says.
        """
        self.check(before, after, order)
        former = self._items
        items = former | {id: item for id, item in after.items() if item is not None}
        ids = order if order is not None else tuple(former)
        self._items = {id: items[id] for id in ids}
        self.note_ids(after)
        self._tell_difference(former)

    def _tell_difference(self, former: Mapping[str, Item]) -> None:
        removed = tuple(id for id in former if id not in self._items)
        inserted = tuple(id for id in self._items if id not in former)
        changed = tuple(id for id, item in self._items.items() if former.get(id, item) != item)
        stayed = [id for id in former if id in self._items]
        reordered = stayed != [id for id in self._items if id in former]
        everything = tuple(self._items)
        for change in (
            removed and Change("items_removed", removed),
            inserted and Change("items_inserted", inserted),
            changed and Change("items_changed", changed),
            reordered and Change("items_reordered", everything),
        ):
            if change:
                tell(self.listeners, change)
