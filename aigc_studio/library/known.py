"""What a dataset has already, when more is to join it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from aigc_studio.api import Artifact, Image, Text
from aigc_studio.api.dataset import encode
from aigc_studio.library.drafts import Draft
from aigc_studio.library.rows import Row, Rows, counted_labels
from aigc_studio.library.sources import Source, is_table
from aigc_studio.translation import _, ngettext


class Refusal(NamedTuple):
    """Why a file is not used, and what to do."""

    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Sifted:
    """What is left of the drafts of a file: those to use, how many are there already, and why, when
    none is left; `clashes` name those that are there under another label."""

    kept: list[Draft]
    known: int = 0
    refusal: Refusal | None = None
    clashes: tuple[str, ...] = ()


class Known:
    """The examples of a dataset that is called `title`: what is equal to one of them is there.

    One of a text counts as there where a file of the same name gave it, or all that its file gives
    came from one file: *Yes.* stands in many plays. A passage is never there by chance. `met`
    counts what was there.
    """

    def __init__(self, title: str, rows: Rows) -> None:
        self.title = title
        used = [row for row in rows if not row.get("excluded")]
        self.examples = len(used)
        self.met = 0
        self.labels = counted_labels((row["label"], 1) for row in used if row.get("label"))
        self.shapes = [tuple(row["shape"]) for row in used if "shape" in row]
        self._homes: dict[str, dict[str, Row]] = defaultdict(dict)
        for row in rows:
            self._homes[mark(row)].setdefault(row.get("source", ""), row)

    def has(self, row: Row) -> bool:
        """Whether just this content is there."""
        return mark(row) in self._homes

    def sift(self, source: Source, drafts: Sequence[Draft]) -> Sifted:
        """What of the drafts of one file is not there yet."""
        found = [self._find(draft) for draft in drafts]
        chance = _may_meet_by_chance(source, drafts)
        if chance and not self._from_one(found):
            found = [_only(rows, draft.source) for rows, draft in zip(found, drafts, strict=True)]
        return self._sifted(drafts, found)

    def sift_some(self, drafts: Sequence[Draft]) -> Sifted:
        """The same for some drafts of a text that is too long to be held in memory."""
        found = [self._find(draft) for draft in drafts]
        for at, draft in enumerate(drafts):
            if draft.passage is None:
                found[at] = _only(found[at], draft.source)
        return self._sifted(drafts, found)

    def _find(self, draft: Draft) -> Mapping[str, Row]:
        """The rows of the same content, one for each file that gave it; none for a new one."""
        marks = (each for each in _marks(draft.artifact) if each in self._homes)
        return self._homes.get(next(marks, ""), {})

    def _from_one(self, found: Sequence[Mapping[str, Row]]) -> bool:
        """Whether one file gave all of it."""
        return any(all(source in rows for rows in found) for source in (found[0] if found else ()))

    def _sifted(self, drafts: Sequence[Draft], found: Sequence[Mapping[str, Row]]) -> Sifted:
        pairs = list(zip(drafts, found, strict=True))
        kept = [draft for draft, rows in pairs if not rows]
        self.met += len(pairs) - len(kept)
        held = [(draft, next(iter(rows.values()))) for draft, rows in pairs if rows]
        clashes = tuple(_told(*each) for each in held if _clash(*each))
        refusal = self._refusal(*held[0]) if held and not kept else None
        return Sifted(kept, len(held), refusal, clashes)

    def _refusal(self, draft: Draft, row: Row) -> Refusal:
        name, own = row.get("source", ""), row.get("label", "")
        if _clash(draft, row):
            sentence = _("It is in “{data}” already, with the label {own} instead of {label}.")
            reason = sentence.format(data=self.title, own=own, label=draft.label)
            return Refusal(reason, _("Change the label there if it is wrong."))
        if row.get("excluded"):
            reason = _("It is in “{data}” already, where it is left out of use.")
            return Refusal(reason.format(data=self.title), _("Take it back there if it is wanted."))
        reason = _("It is in “{data}” already.")
        if name:
            reason = _("It is in “{data}” already, as {name}.")
        reason = reason.format(data=self.title, name=name)
        return Refusal(reason, _("Nothing to do: one of them is enough."))


def known_text(count: int, title: str) -> str:
    """How many examples of a file, or of all, are there already."""
    sentence = ngettext(
        "{count} example is in “{data}” already and is passed over.",
        "{count} examples are in “{data}” already and are passed over.",
        count,
    )
    return sentence.format(count=f"{count:,}", data=title)


def mark(row: Mapping[str, Any]) -> str:
    """What rows of the same content have in common, and no others."""
    return _joined(row["sha256"], row.get("shape", ()))


def _joined(digest: str, shape: Iterable[int]) -> str:
    return "×".join((digest, *map(str, shape)))


def _marks(artifact: Artifact) -> Iterator[str]:
    """The mark of an artifact, and those of others that look the same."""
    if not isinstance(artifact, Image):
        yield _joined(hashlib.sha256(encode(artifact)[0]).hexdigest(), ())
        return
    for each in _alike(artifact):
        yield _joined(hashlib.sha256(each.tobytes()).hexdigest(), each.shape)


def _alike(image: Image) -> Iterator[Any]:
    """The pixels of a picture as grey, as colour and with a ground that is opaque, if it is."""
    import numpy as np

    pixels = image.pixels
    if image.mode == "RGBA":
        if (pixels[..., 3] != 255).any():
            yield pixels
            return
        pixels = pixels[..., :3]
    elif image.mode == "L":
        pixels = np.repeat(pixels.reshape(*pixels.shape[:2], 1), 3, axis=2)
    grey = pixels[..., 0]
    if (pixels == pixels[..., :1]).all():
        yield np.ascontiguousarray(grey)
    yield np.ascontiguousarray(pixels)
    yield np.concatenate([pixels, np.full((*grey.shape, 1), 255, np.uint8)], axis=2)


def _may_meet_by_chance(source: Source, drafts: Sequence[Draft]) -> bool:
    """Whether these are pieces of a text, each of which others may have as well."""
    first = drafts[0] if drafts else None
    return (
        first is not None
        and isinstance(first.artifact, Text)
        and first.passage is None
        and not is_table(source)
    )


def _only(rows: Mapping[str, Row], source: str) -> Mapping[str, Row]:
    return {source: rows[source]} if source in rows else {}


def _clash(draft: Draft, row: Row) -> bool:
    own = row.get("label", "")
    return bool(own and draft.label and own != draft.label)


def _told(draft: Draft, row: Row) -> str:
    return f"{row.get('source', '')} ({row['label']}), {draft.source} ({draft.label})"
