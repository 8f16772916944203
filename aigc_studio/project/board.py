"""The board: items on a page, bottom first, and the changes it tells its listeners."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from aigc_studio.project.items import Item
from aigc_studio.project.order import Order

_log = logging.getLogger(__name__)


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
