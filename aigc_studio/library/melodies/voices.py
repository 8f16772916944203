"""The parts of a MIDI file: what each channel of each track plays, and which is the tune."""

from __future__ import annotations

import codecs
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from aigc_studio.api import KeySignature, Metre, Note, StudioError, Tempo
from aigc_studio.library.melodies import midi_events
from aigc_studio.library.melodies.midi_events import (
    CONTROL,
    META,
    NOTE_OFF,
    NOTE_ON,
    PROGRAM,
    Track,
)
from aigc_studio.library.melodies.midi_files import Midi
from aigc_studio.library.options import ALL_PARTS
from aigc_studio.library.texts import encodings
from aigc_studio.translation import _, enumerated, ngettext

_drums = 9
"""The channel (counted from 0) that General MIDI keeps for drums."""
_shortest = 8
"""A note of no length sounds for a quarter note divided by this."""

# What the part with the tune is called, the surest names first.
_names = (
    ("melody", "melodie", "mélodie", "melodia", "旋律", "メロディ", "멜로디", "мелодия"),
    ("vocal", "voice", "lead", "vox", "人声", "人聲", "主唱", "主奏", "ボーカル", "보컬", "голос"),
    ("solo", "独奏", "獨奏", "独唱", "ソロ", "솔로"),
)  # fmt: skip
_Sounding = dict[int, dict[int, deque[tuple[int, int]]]]
"""By channel, so that what ends all notes of one costs no more than those, and by pitch: start and
velocity."""
_name_encodings = ("utf-8", "gb18030", "cp932", "big5", "cp949", "koi8-r", "cp1251", "cp1252")


@dataclass
class Part:
    """What one channel of one track plays. `without_length`, `without_end` and `struck_again`
    (before they ended) count its notes that were mended; `whole` those that had both."""

    track: int
    channel: int
    title: bytes = b""
    program: int = 0
    notes: list[Note] = field(default_factory=list)
    whole: int = 0
    without_length: int = 0
    without_end: int = 0
    struck_again: int = 0
    has_begun: bool = False

    def add(self, start: int, end: int, pitch: int, velocity: int, brief: int) -> None:
        """Take a note; one of no length becomes as long as `brief`."""
        self.without_length += start == end
        self.whole += 1
        self.notes.append(Note(start, end - start or brief, pitch, velocity))

    def cut(self, start: int, velocity: int, end: int, pitch: int) -> None:
        """Take a note that is struck again before its end; one struck twice at once is one."""
        self.struck_again += 1
        if end > start:
            self.whole += 1
            self.notes.append(Note(start, end - start, pitch, velocity))

    @property
    def name(self) -> str:
        """What the file calls it, in whichever encoding; else where it stands."""
        title = _read_title(self.title)
        if not title:
            return _("track {track}, channel {channel}").format(
                track=self.track + 1, channel=self.channel + 1
            )
        return title

    @property
    def mean_pitch(self) -> float:
        """The average of its pitches."""
        return sum(note.pitch for note in self.notes) / len(self.notes)

    @property
    def rank(self) -> int:
        """How surely its name says that it is the tune: 0 is the surest."""
        for rank, names in enumerate(_names):
            for name in names:
                if name in self.name.lower():
                    return rank
                if not name.isascii() and any(each in self.title for each in _spellings(name)):
                    return rank
        return len(_names)


@lru_cache(maxsize=256)
def _read_title(title: bytes) -> str:
    encoding = "utf-16"  # says its order by its mark
    if not title.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        title = title.strip(b"\0 \t\r\n")
        encoding = encodings.guess_encoding(title)
    text = title.decode(encoding, "replace").strip("\0\ufeff")
    return " ".join(text.split())


@lru_cache(maxsize=256)
def _spellings(name: str) -> list[bytes]:
    found = []
    for encoding in _name_encodings:
        try:
            found.append(name.encode(encoding))
        except UnicodeError:
            continue
    return found


@dataclass
class Score:
    """The parts that play (never drums), with the tempos, metres and keys of the file."""

    parts: list[Part]
    tempos: list[Tempo]
    metres: list[Metre]
    keys: list[KeySignature] = field(default_factory=list)
    drums: int = 0


