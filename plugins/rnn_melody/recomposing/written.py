"""Events of a gap as notes of the tune that they are written into, in its own ticks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from aigc_studio.api import Note
from rnn_melody.events import HOLD, REST, UNITS
from rnn_melody.recomposing.gaps import Events, Gap


def written_notes(
    gap: Gap, events: Events, loud: Callable[[int], int], *, exact: bool = False
) -> tuple[Note, ...]:
    """The notes of events (pitch, units, place); `loud` gives a velocity by tick.

    With `exact` a note that begins where one began has its start, duration and velocity to the
    tick: a person's own timing is a part of the rhythm. A note that leads to one that is held on
    behind the gap is as long and as loud as that was.
    """
    start, stop = gap.melody.ticks(gap.selection)
    found = list[Note]()
    for pitch, first, last in _tones(events):
        begin, end = max(start, gap.tick(first)), min(stop, gap.tick(last))
        if found and begin <= found[-1].start:
            continue  # ticks so coarse that two events fall together
        if begin < stop:
            found.append(Note(begin, max(1, end - begin), pitch, loud(begin)))
    if exact:
        found = _timed(gap, found)
    if gap.tail is not None and found and found[-1].pitch == gap.tail.pitch:
        end = gap.tail.start + gap.tail.duration
        if found[-1].start + found[-1].duration >= stop:
            last_note = found[-1]
            found[-1] = replace(
                last_note, duration=end - last_note.start, velocity=gap.tail.velocity
            )
    return tuple(found)


def _tones(events: Events) -> list[tuple[int, int, int]]:
    """Pitch, beginning and end of each tone; ties are joined."""
    found, sounds = list[tuple[int, int, int]](), False
    for pitch, units, place in events:
        if pitch == HOLD and sounds:
            before = found.pop()
            found.append((before[0], before[1], place + units))
        elif pitch >= 0:
            found.append((pitch, place, place + units))
        sounds = pitch >= 0 or (pitch == HOLD and sounds)
        sounds = sounds and pitch != REST
    return found


def _timed(gap: Gap, notes: list[Note]) -> list[Note]:
    """The notes with the timing of those that began there."""
    near = gap.melody.ticks_per_quarter / UNITS * 6
    waiting, found = list(gap.taken), list[Note]()
    for note in notes:
        own = min(waiting, key=lambda each: abs(each.start - note.start), default=None)
        if own is None or abs(own.start - note.start) > near:
            found.append(note)
            continue
        waiting.remove(own)
        found.append(replace(own, pitch=note.pitch))
    return found
