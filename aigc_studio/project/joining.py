"""Bringing the result of an edit onto what is there now, which may not be what it was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from aigc_studio.api.artifacts import Text
from aigc_studio.api.errors import StudioError
from aigc_studio.api.melody import Melody
from aigc_studio.api.selections import Bars, Mask, Selection, Span
from aigc_studio.project import following
from aigc_studio.project.content import Content, ContentStore
from aigc_studio.project.items import Item, mask_fits
from aigc_studio.project.tiles import EMPTY, TILE, Tile

if TYPE_CHECKING:
    import numpy as np

    from aigc_studio.project.commands import Command

    Pixels = np.ndarray[Any, np.dtype[np.uint8]]

Part = Span | Bars
Problem = Literal["", "gone", "whole", "shape", "part"]
"""Why a result cannot take its place: what it was made from is not there; it is a result of all of
it, and that was changed; its mask fits no more; the selected part was changed."""

_stay = frozenset({"paint", "erase", "regenerate", "accept"})
"""The kinds of command that give a picture other pixels and leave each where it is."""


@dataclass(frozen=True)
class Base:
    """What an edit was asked of: the content, and what of it was selected.

    `mask` is the L picture that selected pixels, `part` the span or the bars; neither when all of
    it was to be edited. `frame` is the person's own rectangle: left, top, right, bottom in pixels.
    """

    content: Content
    mask: Content | None = None
    part: Part | None = None
    frame: tuple[int, int, int, int] | None = None

    @classmethod
    def of(
        cls,
        item: Item,
        selection: Selection | None,
        frame: tuple[int, int, int, int] | None = None,
    ) -> Base:
        """An item as it is, and what of it is selected; a mask is the item's own."""
        mask = item.mask if isinstance(selection, Mask) else None
        part = selection if isinstance(selection, Span | Bars) else None
        return cls(item.content, mask, part, frame)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        kind = "span" if isinstance(self.part, Span) else "bars"
        return {
            "content": self.content.to_json(),
            "mask": self.mask.to_json() if self.mask else None,
            "part": {"kind": kind, **vars(self.part)} if self.part else None,
            "frame": list(self.frame) if self.frame else None,
        }

    @classmethod
    def from_json(cls, value: Any) -> Base:
        """Read what `to_json` gave. Raises `ValueError` for anything else."""
        if not isinstance(value, Mapping):
            raise ValueError("not a base")
        mask, frame = value.get("mask"), value.get("frame")
        if frame is not None and not (_whole_numbers(frame) and len(frame) == 4):
            raise ValueError("not a base")
        return cls(
            Content.from_json(value.get("content")),
            Content.from_json(mask) if mask is not None else None,
            part_from_json(value.get("part")),
            tuple(frame) if frame is not None else None,
        )


def part_from_json(value: Any) -> Part | None:
    """A span or bars as a provenance writes them; None for None and for a mask.

    Raises `ValueError` for anything else.
    """
    if value is None:
        return None
    kind = value.get("kind") if isinstance(value, Mapping) else None
    names = {"span": ("start", "stop"), "bars": ("first", "last"), "mask": ()}.get(str(kind))
    numbers = [value.get(name) for name in names] if names is not None else None
    if numbers is None or not _whole_numbers(numbers):
        raise ValueError(f"not a part: {value!r:.80}")
    if kind == "mask":
        return None
    return Span(*numbers) if kind == "span" else Bars(*numbers)


@dataclass(frozen=True)
class Joined:
    """A result in its place: the whole content, and where the new part lies in it (not for masks).

    `content` is None when it cannot take its place, and `problem` says why.
    """

    content: Content | None
    part: Part | None = None
    problem: Problem = ""


def join(
    store: ContentStore, base: Base, result: Content, item: Item, turned: bool | None
) -> Joined:
    """Bring a result made from `base` onto what `item` shows now; all else of it is kept.

    A picture takes the result where the mask is, blended as far as the mask says. A span or bars
    are replaced where they are now, if nobody has touched them. A result that stands for all of
    what was asked of fits only when nothing was changed. `turned` says that the picture was
    cropped, flipped or turned since, None that nobody knows. Reads and writes the store, from any
    thread.
    """
    if item.content == base.content:
        return Joined(result, _part_of(base, result))
    if item.medium != base.content.medium or item.medium != result.medium:
        return Joined(None, problem="whole")
    try:
        if base.mask is not None:
            return _join_picture(store, base, base.mask, result, item, turned)
        if isinstance(base.part, Span):
            return _join_text(store, base.content, base.part, result, item.content)
        if isinstance(base.part, Bars):
            return _join_melody(store, base.content, base.part, result, item.content)
    except StudioError:
        # What it was made from cannot be read any more: the result itself can.
        return Joined(None, problem="part")
    return Joined(None, problem="whole")


def was_turned(done: Sequence[Command], id: str, base: Content) -> bool | None:
    """Whether an item may have been cropped, flipped or turned since it last showed `base`.

    These commands led to what it shows now. None when they do not go back to `base`: the oldest
    steps are left out of a file, a history may be damaged, a step undone. Then nobody knows.
    """
    for command in reversed(done):
        if id not in command.after:
            continue
        before, after = command.before[id], command.after[id]
        if after is not None and after.content == base:
            return False
        if before is None or after is None:
            return None
        if _may_move(command.kind, before, after):
            return True
        if before.content == base:
            return False
    return None


