"""Results as they grow: a text printed as it is written, and what there is kept after Ctrl+C."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aigc_studio.api import (
    Artifact,
    Candidate,
    Event,
    Melody,
    Partial,
    Progress,
    StudioError,
    Text,
    fitting,
)
from aigc_studio.cli.signals import heeded
from aigc_studio.translation import _, localized, ngettext

if TYPE_CHECKING:
    import argparse

    from aigc_studio.cli.console import Console
    from aigc_studio.cli.here import Running

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What must not reach a terminal: a text could otherwise give it orders."""


class Stopped(KeyboardInterrupt):
    """Ctrl+C, after which what there was has been kept: `str()` says so."""


class Growing:
    """What there is of the results of one action.

    With `stream` the text that is next to come is printed as it grows. `new` gives of an artifact
    what is to be printed: of an edit, the part that is new. `seed` is that of the first result.
    """

    def __init__(
        self,
        console: Console,
        seed: int,
        *,
        stream: bool,
        new: Callable[[Partial | Candidate], Artifact] | None = None,
    ) -> None:
        self._console = console
        self._seed = seed
        self._stream = stream
        self._new = new or _artifact_of
        self._partials: dict[int, Partial] = {}
        self._strips: set[str] = set()
        self._results = 0
        self._printed = ""
        self._knows_progress = False
        self.stopped = False
        """Whether Ctrl+C ended it, so that what there is counts."""

    def take(self, event: Event) -> None:
        """Take note of an event, and show how far a result has grown."""
        if isinstance(event, Progress):
            self._knows_progress = True
        elif isinstance(event, Candidate):
            self._note(event)
        elif isinstance(event, Partial) and event.number >= self._results:
            self._partials[event.number] = event
            if event.number == self._results:
                self._show(event)

    def _note(self, event: Candidate) -> None:
        if event.strip in self._strips:
            return
        if event.strip:
            self._strips.add(event.strip)
        grew = self._partials.pop(self._results, None) is not None
        if grew and self._stream:
            self._print(self._new(event), ends=True)
        self._results += 1
        following = self._partials.get(self._results)
        if following is not None:
            self._show(following)

    def _show(self, event: Partial) -> None:
        if self._stream and isinstance(event.artifact, Text):
            self._print(self._new(event))
        elif not self._knows_progress:
            self._console.progress(Progress(0, 0, _how_far(event)))

    def _print(self, artifact: Artifact, *, ends: bool = False) -> None:
        if not isinstance(artifact, Text):
            return
        words = _CONTROLS.sub("", artifact.value)
        if not words.startswith(self._printed):
            # What is printed cannot be taken back: the text begins anew.
            self._console.end_line()
            self._printed = ""
        self._console.stream(words[len(self._printed) :])
        self._printed = words
        if ends:
            self._console.end_line()
            self._printed = ""

    @contextmanager
    def heeding(self, run: Running) -> Iterator[None]:
        """In this block Ctrl+C stops the run if anything grows, and ends the command if not, or the
        second time."""

        def stop() -> bool:
            if self.stopped or not self._partials:
                return False
            self.stopped = True
            # On a thread of its own: whoever was interrupted may hold what it would wait for.
            threading.Thread(target=run.stop, kwargs={"promptly": True}, daemon=True).start()
            return True

        with heeded(stop):
            yield

    def left(self) -> list[Candidate]:
        """What there is of results that did not come, as they would have."""
        partials, self._partials = sorted(self._partials.items()), {}
        return [
            Candidate(
                each.artifact,
                seed=min(self._seed + number, fitting.MOST),
                title=each.title,
                part=each.part,
            )
            for number, each in partials
        ]


def results(
    events: Iterable[Event], growing: Growing, console: Console
) -> Generator[tuple[Candidate, bool]]:
    """The results of an action; after it was stopped, or failed, what there is of the others.

    Each with whether it was stopped. Raises then what ended it: `Stopped`, or a `StudioError`.
    """
    failed: StudioError | None = None
    try:
        for event in events:
            if isinstance(event, Candidate):
                yield event, False
    except StudioError as error:
        failed = error
    console.end_line()
    left = growing.left()
    for event in left:
        yield event, True
    if failed is not None and not growing.stopped:
        raise failed
    if growing.stopped:
        sentence = ngettext(
            "Stopped. What was there of {count} result was kept.",
            "Stopped. What was there of {count} results was kept.",
            len(left),
        )
        raise Stopped(sentence.format(count=len(left)) if left else _("Cancelled."))


def wants_stream(arguments: argparse.Namespace) -> bool:
    """Whether a text is to be printed as it grows: asked for, or somebody looks on."""
    return not arguments.json and (arguments.stream or sys.stdout.isatty())


def _artifact_of(event: Partial | Candidate) -> Artifact:
    return event.artifact


def _how_far(event: Partial) -> str:
    """What there is, in words."""
    title, artifact = localized(event.title), event.artifact
    if title:
        return title
    if isinstance(artifact, Melody):
        last = max((note.start for note in artifact.notes), default=-1)
        bars = sum(start <= last for start, _stop in artifact.bars)
        return ngettext("{count} bar so far", "{count} bars so far", bars).format(count=bars)
    if isinstance(artifact, Text):
        count = len(artifact)
        words = ngettext("{count} character so far", "{count} characters so far", count)
        return words.format(count=f"{count:,}")
    return _("Being made…")
