"""Which plugins a person has switched off: a list of names that all windows and shells share.

Where that list is damaged nobody knows what was not to run any more: only the studio's own plugins
do then, until the person has said of another one that it may.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from aigc_studio import folders
from aigc_studio.api import documents, limits
from aigc_studio.api.errors import StudioError
from aigc_studio.api.kinds import ListOf, Words, record
from aigc_studio.files import beside, make_private, write_json
from aigc_studio.host.records import PluginSource
from aigc_studio.locks import Lock
from aigc_studio.translation import _

_kind = record({"off": ListOf(Words(limits.TITLE, paths=True))})


def why_off(source: PluginSource) -> str:
    """Why a plugin is not to be run, as a sentence; empty where it may be."""
    try:
        off = switched_off()
    except (OSError, ValueError):
        sentence = _(
            "It may have been switched off: the list of those in {path} is damaged. Switch it on "
            "if it may run."
        )
        return sentence.format(path=_file()) if _is_strange(source) else ""
    return _("It was switched off in the Plugins window.") if source.name in off else ""


def damage() -> str:
    """What is wrong with the list, as a sentence; empty while it can be read."""
    try:
        switched_off()
    except (OSError, ValueError) as error:
        sentence = _(
            "The list of the plugins that are switched off cannot be read ({problem}): only the "
            "studio's own run. Switch the others on in the Plugins window."
        )
        return sentence.format(problem=getattr(error, "strerror", None) or error)
    return ""


def switched_off() -> frozenset[str]:
    """The names of plugins (`PluginSource.name`) that are on the list.

    Raises `OSError` and `ValueError` where there is one that cannot be read.
    """
    try:
        return frozenset(documents.read(_file(), limits.CARD_BYTES, kind=_kind)["off"])
    except FileNotFoundError:
        return frozenset()


def switch(name: str, on: bool) -> None:
    """Switch a plugin on or off, from its next description on. Raises `StudioError`.

    A list that was damaged is written anew, with all plugins on it that did not run because of
    that, and what there was of it is kept beside (`plugins.json~`).
    """
    path = _file()
    try:
        make_private(path.parent)
        with Lock(path.with_suffix(".lock"), seconds=2.0):
            former = _known(path)
            off = former - {name} if on else former | {name}
            write_json(path, {"off": sorted(off)})
    except OSError as error:
        sentence = _("{path} cannot be written ({problem}): free up space, or grant permission.")
        problem = error.strerror or error
        raise StudioError(sentence.format(path=path, problem=problem)) from error


def _known(path: Path) -> frozenset[str]:
    """The names on the list; where it is damaged, those that did not run because of that."""
    from aigc_studio.host.discovery import find_sources

    try:
        return switched_off()
    except (OSError, ValueError):
        # What a path names runs whatever the list says, and nobody has switched it off.
        others = (each for each in find_sources() if each.origin != "path")
        off = frozenset(each.name for each in others if _is_strange(each))
        with contextlib.suppress(OSError):  # shut, or gone since: writing it says so
            os.replace(path, beside(path, "~"))
        return off


def _is_strange(source: PluginSource) -> bool:
    from aigc_studio.host.packages.removing import is_own

    return not is_own(source)


def _file() -> Path:
    return folders.data_folder() / "plugins.json"
