import itertools
from pathlib import Path
from typing import Literal

import pytest

from aigc_studio.api import StudioError
from aigc_studio.toolkit import stopwatch as stopwatch_module
from aigc_studio.toolkit.pace import Pace
from aigc_studio.toolkit.plan import Plan, Stage
from aigc_studio.toolkit.schedule import warm_up_and_decay
from aigc_studio.toolkit.stopwatch import Stopwatch


def test_progress_has_no_jump_when_the_plan_changes() -> None:
    plan = Plan([Stage(0, 100)])
    before = plan.progress(40)
    plan.add(Stage(40, 60, before))
    assert plan.progress(40) == before == 0.4
    assert plan.progress(50) == pytest.approx(0.7)
    assert plan.progress(60) == 1.0
    rates = [warm_up_and_decay(n, plan.progress(n), flat=0.3) for n in range(61)]
    assert all(a >= b for a, b in itertools.pairwise(rates))
    assert rates[-1] == 0.0


def test_a_slower_machine_gets_a_shorter_plan_and_a_small_difference_none() -> None:
    plan = Plan([Stage(0, 1000)])
    assert plan.anew(500, left=150.0, per_step=0.31, budget=300.0) is None
    slower = plan.anew(500, left=150.0, per_step=0.6, budget=300.0)
    assert slower is not None
    assert (slower.step, slower.total, slower.progress) == (500, 750, 0.5)
    faster = plan.anew(500, left=150.0, per_step=0.1, budget=300.0)
    assert faster is not None
    assert faster.total == 2000
    late = plan.anew(500, left=-5.0, per_step=0.6, budget=300.0)
    assert late is not None
    assert late.total == 510


def test_what_is_due_depends_on_the_step_and_the_last_step_has_everything() -> None:
    plan = Plan([Stage(0, 200, previews=10)])
    shown = [n for n in range(201) if plan.preview_is_due(n)]
    assert shown[:4] == [0, 1, 2, 4]
    assert shown[-3:] == [160, 180, 200]
    assert [n for n in range(201) if plan.evaluation_is_due(n, 4)] == [50, 100, 150, 200]
    assert plan.evaluations_left(120, 4) == 2
    tiny = Plan([Stage(0, 1)])
    assert tiny.preview_is_due(1)
    assert tiny.evaluation_is_due(1, 4)
    assert tiny.note_is_due(1)


def test_metrics_are_noted_some_hundred_times() -> None:
    plan = Plan([Stage(0, 10_000)])
    assert 400 <= sum(plan.note_is_due(n) for n in range(1, 10_001)) <= 600
    long = Plan([Stage(0, 1_000_000)])
    assert sum(long.note_is_due(n) for n in range(1, 1_001)) == 20


def test_the_plan_is_on_disk_before_it_counts(tmp_path: Path) -> None:
    plan = Plan([], tmp_path / "plan.jsonl")
    plan.add(Stage(0, 10))
    plan.add(Stage(4, 20, 0.4, reason="speed changed"))
    assert Plan.read(tmp_path / "plan.jsonl").stages == plan.stages


def test_a_damaged_plan_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "plan.jsonl").write_text("{\n")
    with pytest.raises(StudioError, match=r"plan\.jsonl"):
        Plan.read(tmp_path / "plan.jsonl")


@pytest.mark.parametrize("shape", ["cosine", "linear"])
def test_the_schedule_rises_stays_and_falls(shape: Literal["cosine", "linear"]) -> None:
    def rate(step: int) -> float:
        return warm_up_and_decay(step, step / 100, warm_up=10, flat=0.4, floor=0.1, shape=shape)

    assert rate(0) == pytest.approx(0.1)
    assert rate(9) == rate(25) == rate(40) == 1.0
    assert rate(70) == pytest.approx(0.55)
    assert rate(100) == pytest.approx(0.1)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(stopwatch_module, "time", clock)
    return clock


def test_a_pause_does_not_count(clock: Clock) -> None:
    watch = Stopwatch()
    clock.now = 2.0
    watch.leave()
    clock.now = 100.0
    watch.come_back()
    clock.now = 101.0
    assert 3.0 <= watch.seconds <= 3.5


def test_the_pace_is_that_of_the_last_windows_and_leaves_out_what_was_no_step(clock: Clock) -> None:
    watch = Stopwatch()
    pace = Pace(watch, 0)
    assert pace.per_step(0) == 0.0
    assert pace.told(0, 8) == {"en": "", "zh": ""}
    clock.now = 10.0
    assert pace.per_step(10) == 1.0
    for n in range(1, 5):  # four faster windows, so that the slow one has fallen out
        pace.restart(10 * n)
        assert pace.age == 0.0
        clock.now = 10.0 + 5.0 * n
    assert pace.per_step(50) == 0.5
    assert pace.told(50, 8)["en"] == "16 examples a second"
    clock.now += 7.0
    pace.exclude(7.0)
    assert pace.per_step(50) == 0.5


def test_a_training_that_gets_little_of_the_processor_is_not_said_to_stand_still(
    clock: Clock,
) -> None:
    pace = Pace(Stopwatch(), 0)
    clock.now = 1000.0
    assert pace.told(10, 8) == {"en": "0.08 examples a second", "zh": "每秒 0.08 个样本"}
