"""The shell: the same verbs, the same parameters and the same results as the window."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from aigc_studio.api.errors import StudioError
from aigc_studio.cli.choosing import settle_words
from aigc_studio.cli.failures import DONE, REFUSED, break_down, refuse, say
from aigc_studio.files import FULL_OR_CLOSED
from aigc_studio.folders import data_folder
from aigc_studio.translation import _, set_language, system_language


def main(argv: list[str], develop: Callable[..., int] | None = None) -> int:
    """Run one command; returns 0 when done, 2 when it cannot be done, 1 when it broke.

    `develop(source, everything=, editor=)` opens a window for a plugin, which a shell cannot.
    """
    set_language(system_language())
    if hasattr(sys.stdout, "reconfigure"):
        # A pipe on Windows is not UTF-8 by itself, and file names may be Chinese.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    from aigc_studio.cli.console import Console
    from aigc_studio.cli.parser import build_parser

    try:
        arguments, rest = build_parser().parse_known_args(argv)
    except StudioError as error:
        Console.has_printed = False
        asked = {name: f"--{name}" in argv for name in ("json", "traceback")}
        return refuse(error, argparse.Namespace(**asked))
    arguments.rest, arguments.words = rest, argv
    arguments.develop = develop or _no_window
    settle_words(arguments)
    rest = arguments.rest
    if rest and not getattr(arguments, "takes_parameters", False):
        from aigc_studio.cli.unplaced import unplaced

        return refuse(StudioError(unplaced(arguments, rest)), arguments)
    return run_command(arguments)


def heed_signals() -> None:
    """End a command as Ctrl+C does when the system asks, or the terminal is closed.

    A training checkpoints and says how to go on; temporary folders go. For a process of its own.
    """
    from aigc_studio.cli import signals

    signals.heed()


def run_command(arguments: argparse.Namespace) -> int:
    """Run a parsed command and turn every failure into a sentence and a status."""
    from aigc_studio.cli.console import Console

    Console.has_printed = False
    try:
        if getattr(arguments, "plugin", ""):
            from aigc_studio.host.plugin_path import put_first

            arguments.sources = put_first(arguments.plugin)
        arguments.run(arguments)
    except StudioError as error:
        return refuse(error, arguments)
    except KeyboardInterrupt as error:
        from aigc_studio.cli.signals import status

        return say(str(error) or _("Cancelled."), status())
    except BrokenPipeError:
        # The reader (`head`, say) has what it wants; Python would complain while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        if error.errno not in FULL_OR_CLOSED:
            return break_down(error, arguments)
        path = error.filename or data_folder()
        sentence = _("{path} cannot be written ({problem}): free up space, or grant permission.")
        return refuse(StudioError(sentence.format(path=path, problem=error.strerror)), arguments)
    except Exception as error:
        return break_down(error, arguments)
    return DONE


def take_plugin(words: list[str]) -> list[str] | int:
    """The words for the window without `--plugin PATH`, whose plugin comes first from now on; or
    the status when there is no plugin."""
    set_language(system_language())
    from aigc_studio.host.plugin_path import put_first

    rest: list[str] = []
    waiting = iter(words)
    try:
        for word in waiting:
            name, equals, path = word.partition("=")
            if name != "--plugin":
                rest.append(word)
                continue
            path = path if equals else next(waiting, "")
            if not path:
                raise StudioError(_("{word} needs a value after it.").format(word=name))
            put_first(path)
    except StudioError as error:
        return say(str(error), REFUSED)
    return rest


def refuse_word(word: str) -> int:
    """Say that `word` is neither a command nor a file."""
    set_language(system_language())
    sentence = _("{word} is neither a command nor a file. Try aigc-studio --help.")
    return say(sentence.format(word=word), REFUSED)


def _no_window(*_source: object, **_wishes: object) -> int:
    return refuse_window()


def refuse_window(command: str = "aigc-studio tour") -> int:
    """Say that there is no display, and what works without one."""
    set_language(system_language())
    sentence = _("There is no display for the window. Without one, try: {command}")
    return say(sentence.format(command=command), REFUSED)
