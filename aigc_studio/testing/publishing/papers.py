"""What is written of a plugin outside its code: in a pyproject.toml, as installed, or in a file."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aigc_studio.host import PluginRecord
from aigc_studio.host.packages.places import normal
from aigc_studio.host.records import GROUP


@dataclass(frozen=True)
class Papers:
    """What a distribution says of itself; empty where it says nothing.

    `folder` is that of a project, `backend` the module that builds it. `points` are the entry
    points of our group, names to targets. `tables` says that its licence is a table and no string.
    """

    name: str = ""
    version: str = ""
    licence: str = ""
    python: str = ""
    summary: str = ""
    author: str = ""
    page: str = ""
    readme: str = ""
    dependencies: tuple[str, ...] = ()
    points: Mapping[str, str] = field(default_factory=dict)
    dynamic: tuple[str, ...] = ()
    folder: Path | None = None
    backend: str = ""
    tables: bool = False

    @property
    def named(self) -> tuple[str, ...]:
        """The distributions that it depends on, by their plain names."""
        return tuple(plain_name(each) for each in self.dependencies)


def plain_name(requirement: str) -> str:
    """The distribution that a requirement names, as all spellings of it are compared."""
    name = re.match(r"\s*([\w.-]+)", requirement)
    return normal(name[1]) if name else ""


def papers_of(record: PluginRecord) -> Papers | None:
    """Those of the project that a plugin lies in, or of its distribution; None for a mere file."""
    folder = project_folder(record)
    if folder is not None:
        return of_project(folder)
    if record.source.distribution and record.source.kind == "entry_point":
        return of_distribution(record.source.distribution)
    return None


def project_folder(record: PluginRecord) -> Path | None:
    """The project whose entry points name this plugin's module; the nearest above it."""
    home = Path(record.home or record.source.path or ".")
    module = record.source.target.partition(":")[0].partition(".")[0] or record.source.name
    for folder in (home, *home.parents)[:5]:
        targets = of_project(folder).points.values() if is_project(folder) else ()
        if any(re.split(r"[.:]", target)[0] == module for target in targets):
            return folder
    return None


def is_project(folder: Path) -> bool:
    """Whether there is a pyproject.toml that can be read."""
    try:
        return "project" in _read(folder)
    except (OSError, ValueError):
        return False


def _read(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))


def of_project(folder: Path) -> Papers:
    """What a pyproject.toml says. Raises `OSError` and `ValueError`; odd values count as none."""
    document = _read(folder)
    project = _table(document.get("project"))
    licence, authors = project.get("license", ""), project.get("authors", [])
    first = _table(authors[0]) if isinstance(authors, list) and authors else {}
    urls = [each for each in _table(project.get("urls")).values() if isinstance(each, str)]
    readme = project.get("readme", "")
    return Papers(
        name=_text(project.get("name")),
        version=_text(project.get("version")),
        licence=_text(_table(licence).get("text")) if isinstance(licence, dict) else _text(licence),
        python=_text(project.get("requires-python")),
        summary=_text(project.get("description")),
        author=_text(first.get("name")),
        page=urls[0] if urls else "",
        readme=_text(_table(readme).get("file")) if isinstance(readme, dict) else _text(readme),
        dependencies=_texts(project.get("dependencies")),
        points={
            str(name): str(target)
            for name, target in _table(_table(project.get("entry-points")).get(GROUP)).items()
        },
        dynamic=_texts(project.get("dynamic")),
        folder=folder,
        backend=_text(_table(document.get("build-system")).get("build-backend")),
        tables=isinstance(licence, dict),
    )


def of_distribution(name: str) -> Papers | None:
    """What an installed distribution says; None when it is not there."""
    try:
        found = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return None
    about = found.metadata

    def told(*keys: str) -> str:
        return next((str(about[key]) for key in keys if key in about), "")

    urls = [each.partition(",")[2].strip() for each in about.get_all("Project-URL") or ()]
    return Papers(
        name=found.name,
        version=found.version,
        licence=told("License-Expression", "License"),
        python=told("Requires-Python"),
        summary=told("Summary"),
        author=told("Author", "Author-email"),
        page=next(iter(filter(None, [told("Home-page"), *urls])), ""),
        readme="README",
        dependencies=tuple(each for each in found.requires or () if "extra ==" not in each),
        points={each.name: each.value for each in found.entry_points if each.group == GROUP},
        backend="-",
    )


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    each: Iterable[Any] = value if isinstance(value, list) else ()
    return tuple(word for word in each if isinstance(word, str))
