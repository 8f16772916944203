"""Plugins that lie in a folder as files and folders, without a package. Imports none of them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from aigc_studio.api import documents, limits
from aigc_studio.api.kinds import Words, record
from aigc_studio.host import neighbours
from aigc_studio.host.records import PluginSource

_choice = record({"interpreter": Words(limits.PATH)})


def folder_sources(folder: Path) -> list[PluginSource]:
    """The plugins of a folder: files `name.py`, and folders with an `__init__.py`; and what only
    looks like one (`fault`). What has no hook is none, nor is what describes nothing and is
    imported by one that does."""
    found = _modules_of(folder)
    helpers = neighbours.imported(found)
    return [
        source
        for file, source in found.items()
        if neighbours.is_plugin(file) and (file not in helpers or neighbours.describes(file))
    ]


def beside(folder: Path) -> dict[Path, bool]:
    """What lies among the plugins of a folder and is none: whether a plugin imports it."""
    found = _modules_of(folder)
    helpers = neighbours.imported(found)
    plugins = folder_sources(folder)
    return {
        Path(source.path): file in helpers
        for file, source in found.items()
        if source not in plugins
    }


def _modules_of(folder: Path) -> dict[Path, PluginSource]:
    """What may be a plugin in a folder: the file that would be imported first, and its source."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return {}
    sources = (source for source in map(source_at, entries) if source is not None)
    return {
        Path(source.path) / "__init__.py" if source.kind == "folder" else Path(source.path): source
        for source in sources
    }


def source_at(path: Path) -> PluginSource | None:
    """The plugin at a path, or None when there is none: a file or folder of another kind.

    A link that leads nowhere, and anything else that is called `name.py`, is a plugin that cannot
    be loaded: `fault` says why.
    """
    path = path.absolute()
    if path.name.startswith((".", "_")):
        return None
    if path.is_dir() and (path / "__init__.py").is_file():
        interpreter = _interpreter(path / "plugin.json")
        return PluginSource("folder", path.name, path=str(path), interpreter=interpreter)
    is_lost = path.is_symlink() and not path.exists()
    if (path.suffix == ".py" and os.path.lexists(path)) or (is_lost and not path.suffix):
        interpreter = _interpreter(path.with_suffix(".plugin.json"))
        return PluginSource("file", path.stem, path=str(path), interpreter=interpreter)
    return None


def in_environment(source: PluginSource) -> PluginSource:
    """The same with the Python of its own environment, where it has one and names no other."""
    from aigc_studio.host.packages.places import interpreter_of

    return replace(source, interpreter=source.interpreter or interpreter_of(source))


def _interpreter(file: Path) -> str:
    """What `{"interpreter": …}` beside a plugin says; a relative path starts at that file."""
    try:
        named = str(documents.read(file, limits.CARD_BYTES, kind=_choice)["interpreter"])
    except (OSError, ValueError):
        return ""
    # Unlike `Path.expanduser`, it raises nothing for the home of nobody: that cannot be started.
    # Not resolved: the interpreter of a virtual environment is a link, and must stay one.
    return os.path.normpath(file.parent / os.path.expanduser(named))
