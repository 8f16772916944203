"""The shell: the same verbs, the same parameters and the same results as the window."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import traceback

from aigc_studio.api.errors import StudioError
from aigc_studio.api.spelling import without_odd_bytes
from aigc_studio.files import FULL_OR_CLOSED
from aigc_studio.folders import data_folder
from aigc_studio.translation import _, set_language, system_language

DONE, BROKE, REFUSED, INTERRUPTED = 0, 1, 2, 130


def main(argv: list[str]) -> int:
    """Run one command; returns 0 when done, 2 when it cannot be done, 1 when it broke."""
    set_language(system_language())
    if hasattr(sys.stdout, "reconfigure"):
        # A pipe on Windows is not UTF-8 by itself, and file names may be Chinese.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    from aigc_studio.cli.parser import build_parser

    arguments, rest = build_parser().parse_known_args(argv)
    arguments.rest = rest
    if rest and not getattr(arguments, "takes_parameters", False):
        return _say(_("I do not know {word}.").format(word=rest[0]), REFUSED)
    return run_command(arguments)


def heed_signals() -> None:
    """End a command as Ctrl+C does when the system asks, or the terminal is closed.

    A training checkpoints and says how to go on; temporary folders go. For a process of its own.
    """
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def run_command(arguments: argparse.Namespace) -> int:
    """Run a parsed command and turn every failure into a sentence and a status."""
    try:
        arguments.run(arguments)
    except StudioError as error:
        return _refuse(error)
    except KeyboardInterrupt:
        return _say(_("Cancelled."), INTERRUPTED)
    except BrokenPipeError:
        # The reader (`head`, say) has what it wants; Python would complain while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        if error.errno not in FULL_OR_CLOSED:
            return _break(error)
        path = error.filename or data_folder()
        sentence = _("{path} cannot be written: {reason}.")
        return _say(sentence.format(path=path, reason=error.strerror), REFUSED)
    except Exception as error:
        return _break(error)
    return DONE


def _break(error: Exception) -> int:
    if os.environ.get("AIGC_STUDIO_STRICT"):
        raise error
    return _say(_broken(error), BROKE)


def refuse_word(word: str) -> int:
    """Say that `word` is neither a command nor a file."""
    set_language(system_language())
    sentence = _("{word} is neither a command nor a file. Try aigc-studio --help.")
    return _say(sentence.format(word=word), REFUSED)


def refuse_window() -> int:
    """Say that there is no display, and what works without one."""
    set_language(system_language())
    sentence = _("There is no display for the window. Without one, try: {command}")
    return _say(sentence.format(command="aigc-studio tour"), REFUSED)


def _refuse(error: StudioError) -> int:
    """Every sentence of a failed run; one that a person cannot mend is a break, not a refusal."""
    run_error = getattr(error, "error", None)
    sentences = dict(getattr(run_error, "errors", None) or {}) or {"": str(error)}
    for field, sentence in sentences.items():
        # The sentences of what every request has name their field themselves.
        plain = field in (
            "", "artifacts", "count", "model", "operation", "prompt", "seed", "selections",
        )  # fmt: skip
        _say(sentence if plain else f"{field}: {sentence}", REFUSED)
    return REFUSED if run_error is None or run_error.mendable else BROKE


def _broken(error: Exception) -> str:
    from aigc_studio.folders import log_folder

    path = log_folder() / "shell.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        return _("Something broke: {error}").format(error=repr(error))
    sentence = _("Something broke: {error}. The details are in {path}.")
    return sentence.format(error=repr(error), path=path)


def _say(sentence: str, status: int) -> int:
    print(without_odd_bytes(f"aigc-studio: {sentence}"), file=sys.stderr)
    return status
