"""The code of a plugin: which files are its own, and marks that change when they do."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.machinery
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from aigc_studio.files import plain_bytes
from aigc_studio.host import neighbours
from aigc_studio.host.records import PluginSource


def stamp(source: PluginSource) -> str:
    """A digest that changes when the plugin's code, version or interpreter does."""
    state: list[object] = [source.to_json(), sys.version, sys.executable]
    for file in code_of(source):
        try:
            about = file.stat()
        except OSError:
            continue
        state.append([str(file), about.st_mtime_ns, about.st_size])
    return hashlib.sha256(json.dumps(state).encode()).hexdigest()[:24]


def digest(source: PluginSource) -> str:
    """A digest of the plugin's code itself: the same after its files were only touched."""
    whole = hashlib.sha256()
    for file in code_of(source):
        with contextlib.suppress(OSError):
            code = plain_bytes(file)
            whole.update(f"{file}\n{len(code)}\n".encode("utf-8", "surrogatepass") + code)
    return whole.hexdigest()[:24]


def says(source: PluginSource, word: bytes) -> bool:
    """Whether a word stands anywhere in a plugin's code."""
    for file in code_of(source):
        with contextlib.suppress(OSError):
            if word in plain_bytes(file):
                return True
    return False


def code_of(source: PluginSource) -> list[Path]:
    """The files of a plugin's own code, 500 at most: what it is to be read anew for when one of
    them changes; those of a file that is not there as well."""
    if source.kind == "file":
        return list(neighbours.code_of(Path(source.path)))
    if source.kind == "folder":
        return _python_files(Path(source.path))
    parts = source.target.partition(":")[0].split(".")
    first = [source.path] if source.origin == "path" else []
    spec = importlib.machinery.PathFinder.find_spec(parts[0], [*first, *sys.path, source.path])
    if spec is None:
        return []
    if not spec.submodule_search_locations:
        return [Path(spec.origin)] if spec.origin else []
    places = map(Path, spec.submodule_search_locations)
    return [file for place in places for file in _python_files(place)]


def _python_files(folder: Path) -> list[Path]:
    # An editor or a checkout may be at work in it.
    return [Path(each) for each in sorted(_own_below(str(folder)))[:500]]


def _own_below(folder: str) -> Iterator[str]:
    """The Python files below a folder, without those of a virtual environment within it."""
    waiting = [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as listed:
                entries = [each for each in listed if not each.name.startswith(".")]
        except OSError:  # gone, shut, or deeper than a path can say
            continue
        for entry in entries:
            with contextlib.suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    waiting += [entry.path] * (entry.name != "site-packages")
                elif entry.name.endswith(".py") and entry.is_file():
                    yield entry.path
