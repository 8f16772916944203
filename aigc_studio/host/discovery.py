"""Where plugins are: entry points of installed packages, and the plugin folder. Imports none."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.machinery
import importlib.metadata
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from aigc_studio import folders
from aigc_studio.api import documents, limits
from aigc_studio.api.kinds import Words, record
from aigc_studio.files import files_below
from aigc_studio.host import neighbours
from aigc_studio.host.records import PATH_VARIABLE, PluginSource
from aigc_studio.translation import _

GROUP = "aigc_studio.plugins"
"""`api.hookspecs.ENTRY_POINT_GROUP`, without importing pluggy."""


def find_sources() -> list[PluginSource]:
    """Every plugin there is: what AIGC_STUDIO_PLUGIN_PATH names, the studio's own, other packages,
    those that were installed for the studio, then the plugin folder."""
    from aigc_studio.host.packages.places import installed_sources
    from aigc_studio.host.plugin_path import path_sources

    packaged = {(source.name, source.target): source for source in _entry_points()}
    ordered = sorted(
        packaged.values(), key=lambda source: (source.distribution != "aigc-studio", source.name)
    )
    first = path_sources()
    named = {source.path for source in first}
    kept = [*installed_sources(), *folder_sources(folders.plugin_folder())]
    found = [*first, *ordered, *(each for each in kept if each.path not in named)]
    return [_in_environment(source) for source in found]


def _in_environment(source: PluginSource) -> PluginSource:
    """The same with the Python of its own environment, where it has one and names no other."""
    from aigc_studio.host.packages.places import interpreter_of

    interpreter = source.interpreter or interpreter_of(source)
    return replace(source, interpreter=interpreter)


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


def find_source(words: str) -> PluginSource | None:
    """The plugin that a person's words name: the path of a file, a folder or a package project (its
    first), or, where there is none, what the plugin folder has under that name, with or without
    `.py`. Raises `StudioError` for a project that cannot be read."""
    from aigc_studio.host.plugin_path import project_sources

    path = Path(words).expanduser()
    if (path / "pyproject.toml").is_file() and (projects := project_sources(path.absolute())):
        return projects[0]
    here = source_at(path)
    if here is not None and os.path.lexists(here.path):
        return here
    if len(Path(words).parts) != 1:
        return None
    kept = folders.plugin_folder()
    return source_at(kept / words) or source_at(kept / f"{words}.py")


def fault(source: PluginSource) -> str:
    """Why there is nothing to load at a plugin's path, as a sentence, or an empty string."""
    path = Path(source.path)
    if source.kind != "file" or path.is_file():
        return ""
    if source.origin == "path" and not path.is_symlink():
        from aigc_studio.host.plugin_path import problem_at

        sentence = _("{problem} It is named by {variable}.")
        return sentence.format(problem=problem_at(path), variable=PATH_VARIABLE)
    if path.is_dir():
        sentence = _(
            "{name} is a folder without an __init__.py: put one in it, or give the folder another "
            "name."
        )
    elif path.is_symlink():
        sentence = _("{name} is a link to something that is not there: mend the link or remove it.")
    else:
        sentence = _("{name} is no file that can be read: put a Python file in its place.")
    return sentence.format(name=path.name)


def is_wanted(source: PluginSource) -> bool:
    """Whether `AIGC_STUDIO_NO_PLUGINS` and `AIGC_STUDIO_PLUGINS=a,b` let this plugin in; they say
    nothing of what AIGC_STUDIO_PLUGIN_PATH names."""
    if source.origin == "path":
        return True
    if os.environ.get("AIGC_STUDIO_NO_PLUGINS", "0") not in ("", "0"):
        return False
    wanted = os.environ.get("AIGC_STUDIO_PLUGINS")
    if wanted is None:
        return True
    names = {name.strip().replace("_", "-") for name in wanted.split(",")}
    return source.name.replace("_", "-") in names


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
            code = file.read_bytes()
            whole.update(f"{file}\n{len(code)}\n".encode("utf-8", "surrogatepass") + code)
    return whole.hexdigest()[:24]


def says(source: PluginSource, word: bytes) -> bool:
    """Whether a word stands anywhere in a plugin's code."""
    for file in code_of(source):
        with contextlib.suppress(OSError):
            if word in file.read_bytes():
                return True
    return False


def _entry_points() -> Iterator[PluginSource]:
    found = False
    for point in importlib.metadata.entry_points(group=GROUP):
        name, version = (point.dist.name, point.dist.version) if point.dist else ("", "")
        found = found or name == "aigc-studio"
        yield PluginSource("entry_point", point.name, point.value, name, version)
    if not found:
        yield from _checkout()


def _checkout() -> Iterator[PluginSource]:
    """The plugins that come with the studio, when it runs from a checkout and is not installed."""
    import tomllib

    root = Path(__file__).resolve().parents[2]
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
        points = project["entry-points"][GROUP].items()
    except (OSError, ValueError, KeyError):
        return
    for name, target in points:
        path = str(root / "plugins")
        yield PluginSource("entry_point", name, target, "aigc-studio", project["version"], "", path)


_choice = record({"interpreter": Words(limits.PATH)})


def _interpreter(file: Path) -> str:
    """What `{"interpreter": …}` beside a plugin says; a relative path starts at that file."""
    try:
        named = str(documents.read(file, limits.CARD_BYTES, kind=_choice)["interpreter"])
    except (OSError, ValueError):
        return ""
    # Unlike `Path.expanduser`, it raises nothing for the home of nobody: that cannot be started.
    # Not resolved: the interpreter of a virtual environment is a link, and must stay one.
    return os.path.normpath(file.parent / os.path.expanduser(named))


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
    found = (each for each in files_below(folder) if each.suffix == ".py")
    return sorted(each for each in found if _is_own(each.relative_to(folder)))[:500]


def _is_own(file: Path) -> bool:
    """Whether a file is a plugin's own, and not of a virtual environment within its folder."""
    return "site-packages" not in file.parts and not any(p.startswith(".") for p in file.parts)
