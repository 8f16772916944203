"""Plugins without a package: a file or a folder that becomes one by lying in the plugin folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from aigc_studio import folders
from aigc_studio.api import limits
from aigc_studio.api.documents import read_bytes
from aigc_studio.api.errors import StudioError
from aigc_studio.files import make_private, write_bytes
from aigc_studio.host.neighbours import is_plugin
from aigc_studio.host.packages.places import closed
from aigc_studio.translation import _


def is_file(wanted: str) -> bool:
    """Whether this is the path of a single Python file."""
    path = Path(wanted).expanduser()
    return path.suffix == ".py" and path.is_file()


def is_folder(wanted: str) -> bool:
    """Whether this is the path of a folder that is a plugin, and no project."""
    path = Path(wanted).expanduser()
    return (path / "__init__.py").is_file() and not (path / "pyproject.toml").is_file()


def place_of(path: Path) -> Path:
    """Where in the plugin folder a file or a folder would lie."""
    return folders.plugin_folder() / path.resolve().name


def add(path: Path) -> Path:
    """Copy a plugin of one file, or in a folder, into the plugin folder; where it lies now.

    Raises `StudioError` for what is no plugin or cannot be read, and where something has its name.
    """
    single = path.is_file()
    if not is_plugin(path if single else path / "__init__.py"):
        sentence = _("{name} is not a plugin: no function in it is marked with @hookimpl.")
        raise StudioError(sentence.format(name=path.name))
    place = place_of(path)
    if os.path.lexists(place):
        sentence = _("There is a {name} in the plugin folder already: give this one another name.")
        raise StudioError(sentence.format(name=place.name))
    try:
        make_private(place.parent)
        (_copy_file if single else _copy_folder)(path, place)
    except (ValueError, shutil.Error) as error:
        raise StudioError(
            _("{name} cannot be read: {problem}.").format(name=place.name, problem=error)
        ) from error
    except OSError as error:
        raise StudioError(closed(place.parent, error)) from error
    return place


def _copy_file(path: Path, place: Path) -> None:
    write_bytes(place, read_bytes(path, limits.DOCUMENT_BYTES))


def _copy_folder(path: Path, place: Path) -> None:
    """All of it but what Python compiled and what is hidden, whole or not at all."""
    part = place.with_name(f".{place.name}.part")  # such a name is no plugin's
    shutil.rmtree(part, ignore_errors=True)
    left_out = shutil.ignore_patterns("__pycache__", ".*", "*.pyc")
    try:
        shutil.copytree(path, part, ignore=left_out)
        part.rename(place)
    finally:
        shutil.rmtree(part, ignore_errors=True)
