"""What the shell says when something failed: to a person, and as a document."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from typing import Any

from aigc_studio.api.errors import StudioError
from aigc_studio.api.spelling import without_odd_bytes
from aigc_studio.cli.console import Console
from aigc_studio.files import make_private, write_text
from aigc_studio.translation import _, labelled

DONE, BROKE, REFUSED = 0, 1, 2

_PLAIN = (
    "", "artifact", "artifacts", "count", "model", "operation", "prompt", "seed", "selections",
)  # fmt: skip
"""The sentences of what every request has name their field themselves."""


class Told(StudioError):
    """The end of what was told already, line by line: a traceback of it would tell nothing."""


def refuse(error: StudioError, arguments: argparse.Namespace) -> int:
    """Every sentence of a failed run; one that a person cannot mend is a break, not a refusal."""
    run_error = getattr(error, "error", None)
    broke = bool(run_error and not run_error.mendable)
    log = run_error.log if run_error else ""
    details = run_error.details if run_error else ""
    _print_document(error_document(error, arguments), arguments)
    sentences = dict(getattr(run_error, "errors", None) or {}) or {"": str(error)}
    for field, sentence in sentences.items():
        say(_with_flag(field, sentence), REFUSED)
    if getattr(arguments, "traceback", False) and not isinstance(error, Told):
        sys.stderr.write((details or "".join(traceback.format_exception(error))).rstrip() + "\n")
    elif broke and log:
        hint = _("The worker's log is {path}; --traceback shows where it broke.")
        print(hint.format(path=log), file=sys.stderr)
    return BROKE if broke else REFUSED


def _with_flag(field: str, sentence: str) -> str:
    """The sentence of a wrong field, and what it is called in the shell where it does not say."""
    flags = {
        "controls": "--control NAME=VALUE",
        "prompt": "--prompt",
        "selections": "--mask FILE, --span A:B, --bars A:B",
    }
    if field in flags:
        return f"{sentence} ({flags[field]})"
    name = field.replace("_", " ").casefold()
    if field in _PLAIN or sentence.casefold().startswith(name):
        return sentence
    return labelled(field, sentence)


def break_down(error: Exception, arguments: argparse.Namespace) -> int:
    """Say that the studio itself broke, and where the details are."""
    if os.environ.get("AIGC_STUDIO_STRICT"):
        raise error
    details = "".join(traceback.format_exception(error))
    sentence, path = _written_down(error, details)
    about = {"sentence": sentence, "log": path}
    _print_document(_with_traceback(about, details, arguments), arguments)
    if getattr(arguments, "traceback", False):
        sys.stderr.write(details)
    return say(sentence, BROKE)


def error_document(error: BaseException, arguments: argparse.Namespace) -> dict[str, Any]:
    """The `error` of a JSON document.

    `sentence`; `fields` with a sentence each, where some were wrong; for a plugin that broke
    `file`, `line`, `function` and `log`, as far as they are known; with --traceback that too.
    """
    about: dict[str, Any] = {"sentence": str(error)}
    run_error = getattr(error, "error", None)
    if run_error is None:
        return about
    told = {"fields": dict(run_error.errors)}
    if not run_error.mendable:
        told |= {name: getattr(run_error, name) for name in ("file", "line", "function", "log")}
    about |= {name: value for name, value in told.items() if value}
    return _with_traceback(about, run_error.details, arguments)


def say(sentence: str, status: int) -> int:
    """Print a sentence on standard error; gives `status` back."""
    print(without_odd_bytes(f"aigc-studio: {sentence}"), file=sys.stderr)
    return status


def _with_traceback(
    about: dict[str, Any], details: str, arguments: argparse.Namespace
) -> dict[str, Any]:
    shown = details and getattr(arguments, "traceback", False)
    return about | ({"traceback": details} if shown else {})


def _print_document(about: dict[str, Any], arguments: argparse.Namespace) -> None:
    if getattr(arguments, "json", False) and not Console.has_printed:
        Console(as_json=True).document({"error": about})


def _written_down(error: Exception, details: str) -> tuple[str, str]:
    from aigc_studio.folders import log_folder

    path = log_folder() / "shell.log"
    try:
        make_private(path.parent)
        write_text(path, details, durable=False)
    except OSError:
        return _("Something broke: {error}").format(error=repr(error)), ""
    sentence = _("Something broke: {error}. The details are in {path}.")
    return sentence.format(error=repr(error), path=path), str(path)
