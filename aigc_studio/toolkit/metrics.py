"""Metrics as JSON lines: one line each time they are noted, cut back when a run resumes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from aigc_studio import files
from aigc_studio.api import documents, limits
from aigc_studio.api.kinds import Number, record


class MetricLog:
    """`metrics.jsonl` of a training: `{"step": n, "loss": …}` a line, in the order of the steps."""

    def __init__(self, path: Path, keep: int = 0) -> None:
        """Open for appending after the first `keep` bytes; what stands behind them is dropped."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab")
        keep = min(keep, os.fstat(self._file.fileno()).st_size)
        self._file.truncate(keep)
        self.length = keep

    def note(self, step: int, numbers: Mapping[str, float]) -> None:
        """Append one line, readable by others at once."""
        line = files.canonical_json({"step": step, **numbers}).encode() + b"\n"
        self._file.write(line)
        self._file.flush()
        self.length += len(line)

    def close(self) -> None:
        """Let go of the file. What could not be written was told when it was noted."""
        with contextlib.suppress(OSError):  # it tries again, and would be told instead of that
            self._file.close()


def read_metrics(path: Path) -> list[dict[str, float]]:
    """The lines of a log that are whole; one that is still being written or damaged is left out."""
    if not path.exists():
        return []
    found = []
    for _number, line in documents.lines_of(path, _MOST_LINES):
        try:
            numbers = documents.parse(line, limits.LINE_BYTES)
        except documents.Damaged:
            continue
        if line.endswith(b"\n") and _numbers.fits(numbers):
            found.append(numbers)
    return found


_MOST_LINES = 10_000_000
_numbers = record({"step": Number()})


class Window:
    """Means over the steps since the last note; plain numbers, so that a checkpoint can hold it."""

    def __init__(self, sums: Mapping[str, list[float]] | None = None) -> None:
        self.sums = {name: list(pair) for name, pair in (sums or {}).items()}

    def add(self, numbers: Mapping[str, float]) -> None:
        """Add one step's numbers; not every step needs to have every name."""
        for name, value in numbers.items():
            pair = self.sums.setdefault(name, [0.0, 0.0])
            pair[0] += float(value)
            pair[1] += 1.0

    def take(self) -> dict[str, float]:
        """The means, by name; the window is empty afterwards."""
        means = {name: total / count for name, (total, count) in sorted(self.sums.items())}
        self.sums = {}
        return means
