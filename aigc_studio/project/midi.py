"""Melodies as Standard MIDI files (format 1.0, type 0), with a label as a text event."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from aigc_studio.api import limits
from aigc_studio.api.errors import StudioError
from aigc_studio.api.melody import MIDI_MARK, KeySignature, Melody, Metre, Note
from aigc_studio.files import canonical_json
from aigc_studio.project import labels
from aigc_studio.project.provenance import Provenance
from aigc_studio.translation import _

TEXT_MARK = "aigc-studio "
"""What the text event that holds the label begins with."""

_meta, _end, _begin = 0, 1, 2
_channels = [channel for channel in range(16) if channel != 9]


def encode(melody: Melody, label: Mapping[str, Any] | None = None) -> bytes:
    """The bytes of a MIDI file: tempos, metres, keys, program, velocities, notes in the same ticks.

    A note that begins and ends within another of its pitch goes to a channel of its own, because a
    note-off names no note. What other programs cannot be told so (a velocity of 0, which is 1 for
    them; an end within a bar; a mode that is neither major nor minor) stands in an event that only
    the studio reads. Raises `StudioError` for what MIDI cannot say.
    """
    import mido

    _check(melody)
    track, now = mido.MidiTrack(), 0
    events = [*_beginnings(melody, label), *_changes(melody), *_tones(melody)]
    for tick, _rank, message in sorted(events, key=lambda event: event[:2]):
        track.append(message.copy(time=tick - now))
        now = tick
    track.append(mido.MetaMessage("end_of_track", time=max(0, melody.length - now)))
    file = mido.MidiFile(type=0, ticks_per_beat=melody.ticks_per_quarter)
    file.tracks.append(track)
    data = io.BytesIO()
    file.save(file=data)
    return data.getvalue()


_Event = tuple[int, int, Any]
"""Tick, rank within the tick, message."""


def _beginnings(melody: Melody, label: Mapping[str, Any] | None) -> Iterator[_Event]:
    """The label, and what only the studio reads."""
    import mido

    if label is not None:
        text = TEXT_MARK + labels.to_ascii(label)
        yield 0, _meta, mido.MetaMessage("text", text=text)
    own = _unsaid(melody)
    if own:
        content = MIDI_MARK + canonical_json(own).encode()
        yield 0, _meta, mido.MetaMessage("sequencer_specific", data=tuple(content))


def _changes(melody: Melody) -> Iterator[_Event]:
    import mido

    for tempo in melody.tempos:
        yield tempo.start, _meta, mido.MetaMessage("set_tempo", tempo=tempo.microseconds)
    for metre in melody.metres:
        yield metre.start, _meta, _time_signature(metre)
    for key in melody.keys:
        yield key.start, _meta, mido.MetaMessage("key_signature", key=_key_name(key))


def _tones(melody: Melody) -> Iterator[_Event]:
    import mido

    for channel, notes in _by_channel(melody).items():
        yield 0, _meta, mido.Message("program_change", channel=channel, program=melody.program)
        for note in notes:
            tone = {"channel": channel, "note": note.pitch}
            loud = max(1, note.velocity)
            yield note.start, _begin, mido.Message("note_on", velocity=loud, **tone)
            end = note.start + note.duration
            yield end, _end, mido.Message("note_off", velocity=0, **tone)


def provenance_in(data: bytes) -> tuple[Provenance, ...]:
    """The provenance that `encode` wrote into a file; empty when there is none.

    The file is searched and not parsed: whatever else may be wrong with it.
    """
    import json

    mark = TEXT_MARK.encode()
    place = data.find(mark)
    if place < 0:
        return ()
    text = data[place + len(mark) : place + len(mark) + 2 * limits.PROVENANCE].decode("latin-1")
    try:
        value, _end = json.JSONDecoder().raw_decode(text)
        return labels.from_text(labels.to_ascii(value["provenance"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return ()


def _unsaid(melody: Melody) -> dict[str, Any]:
    """What a reader could not know from the plain events; empty for nearly every melody."""
    end = max((note.start + note.duration for note in melody.notes), default=0)
    last = max(each[-1].start for each in (melody.tempos, melody.metres, melody.keys) if each)
    ends_in_bar = melody.length == end and replace(melody, length=0).length != end
    found: dict[str, Any] = {} if melody.notes else {"program": melody.program}
    if not melody.notes or any(not note.velocity for note in melody.notes) or _is_crowded(melody):
        found["notes"] = [[*vars(note).values()] for note in melody.notes]
    for name in ("tempos", "metres", "keys"):
        changes = getattr(melody, name)
        hidden = name == "keys" and any(each.mode not in ("major", "minor") for each in changes)
        if hidden or len({each.start for each in changes}) < len(changes) or last >= melody.length:
            found[name] = [[*vars(each).values()] for each in changes]
    return {**found, "length": melody.length} if found or ends_in_bar else {}


def _is_crowded(melody: Melody) -> bool:
    """Whether there are not enough channels to keep the notes of a pitch apart."""
    return any(
        earlier.pitch == later.pitch and later_end < earlier_end
        for notes in _by_channel(melody).values()
        for earlier, later, earlier_end, later_end in _neighbours(notes)
    )


def _neighbours(notes: list[Note]) -> Iterator[tuple[Note, Note, int, int]]:
    before: dict[int, Note] = {}
    for note in notes:
        earlier = before.get(note.pitch, note)
        yield earlier, note, earlier.start + earlier.duration, note.start + note.duration
        before[note.pitch] = note


def _by_channel(melody: Melody) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {_channels[0]: []}
    sounding: dict[tuple[int, int], int] = {}
    for note in melody.notes:
        # The first note-off of a pitch ends the note that began first: fine while they end in turn.
        end = note.start + note.duration
        free = (each for each in _channels if sounding.get((each, note.pitch), 0) <= end)
        channel = next(free, _channels[-1])
        sounding[channel, note.pitch] = end
        found.setdefault(channel, []).append(note)
    return found


_majors = ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#")
_minors = ("Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#", "G#", "D#", "A#")
_minor_thirds = ("minor", "dorian", "phrygian", "locrian")


def _key_name(key: KeySignature) -> str:
    """The major or minor key with the same signature, whichever is nearer to the mode."""
    place = key.fifths + 7
    return f"{_minors[place]}m" if key.mode in _minor_thirds else _majors[place]


def _time_signature(metre: Metre) -> Any:
    import mido

    return mido.MetaMessage(
        "time_signature", numerator=metre.numerator, denominator=metre.denominator
    )


def _check(melody: Melody) -> None:
    metres = all(
        metre.numerator <= 255 and metre.denominator & (metre.denominator - 1) == 0
        for metre in melody.metres
    )
    tempos = all(tempo.microseconds <= 0xFFFFFF for tempo in melody.tempos)
    # A delta time has 28 bits; the ticks of a quarter have 15.
    if not (metres and tempos and melody.ticks_per_quarter <= 0x7FFF and melody.length < 1 << 28):
        raise StudioError(
            _(
                "This melody has a metre, a tempo or a length that MIDI cannot express: export "
                "it as .melody.json."
            )
        )
