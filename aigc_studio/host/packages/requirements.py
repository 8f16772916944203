"""What a plugin says that it requires, and what of it is not there.

It stands in its package, in `plugin.json` beside it (`"requires": […]`), or in the comment block
`# /// script` of a single file.
"""

from __future__ import annotations

import importlib.metadata
import re
import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path

from aigc_studio.api import StudioError, documents, limits
from aigc_studio.api.kinds import ListOf, Words, record
from aigc_studio.files import plain_text
from aigc_studio.host.packages import places
from aigc_studio.host.packages.places import NOTE, environment_of
from aigc_studio.host.packages.scripts import script_dependencies
from aigc_studio.host.plugin_path import project_of, project_requirements
from aigc_studio.host.records import PluginSource
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
    given = documents.read(environment_of(source) / NOTE, limits.CARD_BYTES, kind=_required)
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
            "{name} is in the Python that the studio runs in: install it with “aigc-studio "
            "plugins install”, and it can have an environment of its own."
        )
        raise StudioError(sentence.format(name=source.name))
    for each in importlib.metadata.distributions(path=[source.path]):
        if places.normal(each.name) == places.normal(source.distribution):
            return each.requires or []
    return []


def _of_script(file: Path) -> tuple[str, ...]:
    try:
        return script_dependencies(plain_text(file))
    except (OSError, ValueError) as error:
        sentence = _("The block “# /// script” of {name} cannot be read: {problem}.")
        raise StudioError(sentence.format(name=file.name, problem=error)) from error
