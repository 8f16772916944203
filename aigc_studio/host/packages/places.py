"""Where packages of plugins lie: a folder for each, outside of the Python that the studio runs in.

    data/installed/<distribution>/       the package, and what it needs that the studio has not
    data/environments/<key>/             a Python of a plugin's own, and what it needs
    data/removed/                        what was taken away

What is being made lies in a hidden workplace beside them until it is whole, and gets its name by
one rename.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import os
import re
from collections.abc import Iterator
from pathlib import Path

from aigc_studio import folders
from aigc_studio.api.errors import StudioError
from aigc_studio.files import make_private, remove_tree, sync_folder
from aigc_studio.host import leftovers
from aigc_studio.host.records import GROUP, PluginSource
from aigc_studio.locks import Lock, Taken
from aigc_studio.translation import _

ASIDE = ".former-"
"""What begins the name of a folder whose place another one is about to take."""

NOTE = "environment.json"
"""What stands in an environment that is whole."""

_PATIENCE = 10.0


def installed_folder() -> Path:
    """The packages that were installed, a folder for each."""
    return folders.data_folder() / "installed"


def environments_folder() -> Path:
    """The environments of plugins' own, a folder for each."""
    return folders.data_folder() / "environments"


def removed_folder() -> Path:
    """What was taken away and can be put back."""
    return folders.data_folder() / "removed"


def normal(name: str) -> str:
    """The name of a distribution as all spellings of it share it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def plugins_in(folder: Path) -> list[PluginSource]:
    """The plugins among the packages that lie in a folder; none of them is imported."""
    found: list[PluginSource] = []
    for each in importlib.metadata.distributions(path=[str(folder)]):
        for point in each.entry_points.select(group=GROUP):
            name, version = each.name, each.version
            source = PluginSource(
                "entry_point", point.name, point.value, name, version, "", str(folder)
            )
            found.append(source)
    return sorted(found, key=lambda source: source.name)


def installed_sources() -> list[PluginSource]:
    """The plugins of all packages that were installed, by the names of their folders."""
    return [source for folder in _folders(installed_folder()) for source in plugins_in(folder)]


def _folders(parent: Path) -> list[Path]:
    try:
        found = sorted(each for each in parent.iterdir() if not each.name.startswith("."))
    except OSError:
        return []
    return [each for each in found if each.is_dir()]


def key_of(source: PluginSource) -> str:
    """What the folder of a plugin's own environment is called: that of a package as the package, of
    a file `file-NAME`. Of what lies anywhere else its place is a part: two may have one name.
    """
    own = source.distribution
    name = normal(own) if own else f"{source.kind}-{source.name}"
    installed = source.kind == "entry_point" and source.origin != "path"
    if installed or Path(source.path).is_relative_to(folders.plugin_folder()):
        return name
    return f"{name}-{hashlib.sha256(source.path.encode()).hexdigest()[:8]}"


def environment_of(source: PluginSource) -> Path:
    """Where the environment of a plugin is, or would be."""
    return environments_folder() / key_of(source)


def interpreter_of(source: PluginSource) -> str:
    """The Python of a plugin's own environment, or an empty string when it has none."""
    folder = environment_of(source)
    return str(python_in(folder)) if (folder / NOTE).is_file() else ""


def python_in(folder: Path) -> Path:
    """Where the Python of an environment is."""
    inside = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return folder.joinpath(*inside)


@contextlib.contextmanager
def turn() -> Iterator[None]:
    """Be the only one, of all windows and shells, that moves packages. Raises `StudioError`."""
    folder = installed_folder()
    try:
        make_private(folder)
        lock = Lock(folder / ".lock", seconds=_PATIENCE)
    except Taken as error:
        sentence = _("Another window or shell is installing a plugin: try again in a moment.")
        raise StudioError(sentence) from error
    except OSError as error:
        raise StudioError(closed(folder, error)) from error
    try:
        _mend(folder)
        _mend(environments_folder())
        yield
    finally:
        lock.release()


def place(made: Path, path: Path) -> None:
    """Give a whole folder its name; what has that name goes.

    Raises `OSError`, and all is as before. Only within a `turn`. When this process is killed in
    between, the next turn mends it.
    """
    former = path.with_name(f"{ASIDE}{path.name}")
    make_private(path.parent)
    if path.exists():
        os.rename(path, former)
    try:
        os.rename(made, path)
    except OSError:
        if former.exists():
            os.rename(former, path)
        raise
    sync_folder(path.parent)
    remove_tree(former)


def _mend(parent: Path) -> None:
    """Put back what a killed process had set aside, or take it away when its place is taken."""
    for former in parent.glob(f"{ASIDE}*"):
        path = parent / former.name.removeprefix(ASIDE)
        if path.exists():
            remove_tree(former)
        else:
            with contextlib.suppress(OSError):
                os.rename(former, path)


def sweep() -> None:
    """Take away what killed windows and shells left half made."""
    for parent in (installed_folder(), environments_folder()):
        leftovers.sweep(parent)


def closed(folder: Path, error: OSError) -> str:
    """What to say where a folder cannot be written in."""
    sentence = _(
        "The folder {folder} cannot be written to ({problem}): free up space, or grant permission."
    )
    return sentence.format(folder=folder, problem=error.strerror or error)
