"""Any tune file a person has, as a `Melody`: Standard MIDI files and the studio's own JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from aigc_studio.api import KeySignature, Melody, Metre, Note, StudioError, Tempo
from aigc_studio.api.melody import MIDI_MARK
from aigc_studio.files import plain_bytes
from aigc_studio.library.melodies import collections_of_tunes, midi_events
from aigc_studio.library.melodies.documents import from_json
from aigc_studio.library.melodies.looks import (
    damage,
    looks_like_abc,
    looks_like_json,
    looks_like_xml,
)
from aigc_studio.library.melodies.midi_events import Track
from aigc_studio.library.melodies.midi_files import Midi, read_midi
from aigc_studio.library.melodies.musicxml import XmlScore, read_musicxml
from aigc_studio.library.melodies.sizes import check_size, checked
from aigc_studio.library.melodies.voices import Part, Score, choose_part, score
from aigc_studio.library.options import ALL_PARTS
from aigc_studio.library.whole_files import read_whole
from aigc_studio.translation import _, ngettext

MOST_BYTES = 16 * 1024 * 1024
MOST_ABC_BYTES = 64 * 1024 * 1024
UNREADABLE = (
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError,
)  # fmt: skip
"""What reading a damaged tune may end in: each way to read one catches the same."""
"""A collection of ABC holds thousands of tunes."""


def read_melody(
    source: Path | bytes,
    name: str = "",
    part: str = "",
    remarks: list[str] | None = None,
    encoding: str = "",
) -> Melody:
    """Read a `.mid`, `.abc` or `.melody.json` file or its bytes.

    Of a MIDI file with several parts, the `part` with that name or number (`ALL_PARTS`: together),
    else the one called melody, vocal, lead or solo, or the highest of those that have at least a
    quarter as many notes as the busiest; drums never. Of a collection in ABC the tune with that
    title or number, else the first that has notes; of a single tune the voice; its `encoding` is
    found out when none is named. What was left out, guessed or changed becomes a sentence in
    `remarks`. Raises `StudioError` that names the file when nothing can be read of it, when it has
    no notes, and when it is longer than a melody may be.
    """
    name = name or (source.name if isinstance(source, Path) else _("(melody)"))
    too_large = _("The tune {name} is over {size} MB: that is not a single tune.")
    told = [] if remarks is None else remarks
    is_abc = looks_like_abc(source, name)
    most = MOST_ABC_BYTES if is_abc else MOST_BYTES
    data = source if isinstance(source, bytes) else read_whole(source, name, most, too_large)
    try:
        if is_abc:
            return collections_of_tunes.chosen(data, name, part, told, encoding)
        if looks_like_json(data):
            return checked(from_json(data, told))
        if looks_like_xml(data):
            return checked(_from_xml(data, part, told))
        return checked(_from_midi(data, part, told))
    except StudioError as error:
        raise StudioError(str(error).replace("{name}", name)) from None
    except UNREADABLE as error:
        raise StudioError(damage(data, name)) from error


def title(path: Path, part: str = "", encoding: str = "") -> str:
    """What a tune in ABC is called in its file; empty where it has no title, and otherwise."""
    if not looks_like_abc(path):
        return ""
    try:
        return collections_of_tunes.title(plain_bytes(path), part, encoding)
    except (StudioError, OSError):
        return ""


def part_names(source: Path | bytes, encoding: str = "") -> tuple[str, ...]:
    """The names of the parts of a MIDI file that sound together, of the tunes of a collection in
    ABC, or of the voices of a tune; empty for any other file."""
    try:
        data = source if isinstance(source, bytes) else plain_bytes(source)
        if looks_like_abc(source):
            return collections_of_tunes.names(data, encoding)
        if looks_like_xml(data):
            return tuple(each.name for each in read_musicxml(data, []).score.parts)
        midi = read_midi(data, [])
        return tuple(each.name for each in score(midi, tracks_of(midi, "", []), []).parts)
    except (StudioError, OSError, *UNREADABLE):
        return ()


def _from_xml(data: bytes, wanted: str, remarks: list[str]) -> Melody:
    found = read_musicxml(data, remarks)
    part = choose_part(found.score, wanted, remarks)
    if part is None:
        raise StudioError(_("The tune {name} has no notes."))
    return xml_melody(found, part)


def xml_melody(found: XmlScore, part: Part) -> Melody:
    """One part of a score. Raises `StudioError` (its {name} is to be filled in) for a long one."""
    score, end = found.score, max(found.length, 1)
    check_size(len(part.notes), end, found.ticks, _from_start(score.metres, Metre(0), end))
    return Melody(
        tuple(part.notes),
        found.ticks,
        part.program,
        _from_start(score.tempos, Tempo(0), end),
        _from_start(score.metres, Metre(0), end),
        found.length,
        _from_start(score.keys, KeySignature(0), end) if score.keys else (),
    )


def _from_midi(data: bytes, wanted: str, remarks: list[str]) -> Melody:
    midi = read_midi(data, remarks)
    tracks = tracks_of(midi, wanted, remarks)
    found = score(midi, tracks, remarks)
    own = _own(tracks)
    part = choose_part(found, wanted, remarks)
    if part is None and own is None:
        if any(track.is_cut for _number, track in tracks):
            raise ValueError("cut off before its first note")
        if not found.drums:
            raise StudioError(_("The tune {name} has no notes."))
        raise StudioError(_("The tune {name} has no notes but drums: leave it out."))
    return part_melody(midi, part or Part(0, 0), found, tracks, wanted, remarks)


def part_melody(
    midi: Midi,
    part: Part,
    found: Score,
    tracks: list[tuple[int, Track]],
    wanted: str,
    remarks: list[str],
) -> Melody:
    """One part of a score as a melody; `wanted` is what was asked for.

    Raises `ValueError` where nothing of it is whole, `StudioError` (its {name} is to be filled in)
    where it is too long.
    """
    own = _own(tracks)
    if (
        not part.whole
        and any(track.is_cut or track.lost for _number, track in tracks)
        and own is None
    ):
        raise ValueError("no whole note")
    end = max((note.start + note.duration for note in part.notes), default=0)
    check_size(len(part.notes), end, midi.ticks, _from_start(found.metres, Metre(0), end))
    _tell_mended(part, remarks)
    melody = _melody(midi, part, found, _length(midi, part, found, tracks, end, wanted))
    return melody if own is None else _with_own(melody, own, max(track.end for _n, track in tracks))


def tracks_of(midi: Midi, wanted: str, remarks: list[str]) -> list[tuple[int, Track]]:
    """The tracks that sound together, with their numbers."""
    tracks = list(enumerate(midi.tracks))
    if midi.kind != 2 or wanted not in ("", ALL_PARTS):
        return tracks
    playing = [
        (number, track) for number, track in tracks if score(midi, [(number, track)], []).parts
    ]
    if len(playing) > 1:
        sentence = _("It holds {count} tunes, one after the other: the first was taken.")
        remarks.append(sentence.format(count=len(playing)))
    return playing[:1] or tracks


def _melody(midi: Midi, part: Part, found: Score, length: int) -> Melody:
    end = max([length, *(note.start + note.duration for note in part.notes)])
    return Melody(
        notes=tuple(part.notes),
        ticks_per_quarter=midi.ticks,
        program=part.program,
        tempos=_from_start(found.tempos, Tempo(0), end),
        metres=_from_start(found.metres, Metre(0), end),
        length=length,
        keys=_from_start(found.keys, KeySignature(0), end) if found.keys else (),
    )


def _length(
    midi: Midi, part: Part, found: Score, tracks: list[tuple[int, Track]], end: int, wanted: str
) -> int:
    """The tick at which the tune ends where its track says so, else 0: at the end of its last bar.

    Where a track holds other parts as well, goes on for hours, or for long behind notes that never
    end, its end says nothing.
    """
    alone = len(found.parts) <= 1 or wanted == ALL_PARTS
    said = max(track.end for number, track in tracks if number == part.track or wanted == ALL_PARTS)
    said *= midi.scale
    far = said > end + 4 * midi.ticks
    if not alone or said <= end or (far and part.without_end):
        return 0
    try:
        check_size(0, said, midi.ticks, _from_start(found.metres, Metre(0), said))
    except StudioError:
        return 0
    return said


def _tell_mended(part: Part, remarks: list[str]) -> None:
    if part.without_length:
        sentence = ngettext(
            "{count} note has no length and was kept as a short one.",
            "{count} notes have no length and were kept as short ones.",
            part.without_length,
        )
        remarks.append(sentence.format(count=f"{part.without_length:,}"))
    if part.struck_again:
        sentence = ngettext(
            "{count} note was struck again before its end and was ended there.",
            "{count} notes were struck again before their end and were ended there.",
            part.struck_again,
        )
        remarks.append(sentence.format(count=f"{part.struck_again:,}"))
    if part.without_end:
        sentence = ngettext(
            "{count} note never ends: it was ended with its track.",
            "{count} notes never end: they were ended with their track.",
            part.without_end,
        )
        remarks.append(sentence.format(count=f"{part.without_end:,}"))


def _own(tracks: list[tuple[int, Track]]) -> dict[str, Any] | None:
    """What the studio wrote into a file of its own; None when there is nothing of the kind."""
    for _number, track in tracks:
        for _tick, kind, first, content in track.events:
            if (kind, first) != (midi_events.META, midi_events.OWN) or isinstance(content, int):
                continue
            if content.startswith(MIDI_MARK):
                try:
                    value = json.loads(content[len(MIDI_MARK) :])
                except (ValueError, RecursionError):
                    return None
                return value if isinstance(value, dict) else None
    return None


def _with_own(melody: Melody, own: dict[str, Any], end: int) -> Melody:
    """The melody as it was exported, in what the file still says: another program may have changed
    the notes, and then its version counts."""
    kinds: dict[str, Callable[..., Any]] = {
        "notes": Note, "tempos": Tempo, "metres": Metre, "keys": KeySignature,
    }  # fmt: skip
    try:
        told: dict[str, Any] = {
            name: tuple(kind(*each) for each in own[name])
            for name, kind in kinds.items()
            if name in own
        }
        program = melody.program if melody.notes else own["program"]
        exact = replace(melody, **told, length=own["length"], program=program)
    except (ValueError, TypeError, KeyError):
        return melody
    ticks = [each.start for each in exact.tempos] + [each.start for each in exact.metres]
    ticks += [each.start for each in exact.keys]
    is_same = (
        _edges(exact) == _edges(melody)
        and max([exact.length, *ticks]) == end
        and {each.start for each in exact.tempos} >= {each.start for each in melody.tempos}
        and {each.start for each in exact.metres} >= {each.start for each in melody.metres}
        and _signatures(exact) >= _signatures(melody)
    )
    return exact if is_same else melody


def _signatures(melody: Melody) -> set[tuple[int, int]]:
    """The keys as MIDI says them, whatever their modes."""
    return {(key.start, key.fifths) for key in melody.keys}


def _edges(melody: Melody) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """When which pitch begins and ends: the same however beginnings and ends are paired."""
    starts = sorted((note.start, note.pitch) for note in melody.notes)
    return starts, sorted((note.start + note.duration, note.pitch) for note in melody.notes)


def _from_start(changes: list[Any], first: Any, end: int) -> tuple[Any, ...]:
    """Changes before `end`, one for each tick (the last said), the first at 0."""
    kept = {change.start: change for change in changes if change.start < max(end, 1)}
    return tuple(sorted({0: first, **kept}.values()))
