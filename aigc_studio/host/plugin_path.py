"""`AIGC_STUDIO_PLUGIN_PATH`: plugins that are being written, wherever they lie. Imports none.

Each entry is a plugin's file or folder, a folder of plugins, or a package project: a folder whose
`pyproject.toml` has entry points of our group.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from aigc_studio.api.errors import StudioError
from aigc_studio.files import plain_text
from aigc_studio.host.plugin_files import folder_sources, in_environment, source_at
from aigc_studio.host.precedence import PATH_VARIABLE, named_paths, whole_path
from aigc_studio.host.records import GROUP, PluginSource
from aigc_studio.translation import _, enumerated

_put_first: set[str] = set()


def put_first(words: str) -> tuple[PluginSource, ...]:
    """Have what a person names come before all other plugins, in this process and what it starts.

    Gives the plugins that are there. Raises `StudioError` where none is.
    """
    found = named_sources(words)
    path = str(whole_path(words))
    others = [each for each in named_paths() if each != path]
    os.environ[PATH_VARIABLE] = os.pathsep.join([path, *others])
    _put_first.add(path)
    return found


def is_put_first(path: Path) -> bool:
    """Whether a person has named this path here, and not in AIGC_STUDIO_PLUGIN_PATH."""
    return str(path) in _put_first


def path_sources() -> list[PluginSource]:
    """The plugins of all entries; what is wrong with one is in its record (`discovery.fault`)."""
    found: dict[tuple[str, str], PluginSource] = {}
    for entry in named_paths():
        try:
            sources: Sequence[PluginSource] = named_sources(entry)
        except StudioError:
            path = whole_path(entry)
            sources = [PluginSource("file", path.stem, path=str(path), origin="path")]
        for source in sources:
            found.setdefault((source.path, source.target), source)
    return list(found.values())


def named_sources(words: str) -> tuple[PluginSource, ...]:
    """The plugins at a path. Raises `StudioError` that says why there is none."""
    path = whole_path(words)
    try:
        found = tuple(in_environment(replace(each, origin="path")) for each in _at(path))
    except OSError as error:
        sentence = _("{path} cannot be read: {problem}.")
        raise StudioError(sentence.format(path=words, problem=error.strerror or error)) from None
    if not found:
        raise StudioError(problem_at(path, words))
    return found


def only(found: Sequence[PluginSource], words: str) -> PluginSource:
    """The one plugin that was found at a path. Raises `StudioError` where there are several."""
    if len(found) > 1:
        sentence = _("There are several plugins in {path}. Name the file of one: {names}.")
        names = enumerated(each.name for each in found)
        raise StudioError(sentence.format(path=words, names=names))
    return found[0]


def problem_at(path: Path, words: str = "") -> str:
    """Why there is no plugin at a path, as a sentence; an empty string when there is one."""
    name = words or str(path)
    if not os.path.lexists(path):
        return _("There is no file or folder {path}.").format(path=name)
    try:
        if tuple(_at(path)):
            return ""
    except StudioError as error:
        return str(error)
    if path.name.startswith(("_", ".")):
        sentence = _("{path} is not a plugin, as its name begins with {letter}: rename it.")
    elif path.is_dir():
        sentence = _(
            "{path} has no plugin in it: name a Python file, a folder with an __init__.py, or one "
            "whose pyproject.toml has an entry point of the group {group}."
        )
    else:
        sentence = _("{path} is not a plugin: name a Python file, or a folder with an __init__.py.")
    return sentence.format(path=name, group=GROUP, letter=path.name[:1])


def _at(path: Path) -> Iterator[PluginSource]:
    if (path / "pyproject.toml").is_file():
        yield from project_sources(path)
        if not (path / "__init__.py").is_file():
            return
    source = source_at(path)
    if source is not None:
        yield source
    elif path.is_dir():
        yield from folder_sources(path)


def project_sources(root: Path) -> list[PluginSource]:
    """The plugins that a package project has entry points of, installed or not.

    Raises `StudioError` for a pyproject.toml that cannot be read, and for a module that is nowhere.
    """
    project = _project(root)
    points = project.get("entry-points", {})
    group = points.get(GROUP, {}) if isinstance(points, dict) else {}
    distribution, version = (str(project.get(key) or "") for key in ("name", "version"))
    found = []
    for name, target in group.items() if isinstance(group, dict) else ():
        place = str(_home_of(root, str(target)))
        found.append(
            PluginSource("entry_point", name, str(target), distribution, version, "", place, "path")
        )
    return found


def project_requirements(source: PluginSource) -> list[str]:
    """The dependencies in the pyproject.toml of the project that a plugin lies in: what it says
    now, whatever was built of it before. Raises `StudioError` for one that cannot be read."""
    told = _project(project_of(source)).get("dependencies", [])
    return [str(each) for each in told] if isinstance(told, list) else []


def project_of(source: PluginSource) -> Path:
    """The folder with the pyproject.toml that `project_sources` found a plugin by."""
    place = Path(source.path)
    return place if (place / "pyproject.toml").is_file() else place.parent


def _project(root: Path) -> dict[str, Any]:
    import tomllib

    try:
        document = tomllib.loads(plain_text(root / "pyproject.toml"))
    except ValueError as error:
        sentence = _("The pyproject.toml of {path} cannot be read: {problem}.")
        raise StudioError(sentence.format(path=root, problem=error)) from None
    project = document.get("project", {})
    return project if isinstance(project, dict) else {}


def _home_of(root: Path, target: str) -> Path:
    """The folder that the module of an entry point lies in: src, the project's own, or another."""
    package = target.partition(":")[0].partition(".")[0]
    inner = sorted(each for each in root.iterdir() if each.is_dir() and each.name[0] != ".")
    for place in (root / "src", root, *inner):
        if (place / f"{package}.py").is_file() or (place / package / "__init__.py").is_file():
            return place
    sentence = _(
        "The entry point {target} of {path} names the module {module}, and there is no such file "
        "or folder in it."
    )
    raise StudioError(sentence.format(target=target, path=root, module=package))
