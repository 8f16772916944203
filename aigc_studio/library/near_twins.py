"""Pictures that are nearly the same: kept again, smaller, brighter, or one frame after another.

Each gets 64 bits that say where it becomes brighter from left to right (the difference hash of
N. Krawetz, 2013). Of pairs with few different bits the pictures themselves are compared, as the
hash sees no more than the outline. Equal pictures are the affair of `twins`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Image, Progress, StudioError
from aigc_studio.library.attribute_tables import read_tables, with_table
from aigc_studio.library.drafts import Draft, read_drafts
from aigc_studio.library.options import ImportOptions, fit_picture
from aigc_studio.library.sources import Source, find_sources
from aigc_studio.library.surveying import survey
from aigc_studio.library.twins import Twins
from aigc_studio.translation import _

if TYPE_CHECKING:
    import numpy as np

MOST_PAIRS = 500
"""So many pairs are listed, the most alike first."""
_BITS = 10
"""Different bits of 64 up to which two pictures are compared."""
_ALIKE = 0.985
"""Least correlation of two pictures that are nearly the same."""
_SIDE = 16
_AT_ONCE = 16_384
_CELLS = 4 << 20
"""Pairs whose hashes are compared at once."""
_FLAT = 1.0
"""Standard deviation, in 255ths, below which a picture is of one colour."""
_SHOWN = 128
"""Longest side, in pixels, at which the pictures of a pair are given."""


@dataclass(frozen=True)
class NearTwin:
    """Two examples by their `Draft.source`, how `alike` they are (correlation, at most 1), and
    their pictures, small. The first is to stay."""

    first: str
    second: str
    alike: float
    pictures: tuple[Image, Image]


def find_near_twins(
    paths: Path | Sequence[Path], options: ImportOptions
) -> Generator[Progress, None, list[NearTwin]]:
    """Look for pictures that are nearly the same among those that an import would use.

    The most alike come first, at most `MOST_PAIRS`; each picture is the second of one pair at
    most, so that leaving out all the seconds leaves one of each. What is held out is a first.
    Yields Progress, and may be closed at any time. Raises `StudioError` when a path is not there.
    """
    sources = with_table(find_sources(paths, "image", options.layout).sources, options)
    told, prints = read_tables(sources, "image", options), _Prints()
    surveyed = survey(sources, "image", options, Twins(), told)
    homes: list[Source] = []
    for number, (source, (_check, drafts)) in enumerate(zip(sources, surveyed, strict=True)):
        yield Progress(number, 2 * len(sources), source.name)
        for draft in drafts:
            if isinstance(draft.artifact, Image):
                prints.note(draft.source, draft.artifact)
                homes.append(source)
    pairs = yield from _paired(prints, len(sources))
    pairs.sort(key=lambda pair: -pair[2])
    pairs = pairs[:MOST_PAIRS]
    pictures = yield from _read_again(
        [(homes[place], prints.names[place]) for pair in pairs for place in pair[:2]], options
    )
    return [
        NearTwin(prints.names[one], prints.names[two], alike, (first, second))
        for one, two, alike in pairs
        for first, second in [(pictures.get(prints.names[one]), pictures.get(prints.names[two]))]
        if first is not None and second is not None
    ]


class _Prints:
    """The hash and a tiny copy of each picture."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._hashes: list[int] = []
        self._copies: list[bytes] = []

    def note(self, name: str, image: Image) -> None:
        """Note a picture under the `Draft.source` that it has."""
        from PIL import Image as Pillow

        picture = fit_picture(image, ImportOptions(mode="rgb")).to_pillow()
        box = Pillow.Resampling.BOX
        grey = picture.convert("L").resize((9, 8), box)
        self.names.append(name)
        self._hashes.append(_hash(grey.tobytes()))
        self._copies.append(picture.resize((_SIDE, _SIDE), box).tobytes())

    def hashes(self) -> np.ndarray[Any, Any]:
        """The 64 bits of each."""
        import numpy as np

        return np.array(self._hashes, np.uint64)

    def copies(self) -> np.ndarray[Any, Any]:
        """(n, side, side, 3) uint8."""
        import numpy as np

        shape = (len(self._copies), _SIDE, _SIDE, 3)
        return np.frombuffer(b"".join(self._copies), np.uint8).reshape(shape)