def _may_move(kind: str, before: Item, after: Item) -> bool:
    """Whether a step may have moved the pixels of a picture to other places."""
    if before.content == after.content:
        return False
    sizes = [
        (item.content.info.get("width"), item.content.info.get("height"))
        for item in (before, after)
    ]
    return kind not in _stay or sizes[0] != sizes[1]


def _part_of(base: Base, result: Content) -> Part | None:
    part = base.part
    if isinstance(part, Span):
        longer = result.info.get("length", 0) - base.content.info.get("length", 0)
        return Span(part.start, max(part.start, part.stop + longer))
    return part


def _join_text(
    store: ContentStore, base: Content, span: Span, result: Content, current: Content
) -> Joined:
    texts = [store.get(content) for content in (base, result, current)]
    before, made, now = (text for text in texts if isinstance(text, Text))
    head, tail = before.value[: span.start], before.value[span.stop :]
    around = len(head) + len(tail)
    place = find_span(before.value, span, now.value)
    kept = made.value.startswith(head) and made.value.endswith(tail) and len(made) >= around
    if place is None or not kept:
        return Joined(None, problem="part")
    words = made.value[len(head) : len(made) - len(tail)]
    joined = store.put(now.replaced(place, words))
    return Joined(joined, Span(place.start, place.start + len(words)))


def find_span(before: str, span: Span, now: str) -> Span | None:
    """Where a span of a text lies after the text was changed; None when that cannot be said.

    Its characters must be as they were (`following.find`).
    """
    place = following.find(before, now, (span.start, span.stop))
    return Span(*place) if place is not None else None


def _join_melody(
    store: ContentStore, base: Content, bars: Bars, result: Content, current: Content
) -> Joined:
    tunes = [store.get(content) for content in (base, result, current)]
    before, made, now = (tune for tune in tunes if isinstance(tune, Melody))
    if made.length > before.length and made.bar_count > before.bar_count:
        return Joined(None, problem="part")  # it has new bars, which have no place here any more
    if not _same_place(before, now, bars) or not _same_place(before, made, bars):
        return Joined(None, problem="part")
    old, part, kept = before.part(bars), made.part(bars), now.part(bars)
    if part.tempos == old.tempos:
        part = replace(part, tempos=kept.tempos)
    elif kept.tempos != old.tempos:
        return Joined(None, problem="part")
    if kept.notes != old.notes:
        return Joined(None, problem="part")
    return Joined(store.put(now.replaced(bars, part)), bars)


def _same_place(one: Melody, other: Melody, bars: Bars) -> bool:
    """Whether bars have the same bar lines in two melodies."""
    if one.ticks_per_quarter != other.ticks_per_quarter:
        return False
    lines = [melody.bars[bars.first - 1 : bars.last] for melody in (one, other)]
    return lines[0] == lines[1] and len(lines[0]) == bars.last - bars.first + 1


def _join_picture(
    store: ContentStore, base: Base, mask: Content, result: Content, item: Item, turned: bool | None
) -> Joined:
    current = item.content
    fits = mask_fits(mask, current) and mask_fits(mask, result) and mask_fits(mask, base.content)
    if turned or not fits:
        return Joined(None, problem="shape")
    if turned is None:
        return Joined(None, problem="whole")
    old, new, now = (store.tiles(content) for content in (base.content, result, current))
    empty: dict[str, bool] = {}
    changes: dict[Tile, bytes] = {}
    # Tile by tile, and only those that the mask touches: a picture may have 16 million pixels.
    for key, digest in store.tiles(mask).items():
        if digest not in empty:
            empty[digest] = not _pixels(store, digest)[..., 0].any()
        if empty[digest]:
            continue
        before, made, there = (_pixels(store, tiles.get(key)) for tiles in (old, new, now))
        weight = _pixels(store, digest)[..., 0]
        changes[key] = _blended(before, made, there, weight).tobytes()
    return Joined(store.put_tiles(current, changes))


def _pixels(store: ContentStore, digest: str | None) -> Pixels:
    import numpy as np

    data = store.tile(digest) if digest is not None else EMPTY
    return np.frombuffer(data, np.uint8).reshape(TILE, TILE, 4)


def _blended(old: Pixels, new: Pixels, now: Pixels, weight: Pixels) -> Pixels:
    """`now` where the weight is 0, `new` where it is 255, and between them what was done to `old`.

    `new` holds the result blended with `old` already: the difference of `now` and `old` counts as
    far as `old` counted. Colours weigh by their alpha.
    """
    import numpy as np

    partly = (weight > 0) & (weight < 255) & (old != now).any(axis=2)
    joined = np.where((weight == 0)[..., None], now, new)
    if not partly.any():
        return joined
    before, made, current = (each[partly].astype(np.float64) for each in (old, new, now))
    left = (255.0 - weight[partly].astype(np.float64))[:, None] / 255.0
    for pixels in (before, made, current):
        pixels[:, :3] *= pixels[:, 3:] / 255.0
    mixed = made + (current - before) * left
    alpha = np.clip(mixed[:, 3:], 0.0, 255.0)
    mixed[:, :3] *= 255.0 / np.maximum(alpha, 1e-9)
    mixed[:, 3:] = alpha
    joined[partly] = np.clip(np.rint(mixed), 0, 255).astype(np.uint8)
    return joined


def _whole_numbers(values: Any) -> bool:
    return isinstance(values, list | tuple) and all(type(value) is int for value in values)
