"""The events of a track of a MIDI file: whatever is broken in it costs only itself.

mido refuses a whole file for one odd key signature. Here an event is stepped over by its length,
and only notes, programs, tempos, metres, keys, names and the end of a track are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from aigc_studio.api import StudioError
from aigc_studio.translation import _

MOST_EVENTS = 1_000_000
MOST_KEPT = 400_000
"""No tune has more events, or more notes, names and the like: files above that are refused."""

NOTE_OFF, NOTE_ON, CONTROL, PROGRAM, META = 0x80, 0x90, 0xB0, 0xC0, 0xFF
TITLE, INSTRUMENT, END, TEMPO, METRE, KEY, OWN = 0x03, 0x04, 0x2F, 0x51, 0x58, 0x59, 0x7F

_silences = (120, 123, 124, 125, 126, 127)
"""Controllers that end all notes of their channel; no other controller is kept."""
_looked_at = (TITLE, INSTRUMENT, TEMPO, METRE, KEY, OWN)
_data_bytes = {0xF1: 1, 0xF2: 2, 0xF3: 1}
_furthest = 256
"""How many bytes after a broken place are tried for the next event."""
_most_broken_places = 32
_most_broken_places_of_a_file = 1_000
_sure = 8
"""So many events in a row are no accident."""
_whole_message = re.compile(rb"[\x00-\x7f]{0,65536}\xf7")
# One that says it is empty; a single byte before F7 is the delta time of the message's next part.
_uncounted_message = re.compile(rb"[\x00-\x7f]{2,65536}\xf7")
_longest_number = 8
"""Bytes of a number: four are allowed, some programs fill up with empty ones."""

Event = tuple[int, int, int, int | bytes]
"""Tick, kind (the status without its channel, or META), channel × 128 + pitch or program or the
kind of meta event, velocity or bytes."""


class _Broken(Exception):
    """An event that cannot be read: it begins at `place`; `is_cut` when the track ends in it."""

    def __init__(self, place: int, *, is_cut: bool) -> None:
        super().__init__(place)
        self.place, self.is_cut = place, is_cut


@dataclass
class Track:
    """The events of a track that matter, and the tick at which it ends; `is_cut` when the rest of
    it is lost, `lost` counts bytes that could not be read on the way."""

    events: list[Event] = field(default_factory=list)
    end: int = 0
    is_cut: bool = False
    lost: int = 0


@dataclass
class Allowance:
    """How many events of a file may still be read, and kept, and after how many broken places it
    is looked for the next event: one look takes a thousandth of a second."""

    events: int = MOST_EVENTS
    kept: int = MOST_KEPT
    broken: int = _most_broken_places_of_a_file

    def check(self, kept: int) -> None:
        """Note one more event. Raises `StudioError` (its {name} is to be filled in) at the end."""
        self.events -= 1
        if self.events < 0 or kept > self.kept:
            raise StudioError(_("The tune {name} is too long: cut it into parts first."))


def read_track(data: bytes, start: int, end: int, stop: int, left: Allowance) -> Track:
    """The track that says it ends at `end`; one without an end there is read on up to `stop`."""
    is_short, end = end > len(data), min(end, len(data))
    track, ended = _read_track(data, start, end, left)
    if ended or end == stop:
        track.is_cut |= is_short and not ended
        return track
    longer, ended = _read_track(data, start, stop, left)
    return longer if ended else track


def _read_track(data: bytes, start: int, end: int, left: Allowance) -> tuple[Track, bool]:
    """The track between two places, and whether it has an event that ends it."""
    track, now, status, place, broken = Track(), 0, 0, start, 0
    while True:
        try:
            for event in _events(data, place, end, status):
                delta, kind, first, second, status, place = event
                now += delta
                left.check(len(track.events))
                if kind == META:
                    if first == END and not _goes_on(data, place, end):
                        track.end = now
                        return track, True
                    if first in _looked_at:
                        track.events.append((now, kind, first, data[second:place]))
                elif kind in (NOTE_ON, NOTE_OFF, PROGRAM) or (
                    kind == CONTROL and first & 127 in _silences
                ):
                    track.events.append((now, kind, first, second))
            break
        except _Broken as error:
            broken += 1
            left.broken -= 1
            goes_on = broken <= _most_broken_places and left.broken >= 0
            place = _next_sound(data, error.place, end, status) if goes_on else end
            if place >= end:
                track.is_cut = True
                track.lost += 0 if error.is_cut else end - error.place
                break
            track.lost += place - error.place
    track.end = now
    return track, False


def _goes_on(data: bytes, place: int, end: int) -> bool:
    """Whether notes follow an event that should be the last: some programs put tracks together."""
    sounds = False
    try:
        for number, event in enumerate(_events(data, place, end, 0)):
            sounds = sounds or event[1] == NOTE_ON
            if number >= _sure or (event[1] == META and event[2] == END):
                break
    except _Broken:
        return False
    return sounds


def _next_sound(data: bytes, broken: int, end: int, status: int) -> int:
    """The next place from which events follow each other without fault; `end` if there is none."""
    for place in range(broken + 1, min(broken + _furthest, end)):
        try:
            for number, event in enumerate(_events(data, place, end, status)):
                if number >= _sure or (event[1] == META and event[2] == END):
                    return place
        except _Broken:
            continue
    return end


def _events(
    data: bytes, place: int, end: int, status: int
) -> Iterator[tuple[int, int, int, int, int, int]]:
    """Delta time, kind, first, second as in `Event`, then the running status and the next place.
    Of a meta event the second is where its content begins.

    Raises `_Broken`. A running status holds across meta events and system messages: strictly it
    does not, but files are written like that.
    """
    while place < end:
        start = place
        try:
            delta, place = _number(data, place, end)
            byte = data[place]
            if byte >= 0x80:
                place += 1
                status = byte if byte < 0xF0 else status
            elif status:
                byte = status
            else:
                raise _Broken(start, is_cut=False)
            if byte < 0xF0:
                first, second, place = _channel_message(data, place, end, byte, start)
                yield delta, byte & 0xF0, first, second, status, place
            elif byte == META:
                first = data[place]
                begin, place = _meta(data, place, end, first)
                yield delta, META, first, begin, status, place
            else:
                place = _system(data, place, end, byte)
                yield delta, byte, 0, 0, status, place
        except IndexError:
            raise _Broken(start, is_cut=True) from None
        if place > end:
            raise _Broken(start, is_cut=True)


def _channel_message(
    data: bytes, place: int, end: int, byte: int, start: int
) -> tuple[int, int, int]:
    """First and second as in `Event`, and the next place."""
    size = 1 if byte & 0xF0 in (0xC0, 0xD0) else 2
    if place + size > end:
        raise _Broken(start, is_cut=True)
    first, second = data[place], data[place + size - 1]
    if first >= 0x80 or (second >= 0x80 and size == 1):
        raise _Broken(start, is_cut=False)
    # Some write louder than MIDI can say.
    return (byte & 0x0F) << 7 | first, min(second, 127), place + size


def _number(data: bytes, place: int, end: int) -> tuple[int, int]:
    """A number of seven bits a byte, and the place behind it."""
    value = 0
    for at in range(place, min(place + _longest_number, end)):
        byte = data[at]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + 1
    raise _Broken(place, is_cut=place + _longest_number >= end)


def _meta(data: bytes, place: int, end: int, kind: int) -> tuple[int, int]:
    """Where the content of a meta event begins and ends; `place` is that of its kind."""
    if kind == END:
        return end, min(end, place + 2 + (data[place + 1] if place + 1 < end else 0))
    size, place = _number(data, place + 1, end)
    if place + size > end:
        raise IndexError
    return place, place + size


def _system(data: bytes, place: int, end: int, byte: int) -> int:
    """The place behind a system message. One that lies about its length ends where it ends."""
    if byte not in (0xF0, 0xF7):
        return place + _data_bytes.get(byte, 0)
    size, begin = _number(data, place, end)
    stop = begin + size
    hidden = _uncounted_message.match(data, begin, end) if size == 0 and byte == 0xF0 else None
    if hidden:
        return hidden.end()
    if stop <= end and (size == 0 or data[stop - 1] == 0xF7 or _is_ascii(data, begin, stop)):
        return stop
    whole = _whole_message.match(data, begin, end)
    if whole:
        return whole.end()
    if stop > end or byte == 0xF0:
        raise IndexError
    return stop


def _is_ascii(data: bytes, begin: int, stop: int) -> bool:
    return stop - begin > 1 << 16 or data[begin:stop].isascii()
