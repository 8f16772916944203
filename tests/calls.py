"""Counts the work of a function in calls: figures that no busy machine changes."""

import sys
from collections.abc import Callable
from cProfile import Profile
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
