"""A project file of which a part is damaged: what can be read is opened, and the rest says so.

A tile that cannot be read is hatched, a text is kept as far as it goes, a tune becomes bars of
rest, a mask or a latent goes, a candidate is left out. The same is done to every state of the
history, so that undo still fits the board.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache

from aigc_studio.api.artifacts import Text
from aigc_studio.api.errors import StudioError
from aigc_studio.api.melody import Melody
from aigc_studio.project.budget import states
from aigc_studio.project.candidates import CandidateRecord
from aigc_studio.project.commands import Command
from aigc_studio.project.content import Content, ContentStore
from aigc_studio.project.items import Item
from aigc_studio.project.joining import Base
from aigc_studio.project.tiles import TILE, Tile
from aigc_studio.translation import _, ngettext


@cache
def hatched() -> bytes:
    """The pixels of a tile that could not be read: grey stripes, to be seen on every ground."""
    import numpy as np

    row, column = np.indices((TILE, TILE))
    pixels = np.full((TILE, TILE, 4), 255, np.uint8)
    pixels[..., :3] = np.where((row + column) % 32 < 4, 96, 208)[..., None]
    return pixels.tobytes()


class Mending:
    """Replaces what is damaged in a store. `remarks` has a sentence for each thing that was shown,
    `read` the files that were read and found whole.

    What is shown is read and compared with its digest; what only undo needs must be there. Files
    that are `whole` are taken for that unread.
    """

    def __init__(
        self, store: ContentStore, whole: Container[tuple[str, str]] = frozenset()
    ) -> None:
        self.store = store
        self._whole = whole
        self.remarks: list[str] = []
        self.read: set[tuple[str, str]] = set()
        self._mended: dict[tuple[str, str, str], tuple[Content, str]] = {}
        self._masks: dict[tuple[str, str, str], tuple[Content | None, str]] = {}
        self._latents: dict[str, bool] = {}

    def items(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        """The items of the board, mended, each that was damaged with a remark."""
        return tuple(self._item(item, shown=True) for item in items)

    def candidates(self, records: Sequence[CandidateRecord]) -> tuple[CandidateRecord, ...]:
        """The candidates that are whole; one that only lost its latent is."""
        whole = []
        for record in records:
            if self._content(record.content, shown=True)[0] is record.content:
                kept = record.latent and self._is_whole_latent(record.latent)
                whole.append(record if kept else replace(record, latent=""))
        lost = len(records) - len(whole)
        if lost:
            self.remarks.append(lost_candidates(lost))
        # After all that is shown: what was found damaged there is gone.
        return tuple(replace(record, base=self._base(record.base)) for record in whole)

    def commands(self, commands: tuple[Command, ...]) -> tuple[Command, ...]:
        """The steps of the history, with their items mended as those of the board are."""
        if not self.has_mended and all(map(self._is_as_it_was, commands)):
            return commands
        return tuple(map(self._command, commands))

    @property
    def has_mended(self) -> bool:
        """Whether something of what was looked at was damaged."""
        found = [*self._mended.values(), *self._masks.values()]
        return any(reason for _content, reason in found) or not all(self._latents.values())

    def _is_as_it_was(self, command: Command) -> bool:
        return all(self._item(item, shown=False) is item for item in states(command))

    def _command(self, command: Command) -> Command:
        def mended(item: Item | None) -> Item | None:
            return item and self._item(item, shown=False)

        before = {id: mended(item) for id, item in command.before.items()}
        after = {id: mended(item) for id, item in command.after.items()}
        same = before == dict(command.before) and after == dict(command.after)
        return command if same else replace(command, before=before, after=after)

    def _base(self, base: Base | None) -> Base | None:
        """What an edit was asked of: all that it names must be there, or no file could be written.

        Of one that is damaged only what stands in for its content is left. Where that is shown, the
        result still takes its place; elsewhere nobody can say what was done meanwhile: beside.
        """
        if base is None:
            return None
        content, reason = self._content(base.content, shown=False)
        lost = self._mask(base.mask, shown=False)[1] if base.mask is not None else ""
        return Base(content, frame=base.frame) if reason or lost else base

    def _item(self, item: Item, *, shown: bool) -> Item:
        content, reason = self._content(item.content, shown=shown)
        reasons = [reason] if reason else []
        mask, latent = item.mask, item.latent
        if mask is not None:
            mask, reason = self._mask(mask, shown=shown)
            reasons += [reason] if reason else []
        if latent and not self._is_whole_latent(latent):
            latent = ""
            reasons.append(_("its latent is damaged and was left out"))
        if not reasons:
            return item
        if shown:
            told = "; ".join(reasons)
            self.remarks.append(_("“{name}”: {reason}.").format(name=item.name, reason=told))
        changed = content is not item.content
        name = _("{name} (damaged)").format(name=item.name) if changed else item.name
        made = item.provenance
        if made is not None and changed:
            made = made.edited_by_hand()
        return replace(item, name=name, content=content, mask=mask, latent=latent, provenance=made)

    def _content(self, content: Content, *, shown: bool) -> tuple[Content, str]:
        """The same content when it is whole, else what stands in for it; and what was wrong."""
        key = (content.medium, content.digest, repr(sorted(content.info.items())))
        if key not in self._mended:
            look = {"image": self._picture, "text": self._text, "melody": self._melody}
            self._mended[key] = look[content.medium](content, shown)
        mended, reason = self._mended[key]
        return (mended, reason) if reason else (content, "")  # an equal one is the same

    def _picture(self, content: Content, shown: bool) -> tuple[Content, str]:
        if (content.medium, content.digest) in self._whole:
            return content, ""
        try:
            self.store.verify_size(content)
            named = self.store.tiles(content)
        except StudioError:
            self._remove(content.medium, content.digest)
            width, height = content.info["width"], content.info["height"]
            everywhere = dict.fromkeys(_places(width, height), hatched())
            blank = self.store.put_blank(width, height)
            return self.store.put_tiles(blank, everywhere), _("the picture is damaged")
        bad = [place for place, digest in named.items() if not self._is_whole_tile(digest, shown)]
        if not bad:
            return content, ""
        reason = ngettext(
            "{count} of the {total} tiles of the picture is damaged and hatched now",
            "{count} of the {total} tiles of the picture are damaged and hatched now",
            len(bad),
        ).format(count=len(bad), total=len(named))
        return self.store.put_tiles(content, dict.fromkeys(bad, hatched())), reason

    def _mask(self, mask: Content, *, shown: bool) -> tuple[Content | None, str]:
        """The mask, without what cannot be read of it: nothing is selected there."""
        key = ("mask", mask.digest, repr(sorted(mask.info.items())))
        if key not in self._masks:
            self._masks[key] = self._mended_mask(mask, shown)
        mended, reason = self._masks[key]
        return (mended, reason) if reason else (mask, "")

    def _mended_mask(self, mask: Content, shown: bool) -> tuple[Content | None, str]:
        lost = _("its mask is damaged and was left out")
        if (mask.medium, mask.digest) in self._whole:
            return mask, ""
        try:
            self.store.verify_size(mask)
            named = self.store.tiles(mask)
        except StudioError:
            self._remove(mask.medium, mask.digest)
            return None, lost
        bad = [place for place, digest in named.items() if not self._is_whole_tile(digest, shown)]
        if len(bad) == len(named):
            return (None, lost) if bad else (mask, "")
        if not bad:
            return mask, ""
        black = bytes((0, 0, 0, 255)) * (TILE * TILE)
        mended = self.store.put_tiles(mask, dict.fromkeys(bad, black))
        return mended, _("a part of its mask is damaged: nothing is selected there")

    def _text(self, content: Content, shown: bool) -> tuple[Content, str]:
        if self._is_whole(content, shown):
            return content, ""
        left = b""
        with suppress(StudioError):
            left = self.store.read("text", content.digest)
        self._remove("text", content.digest)
        if left:
            kept = Text(left.decode("utf-8", "replace"))
            return self.store.put(kept), _("the text is damaged, and here as far as it goes")
        lost = _("This text is damaged and could not be read.")
        return self.store.put(Text(lost)), _("the text is damaged")

    def _melody(self, content: Content, shown: bool) -> tuple[Content, str]:
        if self._is_whole(content, shown):
            return content, ""
        self._remove("melody", content.digest)
        try:
            rest = Melody(length=content.info.get("length", 0))
        except ValueError:
            rest = Melody()
        return self.store.put(rest), _("the melody is damaged: there are rests in its place")

    def _is_whole(self, content: Content, shown: bool) -> bool:
        if (content.medium, content.digest) in self._whole:
            return True
        if shown:
            return self._found(content.medium, content.digest, lambda: self.store.get(content))
        return _works(lambda: self.store.require(content.medium, content.digest))

    def _is_whole_tile(self, digest: str, shown: bool) -> bool:
        if ("tile", digest) in self._whole:
            return True
        if not shown:
            return _works(lambda: self.store.require("tile", digest))
        if self._found("tile", digest, lambda: self.store.tile(digest)):
            return True
        self._remove("tile", digest)
        return False

    def _is_whole_latent(self, digest: str) -> bool:
        if ("latent", digest) in self._whole:
            return True
        if digest not in self._latents:
            self._latents[digest] = self._found("latent", digest, lambda: self.store.latent(digest))
            if not self._latents[digest]:
                self._remove("latent", digest)
        return self._latents[digest]

    def _found(self, kind: str, digest: str, read: Callable[[], object]) -> bool:
        """Whether a file was read and is whole; noted, so that nobody has to look again."""
        if not _works(read):
            return False
        self.read.add((kind, digest))
        return True

    def _remove(self, kind: str, digest: str) -> None:
        """Or the whole one, put there again some day, would not be written."""
        self.store.drop(kind, digest)


def lost_candidates(count: int) -> str:
    """The sentence on candidates that cannot be shown any more."""
    return ngettext(
        "{count} candidate that waited is damaged and was left out.",
        "{count} candidates that waited are damaged and were left out.",
        count,
    ).format(count=count)


def _works(read: Callable[[], object]) -> bool:
    try:
        read()
    except StudioError:
        return False
    return True


def _places(width: int, height: int) -> Iterator[Tile]:
    for row in range(-(-height // TILE)):
        for column in range(-(-width // TILE)):
            yield column, row
