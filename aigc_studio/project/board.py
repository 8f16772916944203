"""The board: items on a page, bottom first, and the changes it tells its listeners."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Any, Literal

from aigc_studio.api import limits
from aigc_studio.api.artifacts import Medium
from aigc_studio.project.content import Content
from aigc_studio.project.manifests import is_digest
from aigc_studio.project.order import Order
from aigc_studio.project.provenance import Provenance

_log = logging.getLogger(__name__)

COORDINATE_LIMIT = 1e7
"""How far from the middle of the board anything may lie, in board units."""

ID_LIMIT = 100
"""The most characters of an id of an item, a candidate, a strip or a request."""


_numbers = frozenset(("x", "y", "width", "height", "rotation", "opacity"))


@dataclass(frozen=True, slots=True)
class Item:
    """An artifact on the board. One board unit is one pixel of a picture at its own size.

    `x`, `y` are the top left corner and `width`, `height` (above 0) the size before turning;
    `rotation` is in degrees, clockwise, around the item's middle. `opacity` is in 0 to 1. `mask` is
    an L image of the picture's pixel size. `latent` is the digest of a stored latent, or empty.
    Nothing is farther away or larger than `COORDINATE_LIMIT`, and a name longer than `limits.TITLE`
    is cut. Raises `ValueError` for other values outside these ranges.
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
    return float(value)


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


@dataclass(frozen=True)
class Change:
    """What a listener is told, after it happened: a kind, and the ids that it is about.

    Of a board: `items_inserted`, `items_removed`, `items_changed`, `items_reordered` (ids: all,
    bottom first). Of a project: `history`, `saved`, `candidates` (ids: of those that came, went
    or came back).
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
        self._order = list(self._items)
        self._all: tuple[Item, ...] | None = None
        self._highest = 0
        self.listeners: list[Listener] = []
        self.note_ids(self._items)

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, bottom first."""
        if self._all is None:
            self._all = tuple(map(self._items.__getitem__, self._order))
        return self._all

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all items, bottom first."""
        return tuple(self._order)

    @property
    def highest(self) -> int:
        """The number of the newest id that was given out or noted."""
        return self._highest

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
        copy = Board()
        copy._items, copy._order = self._items.copy(), self._order.copy()
        copy._all, copy._highest = self._all, self._highest
        return copy

    def note_ids(self, ids: Iterable[str]) -> None:
        """Never give out these ids: they are, or were, on the board."""
        for id in ids:
            # Not isdigit alone: it also says yes to digits that int() refuses.
            if id[:1] == "i" and id[1:].isascii() and id[1:].isdigit() and len(id) < 16:
                self._highest = max(self._highest, int(id[1:]))

    def note_highest(self, number: int) -> None:
        """Give out no id up to this number."""
        self._highest = max(self._highest, number)

    def mend(self, items: Iterable[Item]) -> None:
        """Take these for those of the same ids, before anybody listens."""
        self._items |= {item.id: item for item in items}
        self._all = None

    def check(self, before: Items, after: Items, order: Order | None) -> None:
        """Raise `ValueError` unless `exchange` can be done."""
        for id, item in before.items():
            there = self._items.get(id)
            if there is not item and there != item:
                raise ValueError("the command does not fit the board")
        come = {id for id, item in after.items() if item is not None and id not in self._items}
        gone = {id for id, item in after.items() if item is None and id in self._items}
        if order is None:
            if come or gone:
                raise ValueError("a command that adds or removes items must say their order")
            return
        out, into = ({id for _place, id in places} for places in (order.out, order.into))
        if out - into != gone or into - out != come or not out <= self._items.keys():
            raise ValueError("the order of the command does not fit the board")
        order.check(self._order)

    def exchange(self, before: Items, after: Items, order: Order | None) -> None:
        """Replace the `before` items by the `after` items (None: not there), and tell listeners.

        `order` is needed when items come, go or change places. It takes as long as they are many,
        however many others are there. Raises `ValueError`, and changes nothing, when the board is
        not as `before` says.
        """
        self.check(before, after, order)
        self._exchange(after, order.applied(self._order) if order else self._order, order)

    def force(self, after: Items, order: Order | None) -> None:
        """As `exchange`, on a board that may be another than the command was made for.

        For what is left of a damaged journal.
        """
        self._exchange(after, order.forced(self._order) if order else self._order, order)

    def _exchange(self, after: Items, ids: list[str], order: Order | None) -> None:
        former = {id: self._items.get(id) for id in after}
        self._order, self._all = ids, None
        for id, item in after.items():
            if item is None:
                self._items.pop(id, None)
            else:
                self._items[id] = item
        self.note_ids(id for id, item in former.items() if item is None)
        self._tell_difference(former, after, order)

    def _tell_difference(self, former: Items, after: Items, order: Order | None) -> None:
        if not self.listeners:
            return
        out, into = (order.out, order.into) if order else ((), ())
        removed = tuple(id for _place, id in out if id in after and after[id] is None)
        inserted = tuple(id for _place, id in into if id in former and former[id] is None)
        changed = tuple(
            id
            for id, item in after.items()
            if item is not None and former[id] is not None and former[id] != item
        )
        reordered = order is not None and order.moves
        for change in (
            removed and Change("items_removed", removed),
            inserted and Change("items_inserted", inserted),
            changed and Change("items_changed", changed),
            reordered and Change("items_reordered", self.ids),
        ):
            if change:
                tell(self.listeners, change)
