"""A Python of a plugin's own, for one whose requirements quarrel with the studio's.

It lies in `data/environments/<name>/`, and discovery starts the plugin's worker with it. What a
plugin requires stands in its package, in `plugin.json` beside it (`"requires": […]`), or in the
comment block `# /// script` of a single file.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import re
import shlex
import sys
from collections.abc import Generator, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from aigc_studio import needs
from aigc_studio.api import Progress, StudioError, documents, limits
from aigc_studio.api.kinds import ListOf, Words, record
from aigc_studio.files import remove_tree, write_json
from aigc_studio.host.leftovers import Workplace
from aigc_studio.host.packages import places
from aigc_studio.host.packages.pip import pip, run
from aigc_studio.host.packages.places import NOTE, environments_folder, key_of, python_in
from aigc_studio.host.packages.scripts import script_dependencies
from aigc_studio.host.plugin_path import project_of, project_requirements
from aigc_studio.host.records import PluginRecord, PluginSource
from aigc_studio.translation import _, enumerated

_REQUIREMENT = Words(limits.SENTENCE)
_required = record({}, requires=ListOf(_REQUIREMENT))


def requirements_of(source: PluginSource) -> tuple[str, ...]:
    """What a plugin says that it requires besides the studio. Raises `StudioError`."""
    if source.kind == "entry_point":
        of = project_requirements if source.origin == "path" else _of_distribution
        return without_studio(of(source))
    path = Path(source.path)
    file, beside = path, path.with_suffix(".plugin.json")
    if source.kind == "folder":
        file, beside = path / "__init__.py", path / "plugin.json"
    try:
        told = documents.read(beside, limits.CARD_BYTES, kind=_required).get("requires", [])
    except OSError:
        told = []
    except ValueError as error:
        sentence = _("{name} cannot be read: {problem}.")
        raise StudioError(sentence.format(name=beside.name, problem=error)) from error
    return without_studio([*map(str, told), *_of_script(file)])


def way_to_get(source: PluginSource) -> str:
    """A sentence on how a plugin gets what it requires and has not got, or an empty string."""
    try:
        names = lacking(source)
    except (StudioError, OSError, ValueError):  # what it requires cannot be read: another's matter
        return ""
    sentence = _("It requires {names}: “{command}” installs that for it alone.")
    place = shlex.quote(source.path) if source.origin == "path" else source.name
    if source.kind == "entry_point":
        place = shlex.quote(str(project_of(source)))
    command = f"aigc-studio plugins environment {place}"
    return sentence.format(names=enumerated(names), command=command) if names else ""


def lacking(source: PluginSource) -> list[str]:
    """What a plugin says that it requires, and the Python that it runs in has not got or was not
    given. Of an installed package it is nothing: that came with it. Raises `StudioError`."""
    if source.kind == "entry_point" and source.origin != "path":
        return []
    required = requirements_of(source)
    if not source.interpreter:
        return [each for each in required if not _is_here(each)]
    if source.interpreter != places.interpreter_of(source):
        return []  # one that the author named
    given = documents.read(folder_of(source) / NOTE, limits.CARD_BYTES, kind=_required)
    return [each for each in required if each not in given.get("requires", [])]


def _is_here(requirement: str) -> bool:
    name = re.match(r"\s*[\w.-]+", requirement)
    try:
        return name is None or bool(importlib.metadata.distribution(name[0].strip()))
    except importlib.metadata.PackageNotFoundError:
        return False


def without_studio(requires: Iterable[str]) -> tuple[str, ...]:
    """Requirements without those of extras, and without the studio, which the worker brings."""
    return tuple(
        each
        for each in requires
        if not re.search(r";.*\bextra\s*==", each)
        and not re.match(r"\s*aigc[-_.]studio(?![\w.-])", each, re.IGNORECASE)
    )


def _of_distribution(source: PluginSource) -> Sequence[str]:
    if not source.path:
        sentence = _(
            "{name} lies in the Python that the studio runs in: install it with “aigc-studio "
            "plugins install”, and it can have an environment of its own."
        )
        raise StudioError(sentence.format(name=source.name))
    for each in importlib.metadata.distributions(path=[source.path]):
        if places.normal(each.name) == places.normal(source.distribution):
            return each.requires or []
    return []


def _of_script(file: Path) -> tuple[str, ...]:
    try:
        return script_dependencies(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        sentence = _("The block “# /// script” of {name} cannot be read: {problem}.")
        raise StudioError(sentence.format(name=file.name, problem=error)) from error


def make_environment(folder: Path, scratch: Path, python: str = "") -> Generator[Progress]:
    """An empty environment of `python`, or of the studio's own. Raises `StudioError`."""
    command = [python or sys.executable, "-m", "venv", "--without-pip", str(folder)]
    try:
        yield from run(command, scratch, _("Making an environment"))
    except OSError as error:
        sentence = _("The Python {path} cannot be started: {problem}.")
        problem = error.strerror or error
        raise StudioError(sentence.format(path=command[0], problem=problem)) from error


def folder_of(source: PluginSource) -> Path:
    """Where the environment of a plugin is, or would be."""
    return environments_folder() / key_of(source)


def take_environment(source: PluginSource) -> None:
    """Take the environment of a plugin away. Raises `StudioError` when it has none."""
    folder = folder_of(source)
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
            places.place(made, folder_of(source))
        return record
    except OSError as error:
        raise StudioError(places.closed(environments_folder(), error)) from error
    finally:
        work.remove()
