"""Work in steps: generators that yield how far they are, and return what came of it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeVar

Y = TypeVar("Y")
Z = TypeVar("Z")
T = TypeVar("T")


def finished(steps: Generator[Any, None, T]) -> T:
    """What comes of it, at once."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: T = end.value
            return found


def each_as(steps: Generator[Y, None, T], tell: Callable[[Y], Z]) -> Generator[Z, None, T]:
    """The same work, its steps in other words."""
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            found: T = end.value
            return found
        yield tell(step)
