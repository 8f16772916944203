"""WAV files: 16 bits, 44.1 kHz, stereo, with what a file says of itself.

RIFF (IBM & Microsoft 1991); the program's name in `LIST INFO` (`ISFT`), an XMP packet in the chunk
`_PMX`, where the XMP specification (part 3, WAV) has it. Both stand before the sound, so that they
are read without it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import BinaryIO

import numpy as np

from aigc_studio.api.errors import StudioError
from aigc_studio.api.melody import Melody
from aigc_studio.sound import synthesis
from aigc_studio.sound.synthesis import RATE
from aigc_studio.sound.tones import Samples
from aigc_studio.translation import _

LONGEST = 60
"""Minutes that a file may have: some 600 MB."""

_FULL = 32_767.0
_HEAD = 12


def encode(melody: Melody, packet: bytes | None = None, software: str = "") -> bytes:
    """A melody as a WAV file; the same melody gives the same bytes.

    `packet` is an XMP packet. Raises `StudioError` for a melody longer than `LONGEST`.
    """
    minutes = synthesis.seconds(melody) / 60
    if minutes > LONGEST:
        sentence = _(
            "This melody lasts {minutes} minutes, and a sound file may have {most}: export it as "
            ".mid, or in parts."
        )
        raise StudioError(sentence.format(minutes=round(minutes), most=LONGEST))
    return wrapped(synthesis.blocks(melody), packet, software)


def wrapped(blocks: Iterable[Samples], packet: bytes | None = None, software: str = "") -> bytes:
    """Sound, float32 (frames, 2) block by block, as a WAV file of 16 bits."""
    noise = np.random.Generator(np.random.PCG64(16))
    sound = bytearray()
    for block in blocks:
        sound += _rounded(block, noise)
    chunks = [_chunk(b"fmt ", struct.pack("<HHIIHH", 1, 2, RATE, RATE * 4, 4, 16))]
    if software:
        name = software.encode("utf-8", "replace") + b"\0"
        chunks.append(_chunk(b"LIST", b"INFO" + _chunk(b"ISFT", name)))
    if packet is not None:
        chunks.append(_chunk(b"_PMX", packet))
    head = b"WAVE" + b"".join(chunks) + b"data" + struct.pack("<I", len(sound))
    return b"".join((b"RIFF", struct.pack("<I", len(head) + len(sound)), head, sound))


def _rounded(block: Samples, noise: np.random.Generator) -> bytes:
    """16 bits, with a little noise (triangular, 2 steps wide) that turns the error of rounding into
    hiss far below hearing; what is silent stays silent."""
    drawn = noise.random((2, *block.shape), np.float32)
    values = block * np.float32(_FULL) + (drawn[0] - drawn[1])
    values[np.abs(block) < 1e-7] = 0.0
    return bytes(np.clip(np.rint(values), -32_768, 32_767).astype("<i2").tobytes())


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def packet_in(file: BinaryIO, most: int) -> bytes | None:
    """The XMP packet of a WAV file, None where there is none of up to `most` bytes.

    Only the heads of its chunks are read, and the packet. Raises `OSError`.
    """
    head = file.read(_HEAD)
    if len(head) < _HEAD or head[:4] != b"RIFF" or head[8:] != b"WAVE":
        return None
    for _number in range(1000):
        each = file.read(8)
        if len(each) < 8:
            return None
        size = int.from_bytes(each[4:], "little")
        if each[:4] == b"_PMX":
            return file.read(size) if size <= most else None
        file.seek(size + size % 2, 1)
    return None
