"""MIDI files byte by byte, as other programs write them: mido would refuse to."""

from __future__ import annotations


def number(value: int) -> bytes:
    """A variable length quantity."""
    found = bytes([value & 0x7F])
    while value := value >> 7:
        found = bytes([0x80 | value & 0x7F]) + found
    return found


def chunk(name: bytes, content: bytes, size: int | None = None) -> bytes:
    """A part of the file, which may lie about its size."""
    return name + (len(content) if size is None else size).to_bytes(4, "big") + content


def head(kind: int = 0, tracks: int = 1, division: int = 480, more: bytes = b"") -> bytes:
    """The head of a file; `more` makes it longer than it is today."""
    values = b"".join(each.to_bytes(2, "big") for each in (kind, tracks, division))
    return chunk(b"MThd", values + more)


def meta(kind: int, content: bytes = b"", delta: int = 0) -> bytes:
    """A meta event."""
    return number(delta) + bytes([0xFF, kind]) + number(len(content)) + content


def tune(*pitches: int, channel: int = 0, length: int = 480) -> bytes:
    """Notes one after the other."""
    return b"".join(
        bytes([0, 0x90 | channel, pitch, 80]) + number(length) + bytes([0x80 | channel, pitch, 0])
        for pitch in pitches
    )


def track(*events: bytes, end: bytes = meta(0x2F)) -> bytes:
    """A track with its end."""
    return chunk(b"MTrk", b"".join(events) + end)


def song(*events: bytes) -> bytes:
    """A file with one track of four notes, with these events before them."""
    return head() + track(*events, tune(60, 62, 64, 65))
