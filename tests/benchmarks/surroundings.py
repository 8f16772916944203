"""Where a measurement takes place: a home folder of its own, and what child processes find."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "tests" / "plugins"
HERE = Path(__file__).resolve().parent
# What would make a child of ours slower or different from what a person starts.
_FOREIGN = ("PYTHONDONTWRITEBYTECODE", "PYTHONDEVMODE", "PYTHONTRACEMALLOC", "AIGC_STUDIO_PLUGINS")


def environment(home: Path, platform: str = "", **more: str) -> dict[str, str]:
    """The variables of a child process that works in `home`; `platform` is Qt's."""
    kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    path = [str(ROOT), str(ROOT / "plugins"), kept.get("PYTHONPATH", "")]
    return kept | {
        "AIGC_STUDIO_HOME": str(home),
        "AIGC_STUDIO_LANGUAGE": "en",
        "PYTHONPATH": os.pathsep.join(filter(None, path)),
        "QT_QPA_PLATFORM": platform or kept.get("QT_QPA_PLATFORM", "offscreen"),
        "QT_SCALE_FACTOR": "1",
        **more,
    }


def enter(home: Path, *plugins: str) -> None:
    """Have this very process work in `home` with these test plugins. Before importing Qt."""
    os.environ.update(environment(home))
    sys.dont_write_bytecode = False
    for place in (str(ROOT / "plugins"), str(ROOT)):
        if place not in sys.path:
            sys.path.insert(0, place)
    add_plugins(home, *plugins)


@contextlib.contextmanager
def new_home() -> Iterator[Path]:
    """A home folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="aigc-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def add_plugins(home: Path, *names: str) -> None:
    """Put test plugins (`echo`, `bad/crashes`) into the plugin folder."""
    folder = plugin_folder(home)
    for name in names:
        shutil.copy(PLUGINS / f"{name}.py", folder)


def add_copies(home: Path, count: int) -> None:
    """Put `count` plugins with ids of their own into the plugin folder."""
    code = (PLUGINS / "echo.py").read_text("utf-8")
    for n in range(count):
        changed = code.replace('id="echo"', f'id="echo-{n}"').replace('"Echo"', f'"Echo {n}"')
        if changed.count(f"-{n}") != 1:
            raise SystemExit("tests/plugins/echo.py is not as this benchmark expects it")
        (plugin_folder(home) / f"echo_{n}.py").write_text(changed, "utf-8")


def plugin_folder(home: Path) -> Path:
    """Where single-file plugins go."""
    folder = home / "data" / "plugins"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def run_script(words: list[str], variables: Mapping[str, str], seconds: float = 900) -> str:
    """Run a program to its end and give its standard output; its errors are shown as they come."""
    done = subprocess.run(
        words, env=dict(variables), stdout=subprocess.PIPE, timeout=seconds, check=False, text=True
    )
    if done.returncode:
        raise SystemExit(f"{Path(words[1]).name} ended with status {done.returncode}")
    return done.stdout


def of_pack(pack: str, split: Any = "train") -> Any:
    """A part (`train`, `test`) of the dataset that a sample pack became, whatever its name is here.

    Raises FileNotFoundError where there is none in this home.
    """
    from aigc_studio.library import DatasetStore

    store = DatasetStore()
    names = [each.name for each in store.list() if each.pack == pack]
    if not names:
        raise FileNotFoundError(f"the sample pack {pack} is not here (--home)")
    return store.open(names[0], split)
