"""Counts the work of a function in calls: figures that no busy machine changes."""

import sys
from collections.abc import Callable
from cProfile import Profile
from types import FrameType
from typing import Any


def calls(function: Callable[[], Any]) -> int:
    """How many functions were called, those of C included, on this thread."""
    # Counted in C: a function of Python that is told of each call takes longer over it.
    counter = Profile()
    former = sys.getprofile()
    counter.enable()
    try:
        function()
    finally:
        counter.disable()
        sys.setprofile(former)
    return sum(each.callcount for each in counter.getstats())


def steps(function: Callable[[], Any]) -> int:
    """How many steps of Python's own were taken, those of loops included, on this thread."""
    count = 0

    def note(frame: FrameType, event: str, _value: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return note

    former = sys.gettrace()
    sys.settrace(note)
    try:
        function()
    finally:
        sys.settrace(former)
    return count
