"""Commands, items and candidates as files and journals hold them: what changed, each thing once.

    item       its fields; `provenance` is {"made": name, "seed": …}
    making     what many provenances have in common, under a name: {"name": …, "made": {…}}
    step       {"kind", "label", "candidates", "new": [item …], "gone": [id …], "kept": [id …],
                "changed": [{"fields", "ids", "was": [column …], "now": [column …]}],
                "order": {"out": [[place, id] …], "into": [[place, id] …]}}
    many items, where `new` (or `gone`, see below) has them, are a table (`tables`)

A step is read forward from the board before it, or backward from the board after it. Forward, who
comes is there in full and who goes by id, backward the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from aigc_studio import late
from aigc_studio.project.board import Board
from aigc_studio.project.candidates import CandidateRecord
from aigc_studio.project.commands import Command, read_kind, read_words
from aigc_studio.project.content import Content
from aigc_studio.project.items import Item, columns
from aigc_studio.project.order import Order
from aigc_studio.project.provenance import OWN, Provenance

if TYPE_CHECKING:
    from aigc_studio.project import tables
else:
    tables = late.module("aigc_studio.project.tables")

BROKEN = (
    ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError,
)  # fmt: skip
"""What reading a value of a wrong shape may raise."""

MANY = 32
"""From so many items on they are a table."""

_names = tuple(each.name for each in fields(Item) if each.name != "id")


class Naming:
    """Gives the makings of one file or journal their names, and says which are new.

    `prefix` keeps the names of one writer from those of another in the same journal.
    """

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._names: dict[tuple[Any, ...], str] = {}
        self._new: list[dict[str, Any]] = []

    def reference(self, provenance: Provenance | None) -> dict[str, Any] | None:
        """What stands for a provenance in JSON."""
        if provenance is None:
            return None
        key = provenance.making
        name = self._names.get(key)
        if name is None:
            name = self._names[key] = f"{self._prefix}{len(self._names)}"
            made = provenance.to_json()
            self._new.append({"name": name, "made": {k: made[k] for k in made if k not in OWN}})
        own = {key: getattr(provenance, key) for key in OWN}
        return {"made": name} | {key: value for key, value in own.items() if value is not False}

    def news(self) -> list[dict[str, Any]]:
        """The makings that were named since this was asked last."""
        news, self._new = self._new, []
        return news

    def item(self, item: Item) -> dict[str, Any]:
        """An item as JSON."""
        return item.to_json() | {"provenance": self.reference(item.provenance)}

    def record(self, record: CandidateRecord) -> dict[str, Any]:
        """A candidate as JSON."""
        return record.to_json() | {"provenance": self.reference(record.provenance)}

    def step(self, command: Command, *, backward: bool = False) -> dict[str, Any]:
        """A command as JSON, to be read on from the board before it, or back from the one after."""
        value: dict[str, Any] = {"kind": command.kind}
        if command.label:
            label = command.label
            value["label"] = label if isinstance(label, str) else dict(label)
        if command.candidates:
            value["candidates"] = list(command.candidates)
        if command.order:
            value["order"] = command.order.to_json()
        new, gone, changed, kept = _sorted_out(command)
        there, away = (gone, new) if backward else (new, gone)
        if there:
            value["gone" if backward else "new"] = self._items(there)
        if away:
            value["new" if backward else "gone"] = [item.id for item in away]
        if kept:
            value["kept"] = kept
        if changed:
            value["changed"] = [self._table(names, rows) for names, rows in changed.items()]
        return value

    def _items(self, items: Sequence[Item]) -> Any:
        if len(items) < MANY:
            return [self.item(item) for item in items]
        return tables.table(items, self.reference)

    def _table(self, names: tuple[str, ...], rows: Sequence[tuple[Item, Item]]) -> dict[str, Any]:
        was, now = zip(*rows, strict=True)
        return {
            "fields": list(names),
            "ids": [item.id for item in was],
            "was": [self._column(name, was) for name in names],
            "now": [self._column(name, now) for name in names],
        }

    def _column(self, name: str, items: Sequence[Item]) -> list[Any]:
        values = [getattr(item, name) for item in items]
        if name == "provenance":
            return [self.reference(value) for value in values]
        if name in ("content", "mask"):
            return [value and value.to_json() for value in values]
        return values


class Makings:
    """The makings that a file or journal names: what their references stand for."""

    def __init__(self) -> None:
        self._made: dict[str, Provenance] = {}
        self._kept: dict[tuple[Any, ...], Provenance] = {}

    def __len__(self) -> int:
        return len(self._made)

    def add(self, value: Any) -> None:
        """Take in a making. Raises one of `BROKEN` for anything else."""
        name, made = value["name"], value["made"]
        if not isinstance(name, str) or not isinstance(made, dict):
            raise ValueError("not a making")
        self._made[name] = Provenance.from_json({k: made[k] for k in made if k not in OWN})

    def provenance(self, value: Any, medium: Any) -> Provenance | None:
        """What a reference stands for. Raises one of `BROKEN` for anything else.

        One that is lost (its line is damaged) becomes that of a generator that nobody knows: what
        a generator made is never taken for a person's own.
        """
        if value is None or "generator" in value:  # as format 1 has it
            return None if value is None else Provenance.from_json(value)
        own = {key: value.get(key, False) for key in OWN}
        key = (value["made"], *own.values())
        if key not in self._kept:
            made = self._made.get(value["made"])
            if made is None:
                return Provenance(medium=medium, generator="unknown").own(**own)
            self._kept[key] = made.own(**own)
        return self._kept[key]

    def item(self, value: Any) -> Item:
        """An item of its JSON. Raises one of `BROKEN` for anything else."""
        return Item.from_json(self._with_provenance(value))

    def record(self, value: Any) -> CandidateRecord:
        """A candidate of its JSON. Raises one of `BROKEN` for anything else."""
        return CandidateRecord.from_json(self._with_provenance(value))

    def step(self, value: Any, board: Board, *, backward: bool = False) -> Command:
        """A command of its JSON, for the board before it, or after it when read backward.

        Raises one of `BROKEN` for anything else, and when it does not fit the board.
        """
        items = {item.id: item for item in self._items(value, "gone" if backward else "new")}
        before: dict[str, Item | None] = {}
        after: dict[str, Item | None] = {}
        there, away = (before, after) if backward else (after, before)
        for id, item in items.items():
            there[id], away[id] = item, None
        for id in value.get("new" if backward else "gone", ()):
            there[id], away[id] = None, board.item(id)
        for id in value.get("kept", ()):
            before[id] = after[id] = board.item(id)
        from_, to = ("now", "was") if backward else ("was", "now")
        for id, item, changed in self._changed(value, board, from_, to, strict=True):
            away[id], there[id] = item, changed
        order = (Order.from_json(value["order"]) or None) if "order" in value else None
        return Command(read_kind(value), before, after, order, *read_words(value))

    def what_fits(self, value: Any, board: Board) -> Command:
        """As `step`, forward, on a board that lost steps before it: whatever can be done of it.

        Who is not there cannot go or change; the others become what they became.
        """
        after: dict[str, Item | None] = {item.id: item for item in self._items(value, "new")}
        after |= dict.fromkeys(value.get("gone", ()))
        for id, _item, changed in self._changed(value, board, "was", "now", strict=False):
            after[id] = changed
        order = (Order.from_json(value["order"]) or None) if "order" in value else None
        return fitted(Command(read_kind(value), {}, after, order, *read_words(value)), board)

    def _items(self, value: Any, name: str) -> Iterator[Item]:
        there = value.get(name, ())
        return map(self.item, tables.rows(there) if isinstance(there, Mapping) else there)

    def _with_provenance(self, value: Any) -> Any:
        if not isinstance(value, Mapping):
            raise ValueError("neither an item nor a candidate")
        content = value.get("content")
        medium = content.get("medium") if isinstance(content, Mapping) else None
        return dict(value) | {"provenance": self.provenance(value.get("provenance"), medium)}

    def _changed(
        self, value: Any, board: Board, from_: str, to: str, *, strict: bool
    ) -> Iterator[tuple[str, Item, Item]]:
        """For each row of the tables: the id, the item that is there, and what becomes of it."""
        for table in value.get("changed", ()):
            names, ids = tuple(table["fields"]), table["ids"]
            if not set(names) <= set(_names) or not names:
                raise ValueError("a step changes fields that are none")
            items = [board.item(id) if strict else board.get(id) for id in ids]
            columns, former = (
                [self._column(*each, items) for each in zip(names, table[side], strict=True)]
                for side in (to, from_)
            )
            if any(len(column) != len(ids) for column in (*columns, *former)):
                raise ValueError("a table of changes has rows of several lengths")
            for number, (id, item) in enumerate(zip(ids, items, strict=True)):
                if item is None:
                    continue
                if strict and any(
                    getattr(item, name) != column[number]
                    for name, column in zip(names, former, strict=True)
                ):
                    raise ValueError("the step does not fit the board")
                new = {name: column[number] for name, column in zip(names, columns, strict=True)}
                yield id, item, item.changed(new)

    def _column(self, name: str, values: Any, items: Sequence[Item | None]) -> list[Any]:
        if not isinstance(values, list):
            raise ValueError("not a column of values")
        if name == "provenance":
            media = [item.medium if item is not None else "image" for item in items]
            return [self.provenance(*each) for each in zip(values, media, strict=True)]
        if name in ("content", "mask"):
            return [None if value is None else Content.from_json(value) for value in values]
        return values


def _sorted_out(
    command: Command,
) -> tuple[list[Item], list[Item], dict[tuple[str, ...], list[tuple[Item, Item]]], list[str]]:
    """Who comes, who goes, who changes in which fields, and who is only named."""
    new: list[Item] = []
    gone: list[Item] = []
    kept: list[str] = []
    stay: list[tuple[Item, Item]] = []
    for id, item in command.before.items():
        other = command.after[id]
        if item is other:
            kept.append(id)
        elif item is None or other is None:
            new += [other] if other is not None else []
            gone += [item] if item is not None else []
        else:
            stay.append((item, other))
    changed = _differing(stay)
    kept += [item.id for item, _other in changed.pop((), ())]
    return new, gone, changed, kept


def _differing(
    pairs: Sequence[tuple[Item, Item]],
) -> dict[tuple[str, ...], list[tuple[Item, Item]]]:
    """Pairs by the names of the fields in which one is another than the other."""
    was, now = (columns(side) for side in zip(*pairs, strict=True)) if pairs else ({}, {})
    # Column by column: of thousands, nearly all fields are the same.
    odd = [name for name in _names if pairs and was[name] != now[name]]
    found: dict[tuple[str, ...], list[tuple[Item, Item]]] = {}
    for number, pair in enumerate(pairs):
        names = tuple(name for name in odd if was[name][number] != now[name][number])
        found.setdefault(names, []).append(pair)
    return found


def read_back(
    steps: Sequence[Any], position: int, board: Board, makings: Makings
) -> tuple[list[Command], int, int]:
    """The commands of a history around a board, their position, and how many old ones are lost.

    Those before `position` are read backward, the others forward, each fitting the board that the
    one beside it left. Reading ends where one does not.
    """
    done: list[Command] = []
    draft = board.draft()
    for value in reversed(steps[:position]):
        try:
            command = makings.step(value, draft, backward=True)
            command.inverse.apply(draft)
        except BROKEN:
            break
        done.append(command)
    undone: list[Command] = []
    draft = board.draft()
    for value in steps[position:]:
        try:
            command = makings.step(value, draft)
            command.apply(draft)
        except BROKEN:
            break
        undone.append(command)
    return done[::-1] + undone, len(done), len(steps) - len(done) - len(undone)


def fitted(command: Command, board: Board) -> Command:
    """A command for a board on which steps before it are missing: whatever can be done of it.

    Who is not there cannot go; all others become what they became. Raises `ValueError` when
    nothing can be done.
    """
    after = {id: item for id, item in command.after.items() if item is not None or id in board}
    before = {id: board.get(id) for id in after}
    gone = {id for id, item in after.items() if item is None}
    come = {id for id, item in after.items() if item is not None and id not in board}
    wanted = command.order or Order()
    into = tuple(each for each in wanted.into if each[1] in come or each[1] in board)
    ids = Order((), into).forced([id for id in board.ids if id not in gone])
    ids += come.difference(ids)
    order = Order.between(board.ids, ids) or None
    if not after and order is None:
        raise ValueError("nothing of the step can be done")
    return Command(command.kind, before, after, order, command.label, command.candidates)


def all_ids(commands: Iterable[Command]) -> Iterator[str]:
    """The ids of all items that were ever in these commands."""
    for command in commands:
        yield from command.after
