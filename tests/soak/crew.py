"""Attacks that do not know of each other, as many at once as there are cores."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

T = TypeVar("T")

TELLS = 10.0
"""Seconds between two lines that say how far it is."""


def abreast(what: str, attack: Callable[..., T], each: Sequence[tuple[Any, ...]]) -> list[T]:
    """What each attack gives, in their order; says how far it is now and then.

    Every attack runs in a process of the crew, so it may set its environment.
    """
    found: list[T] = []
    spoke = time.monotonic()
    # Forked, and before anything is imported that has threads.
    with multiprocessing.get_context("fork").Pool(min(os.cpu_count() or 1, len(each) or 1)) as pool:
        for one in pool.imap(_Attack(attack), each):
            found.append(one)
            if time.monotonic() - spoke > TELLS or len(found) == len(each):
                spoke = time.monotonic()
                sys.stderr.write(f"{what}: {len(found)} of {len(each)}\n")
    return found


class _Attack(Generic[T]):
    """A function of several things, as one of a tuple."""

    def __init__(self, attack: Callable[..., T]) -> None:
        self._attack = attack

    def __call__(self, given: tuple[Any, ...]) -> T:
        return self._attack(*given)
