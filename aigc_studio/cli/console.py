"""What the shell prints: results on standard output, everything else on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator, Iterable
from contextlib import closing
from typing import Any, ClassVar, TypeVar

from aigc_studio.api import Message, Metric, Progress
from aigc_studio.api.spelling import without_odd_bytes
from aigc_studio.files import canonical_json
from aigc_studio.translation import _, localized

T = TypeVar("T")

BAR_WIDTH = 24
QUIET_SECONDS = 5.0
"""Without a terminal, one line of progress at most this often, and the first after that time."""

DRAWING_SECONDS = 0.05
"""On a terminal, the bar is drawn anew at most this often."""

TELLING_SECONDS = 2.0
"""How long work must have run before the time left is told."""


class Console:
    """Speaks to a person, or with `as_json` prints one JSON document and nothing else.

    `has_printed`: this command has printed its document, or begun to.
    """

    has_printed: ClassVar[bool] = False

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self._bar_shown = False
        self._line_open = False
        self._said_at: float | None = None
        self._told = ""
        self._begun: tuple[float, int, int] | None = None
        """When the work began that is shown, at which step, and of how many."""
        self._step = 0
        self._items = 0

    def say(self, line: str) -> None:
        """One line of the result for a person."""
        if not self.as_json:
            self.end_progress()
            print(without_odd_bytes(line), flush=True)

    def stream(self, words: str) -> None:
        """More of a line that grows; whatever comes next begins a new one."""
        if words and not self.as_json:
            if not self._line_open:
                self.end_progress()
            sys.stdout.write(without_odd_bytes(words))
            sys.stdout.flush()
            self._line_open = not words.endswith("\n")

    def end_line(self) -> None:
        """Let what comes next begin a new line, after what was streamed."""
        if self._line_open:
            self._line_open = False
            print(flush=True)

    def note(self, line: str) -> None:
        """One line beside the result: what is being done, warnings."""
        self.end_progress()
        print(without_odd_bytes(line), file=sys.stderr, flush=True)

    def document(self, value: Any) -> None:
        """The one JSON document, when it was asked for."""
        if self.as_json:
            Console.has_printed = True
            self.end_progress()
            print(canonical_json(value, indent=2), flush=True)

    def begin_list(self, name: str) -> None:
        """Begin the one document with a list in it: `item` adds to it, `end_list` ends it."""
        self._items = 0
        if self.as_json:
            Console.has_printed = True
            print(f'{{\n  "{name}": [', end="", flush=True)

    def item(self, value: Any) -> None:
        """One more value in the list that was begun."""
        if self.as_json:
            comma = "," if self._items else ""
            lines = canonical_json(value, indent=2).replace("\n", "\n    ")
            print(f"{comma}\n    {lines}", end="", flush=True)
        self._items += 1

    def end_list(self, **more: Any) -> None:
        """End the list and the document; `more` stands beside the list in it."""
        if self.as_json:
            self.end_progress()
            print("\n  ]" if self._items else "]", end="")
            for name, value in sorted(more.items()):
                lines = canonical_json(value, indent=2).replace("\n", "\n  ")
                print(f',\n  "{name}": {lines}', end="")
            print("\n}", flush=True)

    def event(self, event: object) -> None:
        """Show what an action reports: progress as a bar, messages and metrics as lines."""
        if isinstance(event, Progress):
            self.progress(event)
        elif isinstance(event, Message):
            self.note(localized(event.text))
        elif isinstance(event, Metric) and not sys.stderr.isatty():
            return

    def progress(self, progress: Progress) -> None:
        """A bar on a terminal; elsewhere a line now and then. Nothing within a line that grows."""
        if self._line_open:
            return
        text = " · ".join(filter(None, (localized(progress.text), self._time_left(progress))))
        now, said_at = time.monotonic(), self._said_at
        share = min(progress.step / progress.total, 1.0) if progress.total else 0.0
        if sys.stderr.isatty():
            if share < 1 and said_at is not None and now - said_at < DRAWING_SECONDS:
                return
            self._said_at = now
            filled = round(share * BAR_WIDTH)
            bar = "█" * filled + "·" * (BAR_WIDTH - filled)
            sys.stderr.write(f"\r\033[K{bar} {share:4.0%} {text}"[:160])
            sys.stderr.flush()
            self._bar_shown = True
        elif said_at is None:
            self._said_at = now  # of what is soon done nothing is said: the line would stay at 0 %
        elif now - said_at >= QUIET_SECONDS:
            self._said_at = now
            told = f"{share:4.0%} {text}" if progress.total else text
            if told != self._told:  # ten times the same is no news
                self._told = told
                print(told.rstrip(), file=sys.stderr, flush=True)

    def _time_left(self, progress: Progress) -> str:
        """How long still, at the pace since this work began; empty before that can be told."""
        now, begun = time.monotonic(), self._begun
        if begun is None or begun[2] != progress.total or progress.step < self._step:
            self._begun = begun = (now, progress.step, progress.total)
            self._said_at = None
        self._step = progress.step
        done, seconds = progress.step - begun[1], now - begun[0]
        if done < 1 or seconds < TELLING_SECONDS or progress.step >= progress.total:
            return ""
        left = round((progress.total - progress.step) * seconds / done)
        return _("{minutes}:{seconds:02} left").format(minutes=left // 60, seconds=left % 60)

    def end_progress(self) -> None:
        """Clear the bar, so that the next line starts on a clean one."""
        self.end_line()
        if self._bar_shown:
            sys.stderr.write("\r\033[K")
            self._bar_shown = False

    def table(self, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
        """Columns aligned for reading; East Asian wide characters count as two."""
        lines = [[str(cell) for cell in row] for row in (tuple(header), *rows)]
        if len(lines) == 1:
            self.say(_("(none)"))
            return
        widths = [max(_width(line[i]) for line in lines) for i in range(len(lines[0]))]
        for line in lines:
            cells = (cell + " " * (w - _width(cell)) for cell, w in zip(line, widths, strict=True))
            self.say("  ".join(cells).rstrip())


def _width(text: str) -> int:
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def follow(steps: Generator[Progress, None, T], console: Console) -> T:
    """Show work and give what came of it; closed at once after Ctrl+C, so that nothing half done is
    left."""
    with closing(steps):
        while True:
            try:
                console.event(next(steps))
            except StopIteration as end:
                console.end_progress()
                value: T = end.value
                return value
