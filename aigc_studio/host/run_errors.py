"""Why a run failed, as it is told to a person and to the plugin's author."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio import folders
from aigc_studio.api.errors import StudioError
from aigc_studio.api.fitting import Misfit
from aigc_studio.translation import _, localized

if TYPE_CHECKING:
    from aigc_studio.host.records import PluginRecord


@dataclass(frozen=True)
class RunError:
    """Why a run failed.

    `sentence` is for the person, `parameter` the field it stands beside, `errors` a sentence for
    each wrong field, `details` the traceback and the log's end. `mendable` tells a request that
    cannot be done as it stands from a plugin that broke: then `file`, `line` and `function` say
    where in the plugin's own code, as far as that is known, and `log` is the worker's log file.
    """

    sentence: str
    parameter: str = ""
    details: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    mendable: bool = False
    file: str = ""
    line: int = 0
    function: str = ""
    log: str = ""


class RunFailed(StudioError):
    """Raised by `Run.events`: `str()` is the sentence, `error` says all of it."""

    def __init__(self, error: RunError) -> None:
        super().__init__(error.sentence)
        self.error = error


def error_of(document: Mapping[str, Any], record: PluginRecord, log: str, path: Path) -> RunError:
    """The error in a worker's `ended`; `log` is what its log file at `path` got meanwhile."""
    unsaid = _("The plugin {name} failed and did not say why.").format(name=record.title)
    details = "\n\n".join(part for part in (document["details"], log) if part)
    place = document.get("place") or {}
    return RunError(
        sentence=localized(document["sentence"]) or unsaid,
        parameter=document["parameter"],
        details=details,
        errors=document["errors"],
        mendable=document["mendable"],
        log=str(path),
        **place,
    )


def misbehaved(record: PluginRecord, error: Misfit) -> RunError:
    """The error for a plugin whose events do not fit."""
    sentence = _("The plugin {name} did not keep to the rules: {problem}.")
    return RunError(sentence.format(name=record.title, problem=error))


def broken(error: BaseException) -> RunError:
    """The error for something that went wrong on this side."""
    if isinstance(error, StudioError):
        return RunError(str(error), errors=getattr(error, "errors", {}), mendable=True)
    details = traceback.format_exc()
    if isinstance(error, OSError) and error.strerror:
        sentence = _(
            "The request could not be sent ({reason}): see that {folder} can be written to."
        )
        folder = error.filename or folders.cache_folder()
        return RunError(sentence.format(reason=error.strerror, folder=folder), details=details)
    from aigc_studio.wire.places import problem_of

    sentence = _("The request could not be sent: {problem}.")
    return RunError(sentence.format(problem=problem_of(error)), details=details)
