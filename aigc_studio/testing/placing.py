"""Where a test class means its plugin to be, wherever pytest was started."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from aigc_studio.host import PluginSource
from aigc_studio.host.discovery import source_at


def beside_test(plugin: PluginSource | Path | str, test: type) -> PluginSource | Path | str:
    """The plugin as a test class names it: a relative path begins at the folder of the test's file.

    What is not there is looked for in the folders above, up to that of the project (the one with a
    `pyproject.toml`). All else stays as it is: the name of an installed plugin, or a path from
    where pytest was started.
    """
    if isinstance(plugin, PluginSource) or not str(plugin) or Path(plugin).is_absolute():
        return plugin
    found = (folder / plugin for folder in _folders(test))
    return next(filter(_is_plugin, found), plugin)


def _is_plugin(path: Path) -> bool:
    return source_at(path) is not None or (path / "pyproject.toml").is_file()


def _folders(test: type) -> Iterator[Path]:
    file = getattr(sys.modules.get(test.__module__), "__file__", None)
    if file is None:
        return
    for folder in Path(file).resolve().parents:
        yield folder
        if (folder / "pyproject.toml").is_file() or (folder / ".git").exists():
            return
