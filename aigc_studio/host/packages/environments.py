"""A Python of a plugin's own, for one whose requirements quarrel with the studio's.

It lies in `data/environments/<name>/`, and discovery starts the plugin's worker with it.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path

from aigc_studio import needs
from aigc_studio.api import Progress, StudioError
from aigc_studio.files import remove_tree, write_json
from aigc_studio.host.leftovers import Workplace
from aigc_studio.host.packages import places
from aigc_studio.host.packages.pip import pip, run
from aigc_studio.host.packages.places import NOTE, environment_of, environments_folder, python_in
from aigc_studio.host.packages.requirements import requirements_of
from aigc_studio.host.records import PluginRecord, PluginSource
from aigc_studio.translation import _, enumerated


def make_environment(folder: Path, scratch: Path, python: str = "") -> Generator[Progress]:
    """An empty environment of `python`, or of the studio's own. Raises `StudioError`."""
    command = [python or sys.executable, "-m", "venv", "--without-pip", str(folder)]
    try:
        yield from run(command, scratch, _("Making an environment"))
    except OSError as error:
        sentence = _("The Python {path} cannot be started: {problem}.")
        problem = error.strerror or error
        raise StudioError(sentence.format(path=command[0], problem=problem)) from error


def take_environment(source: PluginSource) -> None:
    """Take the environment of a plugin away. Raises `StudioError` when it has none."""
    folder = environment_of(source)
    with places.turn():
        if not folder.is_dir():
            sentence = _("{name} has no environment of its own that was made here.")
            raise StudioError(sentence.format(name=source.name))
        with contextlib.suppress(OSError):  # first: what is half gone is not to be started
            (folder / NOTE).unlink()
        remove_tree(folder)


def note(folder: Path, requires: Sequence[str]) -> None:
    """Write down that an environment is whole, and what it was made for."""
    write_json(folder / NOTE, {"requires": list(requires)})


def give_environment(
    source: PluginSource, python: str = ""
) -> Generator[Progress, None, PluginRecord]:
    """Make an environment for a plugin that is here, and what came of it in there.

    Nothing is changed unless the plugin can be described in it. Closing the generator leaves
    nothing behind. Raises `StudioError`.
    """
    from aigc_studio.host.describing import describe

    requires = [*needs.requirements(), *requirements_of(source)]
    try:
        work = Workplace(environments_folder())
    except OSError as error:
        raise StudioError(places.closed(environments_folder(), error)) from error
    try:
        made = work.folder / "environment"
        yield from make_environment(made, work.folder, python)
        text = _("Installing {names}").format(names=enumerated(requires))
        words = ["install", "--only-binary", ":all:", *requires]
        yield from pip(words, work.folder, text, str(python_in(made)))
        yield Progress(0, 0, _("Trying the plugin in it"))
        record = describe(replace(source, interpreter=str(python_in(made))))
        if record.state != "ready":
            raise StudioError(record.reason)
        note(made, requires)
        with places.turn():
            places.place(made, environment_of(source))
        return record
    except OSError as error:
        raise StudioError(places.closed(environments_folder(), error)) from error
    finally:
        work.remove()
