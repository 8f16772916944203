"""What a model was trained on, example by example, so that nobody measures it on that.

A model's folder has a file of prints: a print is 6 bytes of a digest of one example's content. It
is about the same content under whatever name, in whatever dataset. The file is no part of the
model: with or without it, it does the same.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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
_kind = record(
    {
        "format": Whole(1),
        "data": ListOf(DIGEST, _MOST_DATA),
        "examples": Words(_MOST_BYTES),
    }
)


@dataclass(frozen=True)
class Seen:
    """What a model was trained on: `prints` of examples, and the fingerprints of the `data` that
    they were in. What a model before it was trained on, of which no more is known, is in neither.
    """

    prints: frozenset[bytes] = frozenset()
    data: tuple[str, ...] = ()

    def __or__(self, other: Seen) -> Seen:
        """Both."""
        data = tuple(dict.fromkeys((*self.data, *other.data)))[:_MOST_DATA]
        return Seen(self.prints | other.prints, data)


def seen_in(training: Dataset) -> Seen:
    """What is seen by who is trained on this dataset's training part. Raises `OSError`."""
    return Seen(frozenset(prints(training)), (training.fingerprint,))


def prints(dataset: Dataset) -> Iterator[bytes]:
    """The print of each example, in order. Raises `OSError`.

    Pictures that look the same have the same, whatever their files say of grey and opaque.
    """
    with files.open_plain(dataset.path / CONTENT) as content:
        for row in dataset.rows:
            yield _print(row, content)


def _print(row: Mapping[str, Any], content: IO[bytes]) -> bytes:
    known, shape = row.get("sha256"), row.get("shape", ())
    if known and len(shape) < 3:
        return bytes.fromhex(str(known))[:_PRINT]
    content.seek(row["offset"])
    data = content.read(row["length"])
    if len(shape) == 3:
        data = _plain_pixels(data, shape)
    return hashlib.sha256(data).digest()[:_PRINT]


def _plain_pixels(data: bytes, shape: Iterable[int]) -> bytes:
    """The pixels without what shows nothing: an opaque alpha, three channels of one grey."""
    import numpy as np

    pixels = np.frombuffer(data, np.uint8).reshape(tuple(shape))
    if pixels.shape[2] == 4 and (pixels[..., 3] == 255).all():
        pixels = pixels[..., :3]
    if pixels.shape[2] == 3 and (pixels[0] == pixels[0][..., :1]).all():  # quick for most
        red = pixels[..., :1]
        pixels = red if (pixels == red).all() else pixels
    return pixels.tobytes()


def read_seen(folder: Path) -> Seen:
    """What the file in a folder says; nothing where there is none that can be read."""
    try:
        known = documents.read(folder / SEEN, 2 * _MOST_BYTES, kind=_kind)
        data = base64.b64decode(known["examples"], validate=True)
    except (OSError, documents.Damaged, binascii.Error, ValueError):
        return Seen()
    parts = (data[place : place + _PRINT] for place in range(0, len(data), _PRINT))
    return Seen(frozenset(parts), tuple(known["data"]))


def write_seen(folder: Path, seen: Seen) -> None:
    """Write the file. Raises `OSError`."""
    text = base64.b64encode(b"".join(sorted(seen.prints))).decode("ascii")
    document = {"format": 1, "data": list(seen.data), "examples": text}
    files.write_json(folder / SEEN, document, durable=False)


def note_seen(folder: Path, training: Dataset, base: Path | None) -> None:
    """Leave in a training's folder what its model will have seen, the model it starts from too.

    Written once: what goes on after a crash is the same training.
    """
    if not (folder / SEEN).exists():
        with contextlib.suppress(OSError):  # a disk that is full says so where it matters
            write_seen(folder, seen_in(training) | (read_seen(base) if base else Seen()))