def _hash(grey: bytes) -> int:
    """64 bits: whether each of 9×8 pixels is brighter than the one to its left."""
    bits = 0
    for row in range(8):
        for column in range(8):
            place = 9 * row + column
            bits = 2 * bits + (grey[place + 1] > grey[place])
    return bits


def _paired(
    prints: _Prints, offset: int
) -> Generator[Progress, None, list[tuple[int, int, float]]]:
    """Places of pictures that are nearly the same; each is the later one of one pair at most."""
    import numpy as np

    hashes, copies, found = prints.hashes(), prints.copies(), dict[int, tuple[int, float]]()
    count, coarse = len(hashes), _coarse(copies)
    at_once = max(1, _CELLS // max(count, 1))
    for start in range(0, count, at_once):
        now = Progress(offset + round(offset * start / count), 2 * offset, _("Comparing pictures"))
        yield now
        rows = hashes[start : start + at_once]
        near = np.bitwise_count(rows[:, None] ^ hashes[None, start:]) <= _BITS
        ones, twos = np.nonzero(np.triu(near, 1))
        for low in range(0, len(ones), _AT_ONCE):
            one, two = ones[low : low + _AT_ONCE] + start, twos[low : low + _AT_ONCE] + start
            hopeful = _correlation(coarse[one], coarse[two]) >= _ALIKE
            one, two = one[hopeful], two[hopeful]
            alike = _correlation(copies[one], copies[two])
            yield now
            for place in np.nonzero(alike >= _ALIKE)[0]:
                first, second = int(one[place]), int(two[place])
                if first not in found and second not in found:
                    found[second] = (first, float(alike[place]))
    return [(first, second, alike) for second, (first, alike) in found.items()]


def _coarse(copies: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The tiny copies made smaller still: what is not alike here need not be compared in full."""
    count, part = len(copies), _SIDE // 4
    blocks = copies.reshape(count, 4, part, 4, part, 3)
    means: np.ndarray[Any, Any] = blocks.mean((2, 4), dtype="float32")
    return means


def _correlation(one: np.ndarray[Any, Any], two: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """How alike rows are: 1 for the same but for brightness and contrast; flat ones by colour."""
    import numpy as np

    one, two = (each.reshape(len(each), -1).astype(np.float32) for each in (one, two))
    flat = (one.std(1) < _FLAT) | (two.std(1) < _FLAT)
    apart = np.abs(one - two).mean(1)
    one, two = one - one.mean(1, keepdims=True), two - two.mean(1, keepdims=True)
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(two, axis=1)
    alike = (one * two).sum(1) / np.maximum(lengths, 1e-6)
    found: np.ndarray[Any, Any] = np.where(flat, 1 - apart / 64, alike)
    return found


def _read_again(
    wanted: Sequence[tuple[Source, str]], options: ImportOptions
) -> Generator[Progress, None, dict[str, Image]]:
    """The pictures of these examples, small; those that are gone by now are not there."""
    homes: dict[Source, set[str]] = defaultdict(set)
    for source, name in wanted:
        homes[source].add(name)
    found: dict[str, Image] = {}
    for number, (source, names) in enumerate(homes.items()):
        yield Progress(number, len(homes), _("Reading"))
        for draft in _drafts(source, options):
            if draft.source in names and isinstance(draft.artifact, Image):
                found[draft.source] = _small(draft.artifact)
    return found


def _drafts(source: Source, options: ImportOptions) -> Iterator[Draft]:
    try:
        yield from read_drafts(source, "image", options)
    except StudioError:
        return


def _small(image: Image) -> Image:
    if max(image.width, image.height) <= _SHOWN:
        return image
    picture = image.to_pillow()
    picture.thumbnail((_SHOWN, _SHOWN))
    return Image.from_pillow(picture)