def score(midi: Midi, tracks: Sequence[tuple[int, Track]], remarks: list[str]) -> Score:
    """What these tracks (with their numbers) play, in ticks times `midi.scale`."""
    found = Score([], [], [])
    wrong = 0
    for number, track in tracks:
        wrong += _note_times(midi, track, found)
        parts = _parts(number, track, midi)
        found.drums += sum(len(part.notes) for part in parts if part.channel == _drums)
        found.parts += _joined([part for part in parts if part.notes and part.channel != _drums])
    if wrong:
        sentence = ngettext(
            "{count} tempo or metre cannot be read and was left out.",
            "{count} tempos or metres cannot be read and were left out.",
            wrong,
        )
        remarks.append(sentence.format(count=f"{wrong:,}"))
    return found


def _note_times(midi: Midi, track: Track, found: Score) -> int:
    """Add the tempos, metres and keys of a track; returns how many of the first two make no sense.

    A key that makes none is passed over: many programs write one without having been told any.
    """
    wrong = 0
    for tick, kind, first, content in track.events:
        if kind != META or not isinstance(content, bytes):
            continue
        if first == midi_events.TEMPO and midi.scale == 1:
            pace = int.from_bytes(content[:3], "big") if len(content) >= 3 else 0
            found.tempos += [Tempo(tick, pace)] if pace else []
            wrong += not pace
        elif first == midi_events.METRE:
            metre = _metre(tick * midi.scale, content, midi.ticks)
            found.metres += [metre] if metre else []
            wrong += metre is None
        elif first == midi_events.KEY:
            found.keys += _key(tick * midi.scale, content)
    return wrong


def _metre(tick: int, content: bytes, ticks: int) -> Metre | None:
    if len(content) < 2 or not content[0] or content[1] > 8:
        return None
    metre = Metre(tick, content[0], 1 << content[1])
    return None if ticks * 4 * metre.numerator % metre.denominator else metre


def _key(tick: int, content: bytes) -> list[KeySignature]:
    """The key signature; none for one that there is not."""
    if len(content) < 2 or content[1] > 1:
        return []
    fifths = content[0] - 256 * (content[0] > 127)
    return [KeySignature(tick, fifths, ("major", "minor")[content[1]])] if -7 <= fifths <= 7 else []


