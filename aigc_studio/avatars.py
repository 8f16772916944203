"""Draws faces with a package of the index and QtSvg, in a process of its own: `python avatars.py`.

Whoever starts it says on stdin, as JSON, what to draw: `paths` (wheels to take the package from;
none where it is installed), `style` (a definition, as JSON text), `choices` (options of the
package), `size` (side in pixels) and `seeds` (numbers). For each seed there come on stdout a line
of JSON, what the package chose, and size × size × 3 bytes, the RGB pixels.

The package would check definition and options against schemas with `jsonschema`, which is no pure
Python. Both are known to the byte here, so the check is left out and with it four packages.
"""

from __future__ import annotations

import json
import os
import sys
import types
from typing import IO, Any

_FINER = 2
"""Times the side at which a face is drawn before it is made smaller: smooth edges."""


def main() -> None:
    """Draw what stdin asks for."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what the package prints is no picture
    asked = json.load(sys.stdin)
    sys.path[:0] = asked["paths"]
    _leave_out_checks()
    _draw(asked, out)


def _leave_out_checks() -> None:
    class Unchecked:
        @staticmethod
        def validate(data: object) -> None:
            """Let everything through."""

    stand_in = types.ModuleType("dicebear.validator")
    vars(stand_in).update(StyleValidator=Unchecked, OptionsValidator=Unchecked)
    sys.modules["dicebear.validator"] = stand_in


def _draw(asked: dict[str, Any], out: IO[bytes]) -> None:
    import importlib

    package: Any = importlib.import_module("dicebear")
    style, size = package.Style(json.loads(asked["style"])), int(asked["size"])
    for seed in asked["seeds"]:
        avatar = package.Avatar(style, {**asked["choices"], "seed": str(seed), "size": size})
        told = avatar.to_json()
        line = json.dumps({"seed": seed, "options": told["options"]})
        out.write(line.encode() + b"\n" + _pixels(told["svg"], size))
        out.flush()


def _pixels(svg: str, size: int) -> bytes:
    import numpy as np
    from PySide6.QtCore import QByteArray
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    side = _FINER * size
    canvas = QImage(side, side, QImage.Format.Format_RGB888)
    canvas.fill(0xFFFFFFFF)
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    if not renderer.isValid():
        raise SystemExit("the package gave no drawing")
    with QPainter(canvas) as painter:
        renderer.render(painter)
    rows = np.frombuffer(canvas.constBits(), np.uint8).reshape(side, canvas.bytesPerLine())
    fine = rows[:, : 3 * side].reshape(size, _FINER, size, _FINER, 3)
    pixels: bytes = np.rint(fine.mean(axis=(1, 3))).astype(np.uint8).tobytes()
    return pixels


if __name__ == "__main__":
    main()
