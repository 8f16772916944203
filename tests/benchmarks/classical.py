"""Classical repairs of damaged pictures, by opencv and scikit-image: what our net stands beside.

Run by a Python of another environment that has them; it knows nothing of the studio.

    python classical.py IN.npz OUT.npz        # pictures (n, h, w[, c]) uint8, holes (n, h, w) bool
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from skimage.restoration import inpaint_biharmonic

Pixels = np.ndarray[Any, Any]
RADIUS = 3
"""Pixels around a hole that OpenCV looks at, as in its own examples."""


def by_opencv(how: int) -> Callable[[Pixels, Pixels], Pixels]:
    """A method of OpenCV, for one picture."""
    return lambda picture, hole: _opencv(picture, hole, how)


def _opencv(picture: Pixels, hole: Pixels, how: int) -> Pixels:
    done: Pixels = cv2.inpaint(picture, hole.astype(np.uint8) * 255, RADIUS, how)
    return done


def biharmonic(picture: Pixels, hole: Pixels) -> Pixels:
    """Scikit-image's, for one picture, grey or in colour."""
    colour = picture.ndim == 3
    done = inpaint_biharmonic(picture / 255.0, hole, channel_axis=-1 if colour else None)
    found: Pixels = np.rint(np.clip(done, 0, 1) * 255).astype(np.uint8)
    return found


METHODS = {
    "telea": by_opencv(cv2.INPAINT_TELEA),
    "navier-stokes": by_opencv(cv2.INPAINT_NS),
    "biharmonic": biharmonic,
}


def main() -> None:
    """Repair all, by every method."""
    given = np.load(sys.argv[1])
    pictures, holes = given["pictures"], given["holes"]
    made: dict[str, Any] = {}
    for name, method in METHODS.items():
        began = time.perf_counter()
        pairs = zip(pictures, holes, strict=True)
        made[name] = np.stack([method(np.ascontiguousarray(p), h) for p, h in pairs])
        sys.stderr.write(f"{name}: {1000 * (time.perf_counter() - began) / len(holes):.1f} ms\n")
    np.savez(sys.argv[2], **made)


if __name__ == "__main__":
    main()