def _parts(number: int, track: Track, midi: Midi) -> list[Part]:
    parts: dict[int, Part] = {}
    sounding: _Sounding = defaultdict(lambda: defaultdict(deque))
    again = _struck_again(track)
    title, last = b"", 0
    brief, scale = max(1, midi.ticks // _shortest), midi.scale
    for at, (tick, kind, key, value) in enumerate(track.events):
        if kind == META:
            if key in (midi_events.TITLE, midi_events.INSTRUMENT) and isinstance(value, bytes):
                title = value if key == midi_events.TITLE or not title else title
            continue
        part = parts.setdefault(key >> 7, Part(number, key >> 7))
        now = last = tick * scale
        if kind == PROGRAM:
            part.program = part.program if part.has_begun else key & 127
        elif kind == CONTROL:
            for pitch, held in sounding.pop(key >> 7, {}).items():
                for start, velocity in held:
                    part.add(start, now, pitch, velocity, brief)
        elif kind == NOTE_ON and value:
            held = sounding[key >> 7][key & 127]
            if at in again and held:
                part.cut(*held.popleft(), now, key & 127)
            held.append((now, int(value)))
            part.has_begun = True
        elif held := sounding[key >> 7][key & 127]:
            start, velocity = held.popleft()
            part.add(start, now, key & 127, velocity, brief)
    _end_all(parts, sounding, _latest_end(track, last, midi), brief)
    for part in parts.values():
        part.title = title
        part.notes.sort()
    return [parts[channel] for channel in sorted(parts)]


def _struck_again(track: Track) -> set[int]:
    """The places of the events that strike a note which sounds, where an end is missing behind it:
    where all ends are there, notes of one pitch overlap."""
    found: set[int] = set()
    depths: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    struck: dict[int, list[int]] = defaultdict(list)
    for at, (_tick, kind, key, value) in enumerate(track.events):
        if kind == CONTROL:
            for each, count in depths.pop(key >> 7, {}).items():
                found.update(struck.pop(each, ()) if count else ())
            continue
        depth = depths[key >> 7]
        if kind == NOTE_ON and value:
            if depth[key]:
                struck[key].append(at)
            depth[key] += 1
        elif kind in (NOTE_ON, NOTE_OFF) and depth[key]:
            depth[key] -= 1
            if not depth[key]:
                struck[key].clear()
    left = (key for depth in depths.values() for key, count in depth.items() if count)
    return found.union(*(struck[key] for key in left))


def _latest_end(track: Track, last: int, midi: Midi) -> int:
    """Where notes end that nothing ends: with their track, unless that goes on for over a whole
    note behind the `last` event of a note."""
    end = track.end * midi.scale
    return end if end <= last + 4 * midi.ticks else last


def _end_all(parts: dict[int, Part], sounding: _Sounding, end: int, brief: int) -> None:
    for channel, pitches in sounding.items():
        part = parts[channel]
        for pitch, held in pitches.items():
            for start, velocity in held:
                part.without_end += 1
                part.notes.append(Note(start, max(end - start, 0) or brief, pitch, velocity))


def _joined(parts: list[Part]) -> list[Part]:
    """Parts of one track, without those that hold only what begins and ends inside a note of the
    same pitch in an earlier one: MIDI has no other way to say that in one part (export does it)."""
    kept: list[Part] = []
    for part in parts:
        home = next((each for each in kept if _is_inside(part, each)), None)
        if home is None:
            kept.append(part)
            continue
        home.notes = sorted([*home.notes, *part.notes])
        home.whole += part.whole
    return kept


def _is_inside(part: Part, other: Part) -> bool:
    if part.program != other.program:
        return False
    starts: dict[int, list[int]] = defaultdict(list)
    latest: dict[int, list[int]] = defaultdict(list)  # how far the notes up to a start reach
    for note in other.notes:
        ends = latest[note.pitch]
        starts[note.pitch].append(note.start)
        ends.append(max(note.start + note.duration, ends[-1] if ends else 0))
    for note in part.notes:
        before = bisect_right(starts[note.pitch], note.start)
        if not before or latest[note.pitch][before - 1] <= note.start + note.duration:
            return False
    return True


def choose_part(found: Score, wanted: str, remarks: list[str]) -> Part | None:
    """The part that is the tune, or the wanted one (name, number from 1, or all together).

    Else the one called melody, vocal, lead or solo, or the highest of those that have at least a
    quarter as many notes as the busiest. None when nothing plays. Raises `StudioError` (its {name}
    is to be filled in) when there is no such part.
    """
    parts = found.parts
    if found.drums and parts:
        sentence = ngettext(
            "{count} note of drums was left out.",
            "{count} notes of drums were left out.",
            found.drums,
        )
        remarks.append(sentence.format(count=f"{found.drums:,}"))
    if len(parts) <= 1 and not wanted:
        return parts[0] if parts else None
    if wanted == ALL_PARTS:
        return _together(parts)
    part = _wanted(parts, wanted) if wanted and parts else _leading(parts)
    if part is not None and len(parts) > 1 and not wanted:
        remarks.append(
            _(
                "Of {count} parts {part} was taken, {notes} of {all} notes; choose another or all "
                "of them. There are: {parts}."
            ).format(
                count=len(parts),
                part=part.name,
                notes=f"{len(part.notes):,}",
                all=f"{sum(len(each.notes) for each in parts):,}",
                parts=_listed(parts),
            )
        )
    return part


def _wanted(parts: list[Part], wanted: str) -> Part:
    for part in parts:
        if part.name.casefold() == wanted.strip().casefold():
            return part
    if wanted.isdecimal() and 1 <= int(wanted) <= len(parts):
        return parts[int(wanted) - 1]
    # The braces of {name} stay for the caller, those of a strange title must not be read.
    listed = _listed(parts).replace("{", "(").replace("}", ")")
    asked = wanted.replace("{", "(").replace("}", ")")
    sentence = _("The tune {name} has no part {part}: it has {parts}.")
    raise StudioError(sentence.format(name="{name}", part=asked, parts=listed))


def _listed(parts: list[Part]) -> str:
    named = [f"{number} {part.name}" for number, part in enumerate(parts[:9], 1)]
    return enumerated(named, 8)


def _together(parts: list[Part]) -> Part | None:
    if not parts:
        return None
    first = parts[0]
    return Part(
        first.track,
        first.channel,
        first.title,
        first.program,
        sorted(note for part in parts for note in part.notes),
        sum(part.whole for part in parts),
        sum(part.without_length for part in parts),
        sum(part.without_end for part in parts),
        sum(part.struck_again for part in parts),
    )


def _leading(parts: list[Part]) -> Part | None:
    ranks = [part.rank for part in parts]
    best = min(ranks, default=0)
    named = [part for part, rank in zip(parts, ranks, strict=True) if rank == best]
    busiest = max((len(part.notes) for part in named), default=0)
    busy = [part for part in named if len(part.notes) * 4 >= busiest]
    return max(busy, key=lambda part: part.mean_pitch, default=None)
