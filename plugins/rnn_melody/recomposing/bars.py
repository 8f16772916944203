"""Recompose: marked bars made anew so that they join what stands before them and after them.

Candidates are chosen among drafts (`joining`), the one that joins best first, and each differs from
those before it and from what stood there. All that is no part of the recomposed voice stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from aigc_studio.api import (
    Bars,
    Candidate,
    EditRequest,
    Event,
    Melody,
    Message,
    Note,
    Progress,
)
from aigc_studio.toolkit import exactly, mixed_seed, parameters_of
from rnn_melody.composing.continuing import heard_style, unseen
from rnn_melody.composing.loudness import loudness_around
from rnn_melody.composing.pen import pen_of
from rnn_melody.composing.side_by_side import style_of
from rnn_melody.copying import SHORTEST, Known, Run, read_known
from rnn_melody.model import open_model
from rnn_melody.recomposing.filling import Filling, seed_of, turn_of
from rnn_melody.recomposing.gaps import Gap, gap_of
from rnn_melody.recomposing.joining import Desk, Draft
from rnn_melody.recomposing.keeping import Keeping
from rnn_melody.recomposing.parameters import RECOMPOSING, RecomposeParameters
from rnn_melody.recomposing.written import written_notes
from rnn_melody.voices import key_at

_CLOSELY, _LOOSELY = 0.0, 0.25
"""By how many nats an event what follows may be less expected than behind the old bars."""


def recompose_bars(request: EditRequest) -> Iterator[Event]:
    """Yield `count` candidates for the marked bars, the one that joins best first.

    They differ from each other and from what stood there, as far as the model knows another way;
    candidate n depends on those before it, which its seed tells, and not on how many are asked for.
    """
    exactly(request)
    model = open_model(request.model)
    pen, wish = pen_of(model), parameters_of(request, RecomposeParameters)
    yield Progress(0, request.count)
    gap, said = gap_for(request.melody, request.bars)
    yield from said
    yield from unseen(model, [bar.metre for bar in gap.inside])
    style = heard_style(style_of(wish), gap.outside.pitches)
    keeping = Keeping(gap.former, rhythm=wish.rhythm, contour=wish.contour)
    desk = Desk(pen, gap, style, keeping)
    known = read_known(request.model)
    part = _Part(gap, desk, known, exact=wish.rhythm >= 1)
    filling = Filling(desk, part.is_copy if wish.known == "drawn-anew" else _never)
    runs = list[Run]()
    first, skipped = turn_of(request.seed)
    for number in range(skipped + request.count):
        draft = filling.next(mixed_seed("recompose", first, number // filling.each))
        if number < skipped:
            continue
        runs.append(part.run(draft))
        title, seed = part.title(draft, runs[-1]), seed_of(first, number)
        yield Candidate(part.melody(draft), part=True, title=title, seed=seed)
        yield Progress(number - skipped + 1, request.count)
    if known and runs:
        yield _told(gap, max(runs, key=lambda run: run.intervals))


def gap_for(melody: Melody, bars: Bars) -> tuple[Gap, list[Event]]:
    """The gap of these bars, and sentences on what a person may not expect of it."""
    key, said = key_at(melody, melody.ticks(bars)[0])
    gap = gap_of(melody, bars, key)
    sentences: list[Event] = [said] if said is not None else []
    if not any(pitch >= 0 for pitch in gap.outside.pitches):
        sentences.append(Message(_ALONE))
    if gap.beside:
        count = len(gap.beside)
        sentences.append(
            Message(
                {
                    "en": f"The highest voice is recomposed: {count} notes beside it stay.",
                    "zh": f"只重写最高的声部：其余 {count} 个音保持不变。",
                }
            )
        )
    return gap, sentences


_ALONE = {
    "en": "Outside these bars nothing sounds that they could join: they are made anew in their "
    "metre and key. *Vary* keeps something of what stood there.",
    "zh": "这些小节之外没有可衔接的音：按其拍号和调重新写作。“变奏”会保留一部分原貌。",
}


@dataclass(frozen=True)
class _Part:
    """What becomes of drafts of a gap."""

    gap: Gap
    desk: Desk
    known: Known
    exact: bool

    def notes(self, draft: Draft) -> tuple[Note, ...]:
        """The notes of a draft, in ticks of the whole tune."""
        return written_notes(self.gap, draft.events, loudness_around(self.gap), exact=self.exact)

    def melody(self, draft: Draft) -> Melody:
        """The part that takes the place of the marked bars."""
        gap = self.gap
        start, _stop = gap.melody.ticks(gap.selection)
        notes = (*gap.beside, *self.notes(draft))
        moved = tuple(replace(note, start=note.start - start) for note in notes)
        return replace(gap.melody.part(gap.selection), notes=moved)

    def run(self, draft: Draft) -> Run:
        """The longest run that the new notes, and one on each side, share with what was learnt."""
        if not self.known:
            return Run()
        notes = self.notes(draft)
        start, stop = self.gap.melody.ticks(self.gap.selection)
        before = [note for note in self.gap.melody.notes if note.start < start][-1:]
        behind = [note for note in self.gap.melody.notes if note.start >= stop][:1]
        return self.known.longest_run(replace(self.gap.melody, notes=(*before, *notes, *behind)))

    def is_copy(self, draft: Draft) -> bool:
        """Whether it was learnt."""
        return self.run(draft).is_copy

    def title(self, draft: Draft, run: Run) -> dict[str, str]:
        """How it joins, and what it shares, in a few words."""
        words = dict(self._joint(draft))
        if run.intervals:
            name = run.title or "?"
            words["en"] += f" · {run.intervals} intervals as in “{name}”"
            words["zh"] += f" · 与《{name}》有 {run.intervals} 个连续音程相同"
        return words

    def _joint(self, draft: Draft) -> dict[str, str]:
        if not draft.followed:
            return _NOTHING_FOLLOWS
        lost = (self.desk.former_fit - draft.fit) / draft.followed
        for most, words in ((_CLOSELY, _JOINS_CLOSELY), (_LOOSELY, _JOINS)):
            if lost <= most:
                return words
        return _JOINS_LOOSELY


_JOINS_CLOSELY = {"en": "Joins as before", "zh": "衔接如前"}
_JOINS = {"en": "Joins well", "zh": "衔接良好"}
_JOINS_LOOSELY = {"en": "Joins loosely", "zh": "衔接较松"}
_NOTHING_FOLLOWS = {"en": "Goes on from before", "zh": "承接前文"}


def _told(gap: Gap, run: Run) -> Message:
    """One sentence for all candidates: what they join, and what they share at most."""
    both = any(pitch >= 0 for pitch in gap.before.pitches) and any(
        pitch >= 0 for pitch, _units, _place in gap.after
    )
    en = "The new bars join both sides" if both else "The new bars join what stands beside them"
    zh = "新小节与两侧衔接" if both else "新小节与相邻部分衔接"
    if run.intervals:
        name = run.title or "?"
        en += f"; longest run shared with a tune that was learnt: {run.intervals} intervals"
        zh += f"；与学过的曲子最长的相同片段：{run.intervals} 个音程"
        return Message({"en": f"{en} (“{name}”).", "zh": f"{zh}（《{name}》）。"})
    return Message(
        {
            "en": f"{en}; no run of {SHORTEST} intervals is shared with a tune that was learnt.",
            "zh": f"{zh}；与学过的曲子没有 {SHORTEST} 个以上连续相同的音程。",
        }
    )


def _never(_draft: Draft) -> bool:
    return False


__all__ = ["RECOMPOSING", "gap_for", "recompose_bars"]
