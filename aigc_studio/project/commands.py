"""Commands: everything that can happen to a board, serialisable and invertible.

A command says for each item it touches what it was and what it becomes, and who comes, goes or
changes places. So there is one way to do, undo, redo, journal and group all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from aigc_studio.project.board import Board, Items
from aigc_studio.project.items import ID_LIMIT, Item, is_id, within
from aigc_studio.project.order import Order, chained
from aigc_studio.project.titles import spoken, title_of
from aigc_studio.translation import Localized

Edge = Literal["left", "center", "right", "top", "middle", "bottom"]
Place = Literal["front", "forward", "backward", "back"]


@dataclass(frozen=True, slots=True)
class Command:
    """One step of the history. `before` and `after` map ids to items, None where there is none.

    `order` says who comes, goes or changes places, and where; else None. `label` stands in for the
    title of the kind, when there is one. `candidates` are the ids of those that it accepts: while
    it is done, they do not wait any more.
    """

    kind: str
    before: Items
    after: Items
    order: Order | None = None
    label: Localized = ""
    candidates: tuple[str, ...] = ()

    __hash__ = object.__hash__

    @property
    def title(self) -> str:
        """What the history shows, in the language that is spoken now."""
        names = []
        if len(self.before) == 1:
            ((id, item),) = self.before.items()
            named = self.after.get(id) or item
            names = [named.name] if named else []
        return title_of(self.kind, self.label, names or [""] * len(self.before))

    @property
    def ids(self) -> tuple[str, ...]:
        """The items it touches."""
        return tuple(self.after)

    @property
    def weight(self) -> int:
        """About how many bytes it takes in memory: what it touches counts, and nothing else."""
        return 1000 + 200 * len(self.after) + (100 * len(self.order.out) if self.order else 0)

    @property
    def inverse(self) -> Command:
        """The command that undoes it."""
        order = self.order.inverse if self.order is not None else None
        return Command(self.kind, self.after, self.before, order, self.label, self.candidates)

    def check(self, board: Board) -> None:
        """Raise `ValueError` when it does not fit the board."""
        board.check(self.before, self.after, self.order)

    def apply(self, board: Board) -> None:
        """Do it. Raises `ValueError`, and changes nothing, when it does not fit the board."""
        board.exchange(self.before, self.after, self.order)

    def then(self, other: Command) -> Command:
        """Both as one step, under this one's kind and label."""
        return grouped((self, other), self.kind, self.label)

    def contents(self) -> Iterable[Item]:
        """Every state of every item in it: what must be kept for it to be done and undone."""
        for items in (self.before, self.after):
            yield from (item for item in items.values() if item is not None)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, which stand for themselves (`deltas` is what files hold)."""
        return {
            "kind": self.kind,
            "before": {id: item and item.to_json() for id, item in self.before.items()},
            "after": {id: item and item.to_json() for id, item in self.after.items()},
            "order": self.order.to_json() if self.order is not None else None,
            "label": self.label if isinstance(self.label, str) else dict(self.label),
            "candidates": list(self.candidates),
        }

    @classmethod
    def from_json(cls, value: Any) -> Command:
        """Read what `to_json` gave, or gave in format 1. Raises `ValueError` for anything else."""
        try:
            before, after = (_read_items(value[name]) for name in ("before", "after"))
            if before.keys() != after.keys():
                raise ValueError("not a command")
            orders = [_read_ids(value.get(name)) for name in ("order_before", "order_after")]
            order = None
            if orders[0] is not None and orders[1] is not None:
                order = Order.between(orders[0], orders[1]) or None
            elif value.get("order") is not None:
                order = Order.from_json(value["order"]) or None
            return cls(read_kind(value), before, after, order, *read_words(value))
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"not a command: {error}") from error


def read_kind(value: Mapping[str, Any]) -> str:
    """The kind of a command from JSON. Raises `ValueError` or `KeyError`."""
    kind = value["kind"]
    if not isinstance(kind, str) or len(kind) > ID_LIMIT:
        raise ValueError("not a command")
    return kind


def read_words(value: Mapping[str, Any]) -> tuple[Localized, tuple[str, ...]]:
    """The label of a command from JSON and the ids of its candidates. Raises `ValueError`."""
    label = value.get("label", "")
    texts = label.values() if isinstance(label, dict) else [label]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("not a command")
    ids = _read_ids(value.get("candidates")) or ()
    if not all(map(is_id, ids)):
        raise ValueError("not a command")
    return spoken(label), ids


def accepted(commands: Iterable[Command]) -> set[str]:
    """The ids of the candidates that these commands accept."""
    return {id for command in commands for id in command.candidates}


def add_items(
    board: Board,
    items: Iterable[Item],
    *,
    above: str | None = None,
    kind: str = "add",
    label: Localized = "",
) -> Command:
    """Put items on the board: on top, or right above the item `above`."""
    new = {item.id: item for item in items}
    where = board.ids.index(above) + 1 if above is not None and above in board else len(board)
    order = Order(into=tuple(enumerate(new, where)))
    return Command(kind, dict.fromkeys(new), new, order, label)


def remove_items(board: Board, ids: Iterable[str]) -> Command:
    """Take items off the board. Raises `KeyError` for an id that is not there."""
    before = {id: board.item(id) for id in ids}
    order = Order(tuple((place, id) for place, id in enumerate(board.ids) if id in before))
    return Command("remove", before, dict.fromkeys(before), order)


def change_items(
    board: Board, items: Mapping[str, Item], kind: str = "change", *, label: Localized = ""
) -> Command:
    """Replace items by changed ones: move, scale, turn, rename, hide, mask, new content.

    `kind` is one of `titles.KINDS` and chooses the title; `label` stands in for it.
    """
    before = {id: board.item(id) for id in items}
    return Command(kind, before, dict(items), label=label)


def reorder(board: Board, ids: Iterable[str], place: Place) -> Command:
    """Bring items to the front or the back, or one place forward or backward, keeping their order.

    `forward` is towards the top. Items that are there already stay.
    """
    chosen = set(ids)
    order = list(board.ids)
    if place in ("front", "back"):
        moved = [id for id in order if id in chosen]
        rest = [id for id in order if id not in chosen]
        new = rest + moved if place == "front" else moved + rest
    else:
        new = _stepped(order, chosen, up=place == "forward")
    kept = {id: board.item(id) for id in order if id in chosen}
    return Command("reorder", kept, kept, Order.between(order, new) or None)


def set_order(board: Board, ids: Sequence[str], moved: Iterable[str] = ()) -> Command:
    """Give the board this order, bottom first; `moved` are those that the title names."""
    kept = {id: board.item(id) for id in moved}
    return Command("reorder", kept, kept, Order.between(board.ids, tuple(ids)) or None)


def duplicate(
    board: Board, ids: Iterable[str], offset: tuple[float, float] = (16.0, 16.0)
) -> Command:
    """Copies of items on top, `offset` board units to the right and down."""
    chosen = set(ids)
    originals = [item for item in board.items if item.id in chosen]
    made = copies(originals, board.new_ids(len(originals)), offset)
    return add_items(board, made, kind="duplicate")


def copies(
    items: Sequence[Item], ids: Sequence[str], offset: tuple[float, float] = (16.0, 16.0)
) -> list[Item]:
    """Items once more with these ids, `offset` board units to the right and down."""
    dx, dy = offset
    return [
        item.changed({"id": id, "x": within(item.x + dx), "y": within(item.y + dy)})
        for id, item in zip(ids, items, strict=True)
    ]


def align(board: Board, ids: Iterable[str], edge: Edge) -> Command:
    """Move items so that an edge or the middle of their upright outlines is in one line.

    The line is that of all of them together.
    """
    items = [board.item(id) for id in ids]
    boxes = [item.bounds for item in items]
    name, low = ("x", 0) if edge in ("left", "center", "right") else ("y", 1)
    # How much of an item lies before the line: nothing, half, or all of it.
    share = {"left": 0.0, "top": 0.0, "center": 0.5, "middle": 0.5}.get(edge, 1.0)
    start, stop = min(box[low] for box in boxes), max(box[low + 2] for box in boxes)
    line = start * (1 - share) + stop * share
    after = {}
    for item, box in zip(items, boxes, strict=True):
        shift = line - (box[low] * (1 - share) + box[low + 2] * share)
        after[item.id] = item.changed({name: within(getattr(item, name) + shift)})
    return change_items(board, after, "align")


def grouped(commands: Sequence[Command], kind: str = "group", label: Localized = "") -> Command:
    """Several commands, made one after the other, as one step. Raises `ValueError` for none."""
    if not commands:
        raise ValueError("a group needs at least one command")
    before: dict[str, Item | None] = {}
    after: dict[str, Item | None] = {}
    for command in commands:
        before |= {id: item for id, item in command.before.items() if id not in before}
        after |= command.after
    order = chained(command.order for command in commands) or None
    accepting = tuple(id for command in commands for id in command.candidates)
    return Command(kind, before, after, order, label, accepting)


def journey(board: Board, steps: Iterable[Command]) -> Command:
    """Steps that are made one after the other on the board, as one; thousands as quick as few.

    Raises `ValueError` where one does not fit the order that those before it leave.
    """
    before: dict[str, Item | None] = {}
    after: dict[str, Item | None] = {}
    accepting: list[str] = []
    ids = list(board.ids)
    for step in steps:
        for id, item in step.before.items():
            before.setdefault(id, item)
        after.update(step.after)
        accepting += step.candidates
        if step.order is not None:
            ids = step.order.applied(ids)
    order = Order.between(board.ids, ids) or None
    return Command("group", before, after, order, candidates=tuple(accepting))


def together(
    board: Board, steps: Iterable[Callable[[Board], Command]], kind: str = "group"
) -> Command:
    """As `grouped`; each step makes its command for the board as the steps before it left it."""
    draft = board.draft()
    made = []
    for step in steps:
        command = step(draft)
        command.apply(draft)
        made.append(command)
    return grouped(made, kind)


def _stepped(order: list[str], chosen: set[str], *, up: bool) -> list[str]:
    new = order[::-1] if up else order[:]
    for place in range(1, len(new)):
        if new[place] in chosen and new[place - 1] not in chosen:
            new[place - 1], new[place] = new[place], new[place - 1]
    return new[::-1] if up else new


def _read_items(value: Any) -> dict[str, Item | None]:
    items = {id: None if item is None else Item.from_json(item) for id, item in value.items()}
    if any(item is not None and item.id != id for id, item in items.items()):
        raise ValueError("an item stands under another's id")
    return items


def _read_ids(value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(id, str) for id in value):
        raise ValueError("not a list of ids")
    return tuple(value)
