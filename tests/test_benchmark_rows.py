"""The verdicts of `make bench`: the machine decides nothing, and a loss shows on any machine."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from rows import Row

BENCHMARKS = Path(__file__).parent / "benchmarks"


@pytest.fixture(autouse=True)
def _place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))


def taken(seconds: float, slower: float, bar: float | None = 0.4, **more: Any) -> Row:
    """A row of a machine that is so much slower than the one on which its bar was set."""
    from rows import Reference, row

    beside = Reference("a bare window", [0.1 * slower] * 5, usual=0.1)
    return row("first paint", [seconds * slower] * 5, "s", bar=bar, beside=beside, **more)


@pytest.mark.parametrize("slower", [0.3, 1.0, 2.4])
@pytest.mark.parametrize(("seconds", "met"), [(0.39, True), (0.41, False)])
def test_a_verdict_is_the_same_on_a_slow_and_on_a_fast_machine(
    slower: float, seconds: float, met: bool
) -> None:
    assert taken(seconds, slower).met is met


def test_a_row_says_how_many_times_the_reference_it_took_and_may_take() -> None:
    found = taken(0.3, 2.0)
    assert found.ratio == pytest.approx(3.0)
    assert found.most == pytest.approx(4.0)


def test_the_figure_that_is_judged_is_the_one_compared() -> None:
    from rows import Reference, row

    beside = Reference("a bare window", [1.0], usual=1.0)
    values = [1.0] * 9 + [10.0]
    assert row("x", values, bar=5.0, beside=beside).met is True
    assert row("x", values, bar=5.0, beside=beside, judged="worst").met is False


def test_a_bar_without_a_reference_is_for_the_figure_itself() -> None:
    from rows import row

    assert row("cancel", [0.9], "s", bar=1.0).met is True
    assert row("cancel", [1.1], "s", bar=1.0).met is False
    assert row("cancel", [1.1], "s").met is None


def test_without_a_bar_a_reference_is_only_told() -> None:
    found = taken(9.0, 1.0, bar=None)
    assert (found.met, found.most) == (None, None)
    assert found.ratio == pytest.approx(90.0)


def test_where_more_is_better_the_bar_is_the_least() -> None:
    from report import bar_of
    from rows import figures_of, row

    found = row("repairs", [20.0, 30.0, 40.0], "dB", at_least=True, judged="mean", bar=29.0)
    assert (found.met, found.worst, found.p95) == (True, 20.0, 20.0)
    assert row("repairs", [20.0, 30.0], "dB", at_least=True, judged="mean", bar=29.0).met is False
    assert bar_of(found) == "mean ≥ 29 dB"
    assert figures_of(found) == "30 dB on average (median 30, p95 20, worst 20)"


def test_rows_come_back_from_what_a_script_prints() -> None:
    from rows import MARK, read

    found = taken(0.3, 1.3)
    assert read(f"talk\n{MARK}{json.dumps(asdict(found))}\n") == [found]


def test_the_table_shows_bar_reference_ratio_and_verdict() -> None:
    from report import table

    line = table([taken(0.5, 1.0)]).splitlines()[-1]
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells == [
        "first paint", "≤ 4 × (0.4 s at 0.1)", "0.5 s (p95 0.5, worst 0.5)", "5",
        "a bare window: 0.1 s", "5 ×", "**no**",
    ]  # fmt: skip


def test_every_bar_of_speed_has_a_reference_but_for_bytes_and_the_clock() -> None:
    """`memory` is in bytes, and `cancelling` waits by the clock; what else has a bar compares."""
    from run import SPEED

    scripts = {name: (BENCHMARKS / f"{name}.py").read_text("utf-8") for name in SPEED}
    barred = {name for name, code in scripts.items() if "bar=" in code or '"bar"' in code}
    assert {name for name in barred if "beside" not in scripts[name]} == {"memory", "cancelling"}
