"""Examples that are there twice: to no use, under two labels, or in both parts of the split."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from aigc_studio.api import Artifact, Image, Melody, Text
from aigc_studio.library.drafts import Draft
from aigc_studio.library.known import Known, Refusal, Sifted, known_text
from aigc_studio.library.sources import Source, is_table
from aigc_studio.translation import _

_MOST_SHOWN = 24


@dataclass(slots=True)
class _First:
    """The first of equal examples: the row of its file, and its number among those kept."""

    row: int
    number: int
    count: int
    name: str
    label: str
    part: str
    clashed: bool = False


@dataclass
class Twins:
    """Sifts the drafts of one file after another.

    `retracted` are the numbers of drafts that were kept first, and whose label another contradicts:
    neither counts. `undone` says how many drafts that is of which row, and why. `clashes` and
    `leaks` are what to tell of the contradictions, and of what lay in both parts; `same` is how
    often something was there again. Where all of it is to join what is `known`, that is passed over
    first: `passed` counts it, `told` is a remark on the last file, and `relabelled` names what is
    known under another label.
    """

    known: Known | None = None
    passed: int = 0
    told: tuple[str, ...] = ()
    relabelled: list[str] = field(default_factory=list)
    retracted: set[int] = field(default_factory=set)
    undone: dict[int, tuple[int, Refusal]] = field(default_factory=dict)
    clashes: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    same: int = 0
    _seen: dict[bytes, _First] = field(default_factory=dict)
    _row: int = -1
    _kept: int = 0

    def sift(self, source: Source, drafts: Sequence[Draft]) -> tuple[list[Draft], Refusal | None]:
        """The drafts of the next file that are to be used; and why, when none of them is."""
        self._row += 1
        self.told = ()
        kept: list[Draft] = []
        refusal = None
        if self.known is not None:
            sifted = self.known.sift(source, drafts)
            drafts, refusal = self._pass_over(sifted), sifted.refusal
        for unit in _units(source, drafts):
            refused = self._judge(source, unit)
            refusal = refused or refusal
            if refused is None:
                kept += unit
                self._kept += len(unit)
        return kept, None if kept else refusal

    def sift_long(self, source: Source, digest: bytes, label: str) -> Refusal | None:
        """Why the next file, a text that is not held in memory, is not to be used; else None, and
        its drafts come with `keep`. It is known by the `digest` of its bytes."""
        self._row += 1
        unit = [Draft(Text(""), label, source=source.name, split=source.split)]
        return self._judge(source, unit, digest[:16])

    def unknown(self, drafts: list[Draft]) -> tuple[list[Draft], Refusal | None]:
        """What of some drafts of the long text that is read now is not known yet; and why, when
        nothing is."""
        if self.known is None:
            return drafts, None
        sifted = self.known.sift_some(drafts)
        return self._pass_over(sifted), sifted.refusal

    def _pass_over(self, sifted: Sifted) -> list[Draft]:
        self.passed += sifted.known
        self.relabelled += sifted.clashes
        if sifted.known and sifted.kept and self.known is not None:
            self.told = (known_text(sifted.known, self.known.title),)
        return sifted.kept

    def keep(self, digest: bytes, count: int) -> None:
        """Count more drafts of the long text that is read now."""
        self._seen[digest[:16]].count += count
        self._kept += count

    def give_up(self, digest: bytes) -> None:
        """Take back all drafts of the long text that is read now: it cannot be read to its end."""
        first = self._seen.pop(digest[:16])
        self.retracted.update(range(first.number, first.number + first.count))

    def _judge(self, source: Source, unit: Sequence[Draft], digest: bytes = b"") -> Refusal | None:
        one = unit[0]
        key = digest or _key(unit)
        first = self._seen.get(key)
        if first is None:
            self._seen[key] = _First(
                self._row,
                self._kept,
                0 if digest else len(unit),
                one.source,
                one.label,
                one.split or "",
            )
            return None
        if first.clashed or (first.label and one.label and first.label != one.label):
            return self._clash(source, one, first)
        if first.part != (one.split or ""):
            return self._leak(one, first)
        if is_table(source):  # a table may say a thing twice
            return None
        self.same += 1
        reason = _("It is the same as {name}.").format(name=first.name)
        return Refusal(reason, _("Nothing to do: one of them is enough."))

    def _clash(self, source: Source, one: Draft, first: _First) -> Refusal:
        told = f"{first.name} ({first.label}), {one.source} ({one.label})"
        if isinstance(one.artifact, Text) and is_table(source):
            told = f"“{_short(one.artifact.value)}”: {told}"
        self.clashes.append(told)
        if not first.clashed:
            first.clashed = True
            self.retracted.update(range(first.number, first.number + first.count))
            count, _refusal = self.undone.get(first.row, (0, None))
            refusal = _contradiction(one.source, one.label, first.label)
            self.undone[first.row] = (count + first.count, refusal)
        return _contradiction(first.name, first.label, one.label)

    def _leak(self, one: Draft, first: _First) -> Refusal:
        self.leaks.append(f"{first.name}, {one.source}")
        if first.part == "test":
            reason = _("It is the same as {name}, which is held out.")
        else:
            reason = _("It is the same as {name}, which is trained on.")
        return Refusal(reason.format(name=first.name), _("Nothing to do: it counts once."))


def _contradiction(name: str, label: str, own: str) -> Refusal:
    reason = _(
        "It is the same as {name}, and the labels {label} and {own} contradict each other: neither "
        "is used."
    )
    remedy = _("Delete the one with the wrong label.")
    return Refusal(reason.format(name=name, label=label, own=own), remedy)


def _units(source: Source, drafts: Sequence[Draft]) -> Iterator[Sequence[Draft]]:
    """What is compared: the rows of a table that say something of their own, and tunes, else whole
    files.

    The sentences of a text are no examples of the label: *Yes.* stands in comedies and tragedies.
    """
    rows = is_table(source) and any(draft.label or draft.split for draft in drafts)
    if rows or any(isinstance(draft.artifact, Melody) for draft in drafts):
        yield from ([draft] for draft in drafts)
    elif drafts:
        yield drafts


def _key(unit: Sequence[Draft]) -> bytes:
    keys = [_content(draft.artifact) for draft in unit]
    return keys[0] if len(keys) == 1 else hashlib.sha256(b"".join(keys)).digest()[:16]


def _content(artifact: Artifact) -> bytes:
    """The same for pictures that look the same, whatever their files say of grey and opaque."""
    if isinstance(artifact, Image):
        pixels = artifact.pixels
        if artifact.mode == "RGBA" and (pixels[..., 3] == 255).all():
            pixels = pixels[..., :3]
        if pixels.shape[-1] == 3 and pixels.ndim == 3:
            red = pixels[..., :1]
            pixels = red[..., 0] if (pixels == red).all() else pixels
        data = repr(pixels.shape).encode() + pixels.tobytes()
        return hashlib.sha256(data).digest()[:16]
    return bytes.fromhex(artifact.digest)[:16]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST_SHOWN else f"{line[:_MOST_SHOWN]}…"
