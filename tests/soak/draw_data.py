"""A dataset of drawn pictures in a home: `python tests/soak/draw_data.py HOME`."""

from __future__ import annotations

import sys
from pathlib import Path


def main(home: Path, count: int = 200) -> None:
    """Write it as the library keeps it, under the name `drawn`."""
    from aigc_studio.testing import draw, write_dataset

    pictures, _labels = draw("image", count)
    # Not n % 10: every tenth example is held out.
    labels = [str(n // 10 % 10) for n in range(count)]
    write_dataset(home / "data" / "datasets" / "drawn", pictures, labels, "image")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
