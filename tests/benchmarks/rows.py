"""A row of the table: what was measured, against which bar, and whether it is met.

A bar is so many milliseconds on a machine where a reference takes its usual time. Here the
reference is taken in the same run, and what is compared is how many times it: a slow machine makes
both slow, so it neither fakes a loss nor does a fast one hide it.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

FIGURES = ("median", "p95", "p99", "worst")
MARK = "AIGC-ROWS "
"""What stands before the rows on a script's standard output; all other lines are talk."""


@dataclass(frozen=True)
class Reference:
    """What stands beside a measurement: something bare that does work of the same kind.

    `usual` is its median, in the row's unit, on the machine on which the bars were set.
    """

    title: str
    values: Sequence[float]
    usual: float


@dataclass(frozen=True)
class Row:
    """One measurement. `judged` is the figure that the bar is for; peers and asides have none.

    Where more is better the bar is what it must be `at_least`: then `p95` is what 95 of 100 reach,
    and `worst` the smallest.

    `note` says what a reader must know to trust the figures, in a few words. `beside` is the median
    of `reference` in this run, `usual` the one that `bar` was set beside; a bar without a reference
    is for what the clock decides and not the machine (bytes, timeouts).
    """

    what: str
    unit: str
    count: int
    median: float
    p95: float
    p99: float
    worst: float
    bar: float | None = None
    judged: str = "median"
    peer: bool = False
    note: str = ""
    reference: str = ""
    beside: float = 0.0
    usual: float = 0.0
    mean: float = 0.0
    at_least: bool = False

    @property
    def ratio(self) -> float | None:
        """The judged figure as a multiple of the reference; None without one."""
        return float(getattr(self, self.judged)) / self.beside if self.reference else None

    @property
    def most(self) -> float | None:
        """The bar as a multiple of the reference; None without bar or reference."""
        return self.bar / self.usual if self.reference and self.bar is not None else None

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None without a bar."""
        if self.bar is None:
            return None
        if self.ratio is not None and self.most is not None:
            return self.ratio <= self.most
        figure = getattr(self, self.judged)
        return bool(figure >= self.bar if self.at_least else figure <= self.bar)


def row(
    what: str,
    values: Sequence[float],
    unit: str = "ms",
    *,
    beside: Reference | None = None,
    at_least: bool = False,
    **more: Any,
) -> Row:
    """A row of `values`, in `unit`, beside a reference in the same unit.

    A bar that is `at_least` has no reference: quality does not depend on the machine.
    """
    if not values:
        raise SystemExit(f"{what}: nothing was measured")
    if beside is not None:
        median = percentile(beside.values, 50)
        more |= {"reference": beside.title, "beside": median, "usual": beside.usual}
    figures: dict[str, Any] = {
        "median": percentile(values, 50),
        "p95": percentile(values, 5 if at_least else 95),
        "p99": percentile(values, 1 if at_least else 99),
        "worst": min(values) if at_least else max(values),
        "mean": fmean(values),
    }
    return Row(what, unit, len(values), **figures, at_least=at_least, **more)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * percent / 100) - 1, 0)]


def tell(*rows: Row) -> None:
    """Print rows for `run.py`, and for a person who runs one script alone."""
    for each in rows:
        sys.stderr.write(f"{each.what}: {figures_of(each)}\n")
        sys.stdout.write(MARK + json.dumps(asdict(each), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def read(output: str) -> list[Row]:
    """The rows in a script's standard output."""
    lines = [line for line in output.splitlines() if line.startswith(MARK)]
    return [Row(**json.loads(line.removeprefix(MARK))) for line in lines]


def figures_of(each: Row) -> str:
    """`0.32 s median, 0.35 p95`: the median, and what else says something."""
    if each.count == 1:
        return f"{number(each.median)} {each.unit}".rstrip()
    shown = ["median", "p95", "worst"] if each.count < 100 else list(FIGURES)
    if each.judged == "mean":
        shown = ["mean", "median", "p95", "worst"]
    elif each.judged not in shown:
        shown.insert(-1, each.judged)
    rest = ", ".join(f"{name} {number(getattr(each, name))}" for name in shown[1:])
    first = f"{number(getattr(each, shown[0]))} {each.unit}".rstrip()
    return f"{first}{' on average' if shown[0] == 'mean' else ''} ({rest})"


def number(value: float) -> str:
    """Three digits that count, never more than a reader can use."""
    if value == 0 or value >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}" if value >= 0.001 else f"{value:.0e}"
