"""MIDI files of any kind that players read, track by track: what is beside them is passed over."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aigc_studio.library.melodies.midi_events import Allowance, Track, read_track
from aigc_studio.translation import _, enumerated, ngettext

USUAL_TICKS = 480
"""To a quarter note, where a file does not say it."""

MOST_TRACKS = 0xFFFF
"""What the head of a file can count; a file may hold a million empty ones."""


@dataclass
class Midi:
    """`kind` is 0, 1 or 2; `ticks` go to a quarter note (twice as many were counted where the file
    counts seconds: see `scale`)."""

    kind: int
    ticks: int
    scale: int
    tracks: list[Track]


def read_midi(data: bytes, remarks: list[str]) -> Midi:
    """Read the events of a file; what was left out or guessed becomes sentences in `remarks`.

    Raises `ValueError` when there is no track in it, `StudioError` when there are far too many
    events (its {name} is to be filled in).
    """
    head = data.find(b"MThd")
    start = data.find(b"MTrk", max(head, 0))
    if start < 0:
        raise ValueError("no track")
    kind, count, division = 1, 0, 0
    if head >= 0 and head + 14 <= len(data):
        kind, count, division = (
            int.from_bytes(data[head + at : head + at + 2], "big") for at in (8, 10, 12)
        )
        after = head + 8 + int.from_bytes(data[head + 4 : head + 8], "big")
        # A head may be longer than today's; one that leads to nothing lies about its length.
        start = after if head + 14 <= after <= start and _is_chunk(data, after) else start
    ticks, scale = _division(division, remarks)
    tracks = _tracks(data, start, remarks)
    if count > len(tracks):
        sentence = _("It has {count} of the {told} tracks that it announces.")
        remarks.append(sentence.format(count=len(tracks), told=count))
    _tell_losses(tracks, remarks)
    return Midi(kind, ticks, scale, tracks)


def _division(division: int, remarks: list[str]) -> tuple[int, int]:
    """Ticks of a quarter note, and by what the times of a file are to be multiplied."""
    if 0 < division < 0x8000:
        return division, 1
    if not division:
        remarks.append(_("It does not say how long a beat is: that was guessed."))
        return USUAL_TICKS, 1
    frames = 256 - (division >> 8)
    remarks.append(_("It counts seconds and not beats: they were counted at 120 a minute."))
    # Half a second is a quarter then; in ticks of half the length that is always a whole number.
    return max(1, (30 if frames == 29 else frames) * (division & 0xFF)), 2


def _is_chunk(data: bytes, place: int) -> bool:
    """Whether a part of the file begins here, or it ends here."""
    name = data[place : place + 4]
    if place >= len(data) or name == b"MTrk":
        return True
    size = int.from_bytes(data[place + 4 : place + 8], "big")
    return bool(re.fullmatch(rb"[ -~]{4}", name)) and place + 8 + size <= len(data)


def _tracks(data: bytes, place: int, remarks: list[str]) -> list[Track]:
    found: list[Track] = []
    strange: list[str] = []
    left = Allowance()
    following = 0
    while 0 <= place < len(data):
        if 0 <= following < place + 4:  # looked for once, however many other parts lie before it
            following = data.find(b"MTrk", place + 4)
        end = place + 8 + int.from_bytes(data[place + 4 : place + 8], "big")
        fits = end <= len(data) and _is_chunk(data, end)
        if data[place : place + 4] == b"MTrk":
            if len(found) == MOST_TRACKS:
                sentence = _("It has more than {count} tracks: the others were left out.")
                remarks.append(sentence.format(count=f"{MOST_TRACKS:,}"))
                break
            stop = following if following >= 0 else len(data)
            track = read_track(data, place + 8, end, stop, left)
            left.kept -= len(track.events)
            # What comes from the next track on is read there, however long this one says it is.
            track.lost = min(track.lost, (end if fits else min(stop, end)) - place - 8)
            found.append(track)
        elif fits:
            strange.append(data[place : place + 4].decode("ascii", "replace"))
        place = end if fits else following
    if strange:
        sentence = ngettext(
            "{count} part of the file is not a track and was left out ({names}).",
            "{count} parts of the file are not tracks and were left out ({names}).",
            len(strange),
        )
        remarks.append(sentence.format(count=len(strange), names=enumerated(strange[:3])))
    return found


def _tell_losses(tracks: list[Track], remarks: list[str]) -> None:
    lost = sum(track.lost for track in tracks)
    if lost:
        sentence = ngettext(
            "{count} byte could not be read and was skipped.",
            "{count} bytes could not be read and were skipped.",
            lost,
        )
        remarks.append(sentence.format(count=f"{lost:,}"))
    cut = [number for number, track in enumerate(tracks, 1) if track.is_cut and not track.lost]
    if cut:
        sentence = ngettext(
            "Track {numbers} is cut off: what comes before was read.",
            "Tracks {numbers} are cut off: what comes before was read.",
            len(cut),
        )
        remarks.append(sentence.format(numbers=enumerated(map(str, cut[:5]))))
