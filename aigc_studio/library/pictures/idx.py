"""Pictures in the format of the original MNIST (IDX, LeCun), and the labels beside them."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.api import StudioError
from aigc_studio.translation import _

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_IDX_BYTES = 1024**3


def read_idx(path: Path) -> tuple[NDArray[np.uint8], list[str]]:
    """The pictures (count, height, width), and a label for each; none where no labels lie beside.

    Raises `StudioError`.
    """
    import numpy as np

    shape, data = _read_idx(path, 3)
    return np.frombuffer(data, np.uint8).reshape(shape), _labels_beside(path, shape[0])


def _labels_beside(path: Path, count: int) -> list[str]:
    name = path.name.replace("images", "labels").replace("idx3", "idx1")
    names = {name, name.removesuffix(".gz"), f"{name.removesuffix('.gz')}.gz"}
    beside = next((path.with_name(each) for each in names if path.with_name(each).exists()), None)
    if beside is None:
        return []
    shape, data = _read_idx(beside, 1)
    if shape[0] != count:
        raise StudioError(
            _("{name} has {count} labels for {pictures} pictures: they do not belong together.")
            .format(name=beside.name, count=shape[0], pictures=count)
        )  # fmt: skip
    return [str(each) for each in data]


def _read_idx(path: Path, dimensions: int) -> tuple[tuple[int, ...], bytes]:
    broken = StudioError(
        _("The file {name} is not a complete IDX file: get it again.").format(name=path.name)
    )
    try:
        opener: Any = gzip.open if path.suffix.lower() == ".gz" else open
        with opener(path, "rb") as file:
            head = file.read(4 + 4 * dimensions)
            if len(head) < 4 + 4 * dimensions or head[:4] != bytes((0, 0, 8, dimensions)):
                raise broken
            shape = tuple(
                int.from_bytes(head[4 + 4 * axis : 8 + 4 * axis], "big")
                for axis in range(dimensions)
            )
            size = 1
            for side in shape:
                size *= side
            if not 0 < size <= MOST_IDX_BYTES:
                raise broken
            data = file.read(size + 1)
    except (OSError, EOFError, ValueError, MemoryError, zlib.error) as error:
        raise broken from error
    if len(data) != size:
        raise broken
    return shape, data
