"""Any tune file a person has, as a `Melody`: Standard MIDI files and the studio's own JSON."""

from __future__ import annotations

import io
import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aigc_studio.api import Melody, Metre, Note, StudioError, Tempo
from aigc_studio.library.whole_files import read_whole
from aigc_studio.translation import _

SUFFIXES = (".mid", ".midi", ".melody.json")
MOST_BYTES = 16 * 1024 * 1024
MOST_NOTES = 100_000
MOST_BARS = 20_000
_drums = 9
"""The channel (counted from 0) that General MIDI keeps for drums."""


@dataclass
class _Part:
    """What one channel of one track plays."""

    name: str = ""
    program: int = 0
    notes: list[Note] = field(default_factory=list)
    sounding: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    def close(self, pitch: int, end: int) -> None:
        """End the oldest sounding note of a pitch; one without length is dropped."""
        if self.sounding[pitch]:
            start, velocity = self.sounding[pitch].pop(0)
            if end > start:
                self.notes.append(Note(start, end - start, pitch, velocity))


def read_melody(source: Path | bytes, name: str = "") -> Melody:
    """Read a `.mid` or `.melody.json` file or its bytes.

    Of a MIDI file with several parts, the one called melody, lead, vocal or solo, or else the
    highest of those that have at least a quarter as many notes as the busiest; drums never.
    Raises `StudioError` that names the file when it is broken, empty or longer than 20,000 bars.
    """
    name = name or (source.name if isinstance(source, Path) else _("(melody)"))
    too_large = _("The tune {name} is over {size} MB: that is no single tune.")
    data = source if isinstance(source, bytes) else read_whole(source, name, MOST_BYTES, too_large)
    try:
        return _from_json(data) if data.lstrip()[:1] == b"{" else _from_midi(data)
    except StudioError as error:
        raise StudioError(str(error).format(name=name)) from None
    except Exception as error:  # mido raises many kinds at a broken file
        raise StudioError(
            _("The tune {name} is damaged or not a MIDI file: export it again.").format(name=name)
        ) from error


def _from_json(data: bytes) -> Melody:
    text = data.decode("utf-8")
    value = json.loads(text)
    ends = [note["start"] + note["duration"] for note in value["notes"]]
    _check_extent(
        max([value["length"], *ends]),
        value["ticks_per_quarter"],
        [(metre["numerator"], metre["denominator"]) for metre in value["metres"]],
        len(ends),
    )
    return Melody.from_json(text)


def _from_midi(data: bytes) -> Melody:
    import mido

    file = mido.MidiFile(file=io.BytesIO(data), clip=True)
    ticks = file.ticks_per_beat
    if file.type == 2 or not 1 <= ticks <= 0x7FFF:
        raise StudioError(_("The tune {name} counts no beats: export it with a metre."))
    parts, tempos, metres = _parts(file.tracks, ticks)
    part = _leading(parts)
    if part is None:
        raise StudioError(_("The tune {name} has no notes but drums: leave it out."))
    end = max(note.start + note.duration for note in part.notes)
    sizes = [(metre.numerator, metre.denominator) for metre in metres]
    _check_extent(end, ticks, sizes, len(part.notes))
    return Melody(
        notes=tuple(part.notes),
        ticks_per_quarter=ticks,
        program=part.program,
        tempos=_from_start(tempos, Tempo(0), end),
        metres=_from_start(metres, Metre(0), end),
    )


def _parts(tracks: Any, ticks: int) -> tuple[list[_Part], list[Tempo], list[Metre]]:
    parts: dict[tuple[int, int], _Part] = defaultdict(_Part)
    tempos: list[Tempo] = []
    metres: list[Metre] = []
    for number, track in enumerate(tracks):
        now, title = 0, ""
        for message in track:
            now += message.time
            if message.type == "track_name":
                title = message.name
            elif message.type == "set_tempo" and message.tempo > 0:
                tempos.append(Tempo(now, message.tempo))
            elif message.type == "time_signature" and message.numerator > 0:
                metre = Metre(now, message.numerator, message.denominator)
                if ticks * 4 * metre.numerator % metre.denominator == 0:
                    metres.append(metre)
            elif hasattr(message, "channel") and message.channel != _drums:
                _play(parts[number, message.channel], message, now)
        for (owner, _channel), part in parts.items():
            if owner == number:
                part.name = title
                for pitch in [pitch for pitch, held in part.sounding.items() for _each in held]:
                    part.close(pitch, now)
    return list(parts.values()), tempos, metres


def _play(part: _Part, message: Any, now: int) -> None:
    if message.type == "program_change" and not part.notes:
        part.program = message.program
    elif message.type == "note_on" and message.velocity > 0:
        part.sounding[message.note].append((now, message.velocity))
    elif message.type in ("note_on", "note_off"):
        part.close(message.note, now)


def _leading(parts: list[_Part]) -> _Part | None:
    playing = [part for part in parts if part.notes]
    named = [
        part
        for part in playing
        if any(word in part.name.lower() for word in ("melody", "lead", "vocal", "solo", "旋律"))
    ]
    if len(named) == 1:
        return named[0]
    busiest = max((len(part.notes) for part in playing), default=0)
    busy = [part for part in playing if len(part.notes) * 4 >= busiest]
    return max(busy, key=_mean_pitch, default=None)


def _mean_pitch(part: _Part) -> float:
    return sum(note.pitch for note in part.notes) / len(part.notes)


def _from_start(changes: list[Any], first: Any, end: int) -> tuple[Any, ...]:
    """Changes before `end`, one for each tick (the last said), the first at 0."""
    kept = {change.start: change for change in changes if change.start < end}
    return tuple(sorted({0: first, **kept}.values()))


def _check_extent(length: int, ticks: int, metres: list[tuple[int, int]], notes: int) -> None:
    shortest = min((4 * ticks * top // bottom for top, bottom in metres), default=4 * ticks)
    if notes > MOST_NOTES or length > MOST_BARS * max(shortest, 1):
        raise StudioError(_("The tune {name} is too long: cut it in parts first."))
