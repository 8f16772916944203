"""What a model was trained on, example by example, so that nobody measures it on that.

A model's folder has a file of prints: a print is 6 bytes of a digest of one example's content. It
is about the same content under whatever name, in whatever dataset. The file is no part of the
model: with or without it, it does the same.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from aigc_studio import files
from aigc_studio.api import Dataset, documents, limits
from aigc_studio.api.dataset import CONTENT, DIGEST
from aigc_studio.api.kinds import ListOf, Whole, Words, record
from aigc_studio.wire.model_folder import SEEN

_PRINT = 6
"""Bytes of a print: of a million examples that were trained on and a million that were not, one in
three hundred is taken for another. 70,000 of them are 560 KB in the file."""
_MOST_BYTES = 2 * _PRINT * limits.EXAMPLES
_MOST_DATA = 200
_part = record({"data": DIGEST, "examples": Words(_MOST_BYTES)})
_kind = record({"format": Whole(1), "learnt": ListOf(_part, _MOST_DATA)})


@dataclass(frozen=True)
class Seen:
    """What a model was trained on: the prints of examples by the fingerprint of the data that they
    were in. Of data that it does not name nothing is known."""

    data: Mapping[str, frozenset[bytes]] = field(default_factory=dict)

    def __or__(self, other: Seen) -> Seen:
        """What either was trained on, as far as so many data are kept."""
        both = {**self.data, **other.data}
        return Seen(dict(list(both.items())[:_MOST_DATA]))

    def prints_beside(self, fingerprint: str) -> frozenset[bytes]:
        """The prints of all but the data of this fingerprint: what is held out of that was then.

        An example may well be in both parts of it: *Yes.* stands in comedies and tragedies.
        """
        others = (each for name, each in self.data.items() if name != fingerprint)
        return frozenset().union(*others)


def seen_in(training: Dataset) -> Seen:
    """What is seen by who is trained on this dataset's training part. Raises `OSError`."""
    return Seen({training.fingerprint: frozenset(prints(training))})


def prints(dataset: Dataset) -> Iterator[bytes]:
    """The print of each example, in order. Raises `OSError`.

    Pictures that look the same have the same, whatever their files say of grey and opaque.
    """
    with files.open_plain(dataset.path / CONTENT) as content:
        for row in dataset.rows:
            yield _print(row, content)


def _print(row: Mapping[str, Any], content: IO[bytes]) -> bytes:
    known, shape = str(row.get("sha256", "")), row.get("shape", ())
    if known and (len(shape) < 3 or _shows_all(row, content)):
        return bytes.fromhex(known)[:_PRINT]
    content.seek(row["offset"])
    data = content.read(row["length"])
    if len(shape) == 3:
        data = _plain_pixels(data, shape)
    return hashlib.sha256(data).digest()[:_PRINT]


def _shows_all(row: Mapping[str, Any], content: IO[bytes]) -> bool:
    """Whether the first line of pixels tells that each channel of a picture shows something: then
    nothing else of it need be read."""
    width, channels = row["shape"][1:]
    content.seek(row["offset"])
    line = content.read(width * channels)
    if channels == 4:
        return line[3::4] != bytes([255]) * int(width)
    return channels == 3 and len({line[::3], line[1::3], line[2::3]}) > 1


def _plain_pixels(data: bytes, shape: Iterable[int]) -> bytes:
    """The pixels without what shows nothing: an opaque alpha, three channels of one grey."""
    import numpy as np

    pixels = np.frombuffer(data, np.uint8).reshape(tuple(shape))
    if pixels.shape[2] == 4 and (pixels[..., 3] == 255).all():
        pixels = pixels[..., :3]
    if pixels.shape[2] == 3 and (pixels == pixels[..., :1]).all():
        pixels = pixels[..., :1]
    return pixels.tobytes()


def read_seen(folder: Path) -> Seen:
    """What the file in a folder says; nothing where there is none that can be read."""
    try:
        known = documents.read(folder / SEEN, 2 * _MOST_BYTES, kind=_kind)
        return Seen({each["data"]: _prints_of(each["examples"]) for each in known["learnt"]})
    except (OSError, ValueError):  # `documents.Damaged`, and what is no base64
        return Seen()


def _prints_of(text: str) -> frozenset[bytes]:
    data = base64.b64decode(text, validate=True)
    return frozenset(data[place : place + _PRINT] for place in range(0, len(data), _PRINT))


def write_seen(folder: Path, seen: Seen) -> None:
    """Write the file. Raises `OSError`."""
    learnt = [
        {"data": name, "examples": base64.b64encode(b"".join(sorted(each))).decode("ascii")}
        for name, each in seen.data.items()
    ]
    files.write_json(folder / SEEN, {"format": 1, "learnt": learnt}, durable=False)


def note_seen(folder: Path, training: Dataset, base: Path | None) -> None:
    """Leave in a training's folder what its model will have seen, the model it starts from too.

    Written once: what goes on after a crash is the same training.
    """
    if not (folder / SEEN).exists():
        with contextlib.suppress(OSError):  # a disk that is full says so where it matters
            write_seen(folder, seen_in(training) | (read_seen(base) if base else Seen()))
