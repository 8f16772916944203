"""Garbage is collected on the UI thread, and given back to Python in the end."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from aigc_studio.jobs import GarbageTimer


class Knot:
    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def timer(qtbot: QtBot) -> Iterator[GarbageTimer]:
    timer = GarbageTimer()
    yield timer
    timer.close()
    # As tests/conftest.py has it.
    assert gc.isenabled()
    gc.unfreeze()
    gc.disable()


def test_a_knot_is_collected_by_the_timer_and_by_nobody_else(timer: GarbageTimer) -> None:
    assert not gc.isenabled()
    seen = weakref.ref(Knot())
    many = [Knot() for _ in range(3000)]
    assert seen() is not None
    del many
    for _turn in range(3):
        timer.collect()
    assert seen() is None
