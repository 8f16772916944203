"""Processes and what they started: who belongs to whom, and how much memory they take together.

Linux tells by reading /proc, elsewhere psutil does. No function here raises for a process that is
gone by now.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

MARK = "AIGC_STUDIO_FAMILY"
"""The variable that says whose a process is: in the environment of a worker and all it starts."""

HAS_PROC = sys.platform == "linux" and os.path.exists("/proc/thread-self/children")
"""Whether children and memory are told without psutil, and soon enough to be watched closely."""


def children(pid: int) -> list[int]:
    """The processes that `pid` started, or that were given to it; those that have ended as well."""
    if not HAS_PROC:
        return _children_elsewhere(pid, deep=False)
    found: list[int] = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            found += map(int, _read(f"/proc/{pid}/task/{thread}/children").split())
    except OSError:
        return found
    return found


def descendants(pid: int) -> list[int]:
    """The living processes below `pid`, nearest first."""
    if not HAS_PROC:
        return _children_elsewhere(pid, deep=True)
    found: list[int] = []
    seen, todo = {pid}, [pid]
    while todo:
        below = [each for each in children(todo.pop(0)) if each not in seen]
        seen.update(below)
        todo += below
        found += (each for each in below if is_alive(each))
    return found


def is_alive(pid: int) -> bool:
    """Whether there is such a process, and it is no mere entry that nobody has asked for yet."""
    if not HAS_PROC:
        return bool(_process(pid))
    # "12 (a name) S 7 …": Z and X have ended.
    state = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()[:1]
    return bool(state) and state[0] not in ("Z", "X", "x")


def memory(pids: Iterable[int], limit: int = 0) -> int:
    """The bytes that these processes take for themselves, on disk or not; files in memory apart.

    What processes share after a fork counts for each of them, unless that makes more than `limit`:
    then it is measured as what it is, which takes longer.
    """
    pids = list(pids)
    if not HAS_PROC:
        return _memory_elsewhere(pids, limit)
    taken = sum(_kilobytes(f"/proc/{pid}/status", _OWN) for pid in pids)
    if len(pids) > 1 and limit and taken * 1024 > limit:
        taken = sum(
            _kilobytes(f"/proc/{pid}/smaps_rollup", _SHARES)
            or _kilobytes(f"/proc/{pid}/status", _OWN)
            for pid in pids
        )
    return taken * 1024


_OWN = ("RssAnon:", "RssShmem:", "VmSwap:")
_SHARES = ("Pss_Anon:", "Pss_Shmem:", "SwapPss:")


def _kilobytes(path: str, names: tuple[str, ...]) -> int:
    lines = (line.split() for line in _read(path).split("\n") if line.startswith(names))
    return sum(int(words[1]) for words in lines)


def _read(path: str) -> str:
    """What a file in /proc says now, by four calls of the system: a text file takes nine.

    It is read after every action, beside a window that paints; each call gives Python's lock away.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return ""
    found = b""
    try:
        while part := os.read(descriptor, 1 << 16):
            found += part
    except OSError:  # the process ended meanwhile
        return ""
    finally:
        os.close(descriptor)
    return found.decode("utf-8", "replace")


# Where there is no /proc


def _process(pid: int) -> object:
    import psutil

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process
    except psutil.Error:
        return None


def _children_elsewhere(pid: int, *, deep: bool) -> list[int]:
    try:
        import psutil
    except ImportError:  # a plugin's own Python may be without it
        return []
    try:
        found = psutil.Process(pid).children(recursive=deep)
    except psutil.Error:
        return []
    return [each.pid for each in found if not deep or _process(each.pid)]


def _memory_elsewhere(pids: list[int], limit: int) -> int:
    import psutil

    def told(name: str, field: str) -> int:
        total = 0
        for pid in pids:
            try:
                total += getattr(getattr(psutil.Process(pid), name)(), field)
            except psutil.Error:
                continue
        return total

    taken = told("memory_info", "rss")
    return told("memory_full_info", "uss") if len(pids) > 1 and 0 < limit < taken else taken
