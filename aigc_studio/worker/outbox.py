"""Events on their way out: results at once, news at most thirty times a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aigc_studio.api.events import Annotation, Event, Metric, Partial, Preview, Progress
from aigc_studio.translation import Localized
from aigc_studio.wire import encode_event
from aigc_studio.worker.streams import Line

INTERVAL = 1 / 30
"""Seconds between two lines of news."""


_REST = 2
"""So many times as long as it took to send news the plugin has its time for itself after it."""

MOST_WEIGHT = 4 << 20
"""About so many bytes go into one line, which may not have more than `limits.LINE_BYTES`."""


class Outbox:
    """Sends the events of one run in order; of news but metrics only the latest counts.

    No metric and no annotation is lost: those that came within one interval go in one line, or in
    as few as can carry them. Candidates, checkpoints
    and messages go at once, with all that was held back before them. Progress that is but another
    number never goes alone before an interval has gone: mostly a result comes with it, and each
    line wakes a window that has something to paint. `waiting` is set while news
    is held back: somebody must call `send_due` an interval later.
    """

    def __init__(self, line: Line, run: Any, folder: Path, waiting: threading.Event) -> None:
        self._line = line
        self._run = run
        self._folder = folder
        self._waiting = waiting
        self._lock = threading.RLock()
        self._gathered: list[Metric | Annotation] = []
        self._previews: dict[str, Preview] = {}
        self._partials: dict[int, Partial] = {}
        self._progress: Progress | None = None
        self._further: Progress | None = None
        """What it went back from last: that it does is not hidden by what is held back."""
        self._told: Localized = ""
        """What was said last of how far it is, beside the number."""
        self._due = 0.0
        self._lone_until = 0.0
        """When what has come since the last line may go, though it be but a number; 0: nothing."""
        self._number = 0

    def put(self, event: Event) -> None:
        """Send an event, or keep it for the next line of news."""
        with self._lock:
            if not self._keep(event):
                self.flush(event)
                return
            self.send_due()

    def _is_but_a_number(self) -> bool:
        """Whether there is no news but how far it is, and nothing new in words."""
        others = self._gathered or self._previews or self._partials
        return not others and self._progress is not None and self._progress.text == self._told

    def _keep(self, event: Event) -> bool:
        if isinstance(event, Metric | Annotation):
            self._gathered.append(event)
        elif isinstance(event, Preview):
            self._previews[_key(event.title)] = event
        elif isinstance(event, Partial):
            self._partials[event.number] = event
        elif isinstance(event, Progress):
            if self._progress is not None and event.step < self._progress.step:
                self._further = self._progress
            self._progress = event
        else:
            return False
        return True

    def send_due(self) -> None:
        """Send what was kept if it is time for it; else ask to be called again."""
        with self._lock:
            now = time.monotonic()
            self._lone_until = self._lone_until or now + INTERVAL
            if now >= max(self._due, self._lone_until if self._is_but_a_number() else 0.0):
                self.flush()
            else:
                self._waiting.set()

    def flush(self, last: Event | None = None) -> None:
        """Send what was kept, and `last` after it, as one line; nothing when there is nothing."""
        with self._lock:
            events: list[Event] = [*self._gathered, *self._previews.values()]
            events += self._partials.values()
            ending = (self._further, self._progress, last)
            events += [event for event in ending if event is not None]
            replaced = bool(self._previews or self._partials)
            self._told = self._progress.text if self._progress else self._told
            self._lone_until = 0.0
            self._gathered, self._previews, self._partials = [], {}, {}
            self._progress = self._further = None
            began = time.monotonic()
            for documents in self._lines_of(events):
                self._line.send("events", run=self._run, events=documents)
            # What is large and takes long to send comes seldom: it is a third of the time at most.
            # What is gathered all has to go; to wait with it would only make the last line longer.
            ended = time.monotonic()
            rest = _REST * (ended - began) if replaced else 0.0
            self._due = ended + max(INTERVAL, rest) if events else self._due

    def _lines_of(self, events: list[Event]) -> Iterator[list[dict[str, Any]]]:
        """The events encoded, as many to a line as it can carry: usually all."""
        documents: list[dict[str, Any]] = []
        weight = 0
        for event in events:
            document = self._encode(event)
            weight += _weight(document)
            if documents and weight > MOST_WEIGHT:
                yield documents
                documents, weight = [], _weight(document)
            documents.append(document)
        if documents:
            yield documents

    def _encode(self, event: Event) -> dict[str, Any]:
        self._number += 1
        name = f"{type(event).__name__.lower()}-{self._number}"
        return encode_event(event, self._folder, name)


def _weight(document: dict[str, Any]) -> int:
    """About how long it is: an inline artifact counts, and words are cut."""
    if document["type"] == "annotation":  # there may be thousands, most of them a few numbers
        text = document["text"]
        words = text.values() if isinstance(text, dict) else (text,)
        return 200 + 6 * sum(map(len, words))
    artifact = document.get("artifact") or {}
    return 1000 + len(artifact.get("data", ""))


def _key(title: Localized) -> str:
    return title if isinstance(title, str) else repr(sorted(title.items()))
