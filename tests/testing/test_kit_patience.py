"""How long the kit waits for an action: for the processor's time, where others have most of it."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from aigc_studio.host import Run
from aigc_studio.testing import moments
from aigc_studio.testing.moments import ended_in_time

Meet = Callable[..., tuple[Run, list[float]]]


@dataclass
class Slow:
    """Ends after so many seconds of a clock that only waiting moves."""

    lasts: float
    share: float
    waited: list[float] = field(default_factory=list)
    pid: int = 0

    @property
    def worked(self) -> float:
        return sum(self.waited) * self.share

    def wait(self, seconds: float) -> bool:
        self.waited.append(seconds)
        return sum(self.waited) >= self.lasts


@pytest.fixture
def meet(monkeypatch: pytest.MonkeyPatch) -> Meet:
    def made(lasts: float, share: float) -> tuple[Run, list[float]]:
        slow = Slow(lasts, share)
        monkeypatch.setattr(moments, "_worked", lambda run: cast("Any", run).worked)
        return cast("Run", slow), slow.waited

    return made


def test_what_is_done_soon_is_waited_for_once(meet: Meet) -> None:
    run, waited = meet(5, 0.9)
    assert ended_in_time(run)
    assert waited == [moments.PATIENCE]


def test_what_has_little_of_the_processor_may_take_longer(meet: Meet) -> None:
    run, _waited = meet(500, 0.04)  # as a training had at a load of 8
    assert ended_in_time(run)


@pytest.mark.parametrize("share", [1.0, 3.5])  # of one core, of several
def test_what_hangs_in_a_loop_is_told_after_as_long_as_ever(meet: Meet, share: float) -> None:
    run, waited = meet(1e9, share)
    assert not ended_in_time(run)
    assert sum(waited) == moments.PATIENCE


def test_what_waits_for_something_is_told_soon(meet: Meet) -> None:
    run, waited = meet(1e9, 0.0005)  # a thread of its worker's says that it lives
    assert not ended_in_time(run)
    assert sum(waited) == moments.PATIENCE + moments.LOOK


def test_nothing_is_waited_for_without_end(meet: Meet) -> None:
    run, waited = meet(1e9, 0.01)
    assert not ended_in_time(run)
    assert sum(waited) <= moments.LONGEST * moments.PATIENCE


def test_the_time_is_that_of_its_process() -> None:
    own = cast("Run", Slow(0, 0, pid=os.getpid()))
    assert 0 < moments._worked(own) <= sum(os.times()[:2]) + 1
    gone = cast("Run", Slow(0, 0, pid=2**22 + 1))
    assert moments._worked(gone) > moments.PATIENCE
