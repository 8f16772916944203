"""What shows a model: written small, found without trust, left out where it is damaged."""

import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

from aigc_studio.api import Image, Melody, Note, Text, limits, samples
from aigc_studio.wire.artifacts import read_artifact_file


def noise(side: int, channels: int = 0) -> Image:
    shape = (side, side, channels) if channels else (side, side)
    return Image(np.random.default_rng(1).integers(0, 256, shape, np.uint8))


@pytest.mark.parametrize("picture", [noise(8), noise(700), noise(900, 3), noise(300, 4)])
def test_a_picture_is_made_as_small_as_it_may_be(tmp_path: Path, picture: Image) -> None:
    path = samples.keep(picture, tmp_path)
    assert samples.find(tmp_path) == path
    assert samples.medium_of(path) == "image"
    assert path.stat().st_size <= limits.SAMPLES_BYTES
    kept = read_artifact_file(path, "image")
    assert isinstance(kept, Image)
    assert kept.width == kept.height <= picture.width
    assert kept.mode == picture.mode
    if picture.width == 8:
        assert kept == picture


def test_of_texts_and_tunes_the_beginning_is_kept(tmp_path: Path) -> None:
    path = samples.keep(Text("月" * 100_000), tmp_path)
    assert samples.find(tmp_path) == path
    assert samples.medium_of(path) == "text"
    kept = read_artifact_file(path, "text")
    assert isinstance(kept, Text)
    assert 0 < len(kept) < 5_000
    path.unlink()
    tune = Melody(notes=tuple(Note(n * 240, 240, 60 + n % 12) for n in range(5_000)))
    path = samples.keep(tune, tmp_path)
    assert samples.find(tmp_path) == path
    kept = read_artifact_file(path, "melody")
    assert isinstance(kept, Melody)
    assert kept.notes == tune.notes[: len(kept.notes)]


def png(width: int, height: int) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", b"x" * (limits.SAMPLES_BYTES + 1), png(9_999, 9), png(0, 10), png(9, 9)[:20]],
)  # fmt: skip
def test_what_cannot_be_shown_is_no_sample(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "samples.png").write_bytes(data)
    assert samples.find(tmp_path) is None
    assert samples.find(tmp_path / "gone") is None


def test_a_link_and_a_pipe_are_none(tmp_path: Path) -> None:
    other = samples.keep(noise(8), tmp_path)
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "samples.png").symlink_to(other)
    assert samples.find(folder) is None
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "samples.txt")
        assert samples.find(folder) is None


def test_several_become_one() -> None:
    pictures = [Image(np.full((10, 20), 10 * n, np.uint8)) for n in range(8)]
    whole = samples.gathered(pictures)
    assert isinstance(whole, Image)
    assert (whole.width, whole.height) == (40, 40)
    assert whole.pixels[0, 0] == 0
    assert whole.pixels[-1, -1] == 70
    mixed = samples.gathered([noise(8), noise(16, 3), noise(8, 4)])
    assert isinstance(mixed, Image)
    assert mixed.mode == "RGBA"
    assert samples.gathered([Text(" a "), Text("b")]) == Text("a\n\nb")
    with pytest.raises(ValueError, match="nothing"):
        samples.gathered([])
