"""The candidate tray: results that wait beside the canvas to be accepted or thrown away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal

from aigc_studio.project import commands, placing
from aigc_studio.project.board import Board, Item, mask_fits
from aigc_studio.project.commands import Command
from aigc_studio.project.content import Content
from aigc_studio.project.manifests import is_digest
from aigc_studio.project.provenance import Provenance
from aigc_studio.translation import Localized, _

if TYPE_CHECKING:
    from aigc_studio.project.history import History

Use = Literal["add", "replace"]

Place = tuple[float, float, float, float]
"""Left, top, width and height in board units."""


@dataclass(frozen=True)
class CandidateRecord:
    """A candidate with all that accepting it needs.

    `use`: `add` puts a new item beside the item `target` (or into free room), `replace` gives
    `target` the new content, as long as it is there. `latent` is the digest of a stored latent.
    `probability` is in 0 to 1. Those of one `strip` are a sequence in the order of `position`.
    """

    id: str
    content: Content
    provenance: Provenance | None = None
    title: Localized = ""
    latent: str = ""
    probability: float | None = None
    strip: str = ""
    position: int = 0
    target: str = ""
    use: Use = "add"

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        value = {each.name: getattr(self, each.name) for each in fields(self)}
        value["content"] = self.content.to_json()
        value["provenance"] = self.provenance.to_json() if self.provenance else None
        value["title"] = self.title if isinstance(self.title, str) else dict(self.title)
        return value

    @classmethod
    def from_json(cls, value: Any) -> CandidateRecord:
        """Read what `to_json` gave. Raises `ValueError` for anything else."""
        if not isinstance(value, Mapping):
            raise ValueError("not a candidate")
        known = {key: value[key] for key in {each.name for each in fields(cls)} & set(value)}
        known["content"] = Content.from_json(known.get("content"))
        if known.get("provenance") is not None:
            known["provenance"] = Provenance.from_json(known["provenance"])
        try:
            record = cls(**known)
        except TypeError as error:
            raise ValueError(f"not a candidate: {error}") from error
        _check(record)
        return record


class CandidateTray:
    """The candidates of a project, written to the session before they are shown.

    `keep` appends an entry to the journal; `changed` tells the window. A candidate waits until a
    command that accepts it is done; undoing that command brings it back.
    """

    def __init__(
        self,
        board: Board,
        history: History,
        keep: Callable[..., None],
        changed: Callable[[], None],
    ) -> None:
        self._board = board
        self._history = history
        self._keep = keep
        self._changed = changed
        self._records: dict[str, CandidateRecord] = {}
        self._discarded: set[str] = set()
        self._count = 0
        self.fit: Callable[[Command], Command] = lambda command: command
        """Completes what accepts: whoever shows the board knows how high a text is."""

    def new_id(self) -> str:
        """An id that no candidate of this project has or had: `c7`."""
        self._count += 1
        return f"c{self._count}"

    def add(self, *records: CandidateRecord) -> None:
        """Keep candidates whose content is in the store, then show them. Raises `StudioError`."""
        self._keep(*({"op": "candidate", "record": record.to_json()} for record in records))
        for record in records:
            self.note(record)
        self._changed()

    def list(self) -> tuple[CandidateRecord, ...]:
        """Those that wait, in the order they came."""
        gone = self._discarded | self._accepted()
        return tuple(record for id, record in self._records.items() if id not in gone)

    def discarded(self) -> tuple[CandidateRecord, ...]:
        """The bin: those that were thrown away since the project was opened."""
        gone = self._discarded - self._accepted()
        return tuple(record for id, record in self._records.items() if id in gone)

    def record(self, id: str) -> CandidateRecord:
        """The candidate with this id, wherever it is. Raises `KeyError`."""
        return self._records[id]

    def discard(self, *ids: str) -> None:
        """Throw candidates into the bin."""
        self._keep({"op": "discard", "ids": list(ids)})
        self._discarded.update(ids)
        self._changed()

    def restore(self, *ids: str) -> None:
        """Take candidates out of the bin again."""
        self._keep({"op": "restore", "ids": list(ids)})
        self._discarded.difference_update(ids)
        self._changed()

    def accept(
        self, *ids: str, places: Mapping[str, Place] | None = None, use: Use | None = None
    ) -> Command:
        """The one command that accepts these candidates; they leave the tray when it is done.

        `places` says where new items go; `placing` finds a place for the others. `use` overrides
        what each record says.
        """
        draft = self._board.draft()
        made: list[Command] = []
        taken: set[str] = set()
        for id in ids:
            record = self._records[id]
            # Only one can take the place of an item; the others go beside it, and none is lost.
            used = "add" if record.target in taken else use or record.use
            command = _acceptance(draft, replace(record, use=used), (places or {}).get(id))
            command.apply(draft)
            made.append(command)
            taken |= {record.target} if command.kind == "regenerate" else set()
        kind = "regenerate" if all(each.kind == "regenerate" for each in made) else "accept"
        return self.fit(commands.grouped(made, kind))

    def note(self, record: CandidateRecord) -> None:
        """Take in a candidate that is on disk already."""
        self._records[record.id] = record
        number = record.id.removeprefix("c")
        if number.isascii() and number.isdigit() and len(number) < 16:
            self._count = max(self._count, int(number))

    def note_discarded(self, ids: Iterable[str], discarded: bool) -> None:
        """Take in from the journal that candidates went into the bin, or came out of it."""
        (self._discarded.update if discarded else self._discarded.difference_update)(ids)

    def to_save(self) -> Sequence[CandidateRecord]:
        """Those that a project file keeps: all but the bin; accepted ones, for undo, too."""
        gone = self._discarded - self._accepted()
        return [record for id, record in self._records.items() if id not in gone]

    def _accepted(self) -> set[str]:
        done = self._history.commands[: self._history.position]
        return {id for command in done for id in command.candidates}


def item_of(record: CandidateRecord, id: str, place: Place) -> Item:
    """The new item that a candidate becomes."""
    return Item(
        id, _name(record), record.content, *place,
        provenance=record.provenance, latent=record.latent,
    )  # fmt: skip


def replaced(item: Item, record: CandidateRecord) -> Item:
    """The item with the candidate's content, where it is and as wide as it is.

    A picture of other proportions keeps its middle. A mask goes when it no longer fits, and when
    it is what the candidate was made with: it must not limit what is asked for next.
    """
    width, height, mask = item.width, item.height, item.mask
    if record.content.medium == "image" and item.medium == "image":
        new, old = record.content.info, item.content.info
        if new["width"] * old["height"] != new["height"] * old["width"]:
            height = width * new["height"] / new["width"]
    made_by = record.provenance
    was_used = made_by is not None and (made_by.selection or {}).get("kind") == "mask"
    if mask is not None and (was_used or not mask_fits(mask, record.content)):
        mask = None
    return replace(
        item,
        content=record.content,
        y=item.y + (item.height - height) / 2,
        height=height,
        mask=mask,
        provenance=record.provenance,
        latent=record.latent,
    )


def _acceptance(board: Board, record: CandidateRecord, place: Place | None) -> Command:
    target = board.get(record.target)
    if record.use == "replace" and target is not None:
        changed = {target.id: replaced(target, record)}
        command = commands.change_items(board, changed, "regenerate")
    else:
        size = placing.natural_size(record.content)
        place = place or (*placing.free_place(board, size, target), *size)
        item = item_of(record, board.new_ids(1)[0], place)
        command = commands.add_items(board, [item], kind="accept")
    return replace(command, candidates=(record.id,))


def _name(record: CandidateRecord) -> str:
    from aigc_studio.translation import localized

    made_by = record.provenance
    words = " ".join((made_by.prompt if made_by else "").split())
    if localized(record.title) or words:
        return localized(record.title) or words[:40]
    names = {"image": _("Picture"), "text": _("Text"), "melody": _("Melody")}
    return names[record.content.medium]


def _check(record: CandidateRecord) -> None:
    texts = (record.id, record.latent, record.strip, record.target)
    well = all(isinstance(text, str) for text in texts) and record.id
    title = record.title
    titled = isinstance(title, str) or (
        isinstance(title, Mapping) and all(isinstance(part, str) for part in title.values())
    )
    number = record.probability
    in_range = number is None or (type(number) in (int, float) and 0 <= number <= 1)
    if not (well and titled and in_range) or record.use not in ("add", "replace"):
        raise ValueError("not a candidate")
    if type(record.position) is not int or (record.latent and not is_digest(record.latent)):
        raise ValueError("not a candidate")
