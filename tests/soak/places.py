"""Where the soak works: homes of its own, child processes with a mark, and what they leave."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
ZOO = ROOT / "tests" / "plugins" / "bad"
MARKER = "AIGC_SOAK_MARK"
_FOREIGN = ("AIGC_STUDIO_PLUGINS", "PYTHONDEVMODE", "PYTHONTRACEMALLOC")


@contextlib.contextmanager
def new_home() -> Iterator[Path]:
    """A home folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="aigc-soak-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def environment(home: Path, mark: str = "", **more: str) -> dict[str, str]:
    """The variables of a child that works in `home`; `mark` is inherited by all it starts."""
    kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    path = [str(ROOT), str(ROOT / "plugins"), kept.get("PYTHONPATH", "")]
    return kept | {
        "AIGC_STUDIO_HOME": str(home),
        "AIGC_STUDIO_LANGUAGE": "en",
        "PYTHONPATH": os.pathsep.join(filter(None, path)),
        "QT_QPA_PLATFORM": "offscreen",
        MARKER: mark or new_mark(),
        **more,
    }


def new_mark() -> str:
    """A mark that nothing else has."""
    return secrets.token_hex(8)


def add_plugins(home: Path, *files: Path) -> None:
    """Put plugins into the plugin folder, as a person would."""
    folder = home / "data" / "plugins"
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        if file.is_dir():
            shutil.copytree(file, folder / file.name, dirs_exist_ok=True)
        else:
            shutil.copy(file, folder / file.name)


def marked(mark: str) -> list[int]:
    """Processes that carry a mark in their environment (Linux; elsewhere none is found)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"{MARKER}={mark}".encode() in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
        except OSError:
            continue  # gone, or another person's
    return found


def left_running(mark: str, seconds: float = 8.0) -> list[str]:
    """Names of processes with this mark that are there after a while; they are ended then."""
    due = time.monotonic() + seconds
    while (found := marked(mark)) and time.monotonic() < due:
        time.sleep(0.1)
    names = [f"process {number} ({_command(number)})" for number in found]
    end_marked(mark)
    return names


def end_marked(mark: str) -> None:
    """`kill -9` all that carries a mark."""
    for number in marked(mark):
        with contextlib.suppress(OSError):
            os.kill(number, signal.SIGKILL)


def _command(number: int) -> str:
    try:
        words = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return "gone"
    return b" ".join(words).decode("utf-8", "replace")[-80:].strip()


def script(name: str, *words: object) -> list[str]:
    """The command of a script of this folder."""
    return [sys.executable, str(HERE / f"{name}.py"), *map(str, words)]
