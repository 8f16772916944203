"""`aigc-studio train` in several processes: on this machine, or under torchrun across machines."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

from aigc_studio.api import StudioError
from aigc_studio.cli.console import Console
from aigc_studio.translation import _, ngettext

MOST = 256
"""Processes on one machine: more than any has cores for."""


def check(processes: int, console: Console) -> None:
    """Note what is slow about a number of processes.

    Raises `StudioError` for one that cannot be.
    """
    if not 1 <= processes <= MOST:
        sentence = _("--processes must be a whole number from 1 to {most}, not {count}.")
        raise StudioError(sentence.format(most=MOST, count=processes))
    if processes == 1:
        return
    if sys.platform == "win32":
        raise StudioError(
            _("Training in several processes works on Linux and macOS only: use one.")
        )
    if _launched():
        raise StudioError(_("torchrun has started the processes already: leave out --processes."))
    cores = os.cpu_count() or 1
    if processes > cores:
        console.note(
            ngettext(
                "{count} processes share {cores} core: this is slower than one process.",
                "{count} processes share {cores} cores: this is slower than {cores} processes.",
                cores,
            ).format(count=processes, cores=cores)
        )


def threads(processes: int, alone: int) -> int:
    """The threads of each process: `alone` for one, else the cores shared among them."""
    if _launched():
        processes = _number("LOCAL_WORLD_SIZE", 1)
    return alone if processes == 1 else max(1, (os.cpu_count() or 1) // processes)


def is_follower() -> bool:
    """Whether torchrun has started this command, and another is the one that tells and writes."""
    return _launched() and _number("RANK", 0) > 0


def follow(arguments: argparse.Namespace) -> NoReturn:
    """Do what process 0 does, in this process; never returns."""
    if arguments.parameters:
        sys.exit(0)
    script = Path(__file__).resolve().parent.parent / "worker" / "__main__.py"
    os.environ["AIGC_STUDIO_FOLLOW"] = json.dumps([os.path.abspath(p) for p in sys.path if p])
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.execv(sys.executable, [sys.executable, "-P", str(script)])


def heed_once() -> None:
    """Under torchrun a second Ctrl+C is the same one: torchrun hands on what the terminal sent."""
    if _launched():
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None:
                signal.signal(number, signal.SIG_IGN)


def _launched() -> bool:
    return _number("WORLD_SIZE", 1) > 1


def _number(name: str, usual: int) -> int:
    told = os.environ.get(name, "")
    return int(told) if told.isdecimal() else usual
