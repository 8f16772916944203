"""Counts the work of a function in calls: figures that no busy machine changes."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def calls(function: Callable[[], Any]) -> int:
    """How many functions were called, those of C included, on this thread."""
    count = 0

    def note(_frame: FrameType, event: str, _value: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    former = sys.getprofile()
    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(former)
    return count


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
