"""A display for windows: Xvfb where it is installed, otherwise Qt's own offscreen platform."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

SCREEN = "1920x1080x24"


@dataclass(frozen=True)
class Display:
    """Qt's platform, and the variables that lead there."""

    platform: str
    variables: dict[str, str]

    @property
    def title(self) -> str:
        """For the report."""
        return "Xvfb" if self.platform == "xcb" else "Qt's offscreen platform"


@contextlib.contextmanager
def open_display() -> Iterator[Display]:
    """A virtual display for as long as the block lasts."""
    if shutil.which("Xvfb") is None:
        yield Display("offscreen", {})
        return
    reader, writer = os.pipe()
    words = ["Xvfb", "-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    server = subprocess.Popen(words, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as lines:
            number = lines.readline().strip()
        if not number:
            raise SystemExit("Xvfb did not start")
        yield Display("xcb", {"DISPLAY": f":{number}"})
    finally:
        server.terminate()
        server.wait(10)
