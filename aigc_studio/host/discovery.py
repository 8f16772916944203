"""Where plugins are: entry points of installed packages, and the plugin folder. Imports none."""

from __future__ import annotations

import importlib.metadata
import os
from collections.abc import Iterator
from pathlib import Path

from aigc_studio import folders
from aigc_studio.files import plain_text
from aigc_studio.host.plugin_files import folder_sources, in_environment, source_at
from aigc_studio.host.plugin_path import (
    is_put_first,
    only,
    path_sources,
    problem_at,
    project_sources,
)
from aigc_studio.host.precedence import PATH_VARIABLE
from aigc_studio.host.records import GROUP, PluginSource
from aigc_studio.translation import _


def find_sources() -> list[PluginSource]:
    """Every plugin there is: what AIGC_STUDIO_PLUGIN_PATH names, the studio's own, other packages,
    those that were installed for the studio, then the plugin folder."""
    from aigc_studio.host.packages.places import installed_sources

    packaged = {(source.name, source.target): source for source in _entry_points()}
    ordered = sorted(
        packaged.values(), key=lambda source: (source.distribution != "aigc-studio", source.name)
    )
    first = path_sources()
    named = {source.path for source in first}
    kept = [*installed_sources(), *folder_sources(folders.plugin_folder())]
    found = [*first, *ordered, *(each for each in kept if each.path not in named)]
    return [in_environment(source) for source in found]


def find_source(words: str) -> PluginSource | None:
    """The plugin that a person's words name: the path of a file, a folder or a package project,
    or, where there is none, what the plugin folder has under that name, with or without `.py`.
    Raises `StudioError` for a project that cannot be read, or that has several."""
    found = _source_of(words)
    return in_environment(found) if found is not None else None


def _source_of(words: str) -> PluginSource | None:
    path = Path(words).expanduser()
    if (path / "pyproject.toml").is_file() and (projects := project_sources(path.absolute())):
        return only(projects, words)
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
        if is_put_first(path):
            return _("{problem} Put it back, or name the place where it is now.").format(
                problem=problem_at(path)
            )
        sentence = _("{problem} It is named by {variable}.")
        return sentence.format(problem=problem_at(path), variable=PATH_VARIABLE)
    if path.is_dir():
        sentence = _(
            "{name} is a folder without an __init__.py: put one in it, or give the folder another "
            "name."
        )
    elif path.is_symlink():
        sentence = _("{name} is a link to something that is not there: fix the link or remove it.")
    else:
        sentence = _("{name} is not a file that can be read: put a Python file in its place.")
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
        project = tomllib.loads(plain_text(root / "pyproject.toml"))["project"]
        points = project["entry-points"][GROUP].items()
    except (OSError, ValueError, KeyError):
        return
    for name, target in points:
        path = str(root / "plugins")
        yield PluginSource("entry_point", name, target, "aigc-studio", project["version"], "", path)
