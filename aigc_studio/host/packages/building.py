"""A wheel of what is no wheel yet: building it runs programs of its author."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Generator
from pathlib import Path

from aigc_studio.api import Progress, StudioError
from aigc_studio.files import plain_text
from aigc_studio.host.packages import resolving
from aigc_studio.host.packages.pip import pip
from aigc_studio.host.packages.places import normal
from aigc_studio.host.packages.wheels import Wheel, read_wheel
from aigc_studio.translation import _

_PROJECTS = ("pyproject.toml", "setup.py")


class MustBuild(StudioError):
    """It runs programs, for which a person is asked first."""

    offer = "build"

    def __init__(self, path: Path) -> None:
        sentence = _("{name} has to be built first, which runs programs of its author.")
        super().__init__(sentence.format(name=path.name))


def is_source(wanted: str) -> bool:
    """Whether what is wanted has to be built first, which runs programs of its author."""
    path = Path(wanted).expanduser()
    return path.is_dir() or path.name.endswith((".tar.gz", ".zip"))


def is_project(path: Path) -> bool:
    """Whether a folder, or an archive, is something that can be built."""
    return path.is_file() or any((path / each).is_file() for each in _PROJECTS)


def build(path: Path, scratch: Path) -> Generator[Progress, None, Wheel]:
    """The wheel of a project's folder or archive. Raises `StudioError`."""
    built = scratch / "built"
    words = ["wheel", "--no-deps", "--wheel-dir", str(built), str(path.absolute())]
    words += ["--no-build-isolation"] if _has_builder(path) else []
    yield from pip(words, scratch, _("Building {name}").format(name=path.name))
    return (yield from read_wheel(next(built.glob("*.whl")), str(path.absolute())))


def _has_builder(project: Path) -> bool:
    """Whether what builds a project is here already, so that it need not be fetched."""
    try:
        told = tomllib.loads(plain_text(project / "pyproject.toml"))
        requires = [str(each) for each in told["build-system"]["requires"]]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    here = resolving.here()
    return all(normal(re.split(r"[^\w.-]", each, maxsplit=1)[0]) in here for each in requires)
