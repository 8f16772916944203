"""Plugins without a package: a file that becomes one by lying in the plugin folder."""

from __future__ import annotations

import os
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


def add_file(path: Path) -> Path:
    """Copy a plugin of one file into the plugin folder; where it lies now.

    Raises `StudioError` for a file that is no plugin, and where something has its name.
    """
    if not is_plugin(path):
        sentence = _("{name} is not a plugin: no function in it is marked with @hookimpl.")
        raise StudioError(sentence.format(name=path.name))
    place = folders.plugin_folder() / path.name
    if os.path.lexists(place):
        sentence = _("There is a {name} in the plugin folder already: give this one another name.")
        raise StudioError(sentence.format(name=path.name))
    try:
        make_private(place.parent)
        write_bytes(place, read_bytes(path, limits.DOCUMENT_BYTES))
    except ValueError as error:
        raise StudioError(
            _("{name} cannot be read: {problem}.").format(name=path.name, problem=error)
        ) from error
    except OSError as error:
        raise StudioError(closed(place.parent, error)) from error
    return place
