"""A worker without a network, for the conformance kit: what a plugin does then is measured.

On Linux, where the system lets, the process moves into a network namespace of its own, with nothing
in it: whatever it starts has no network either, in any language. Everywhere Python's audit hook
refuses what reaches for an address, and writes down who did, and which programs were started.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import sys
from pathlib import Path
from types import FrameType
from typing import Any

VARIABLE = "AIGC_STUDIO_OFFLINE"
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_REACHING = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1, "socket.getaddrinfo": 0,
             "socket.gethostbyname": 0}  # fmt: skip
"""Events of Python's audit, and which of their arguments is the address."""
_STARTING = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn")
MOST_FILES = 30


def shut_network() -> None:
    """From now on this process has no network. Called before any thread is started."""
    _note("shut", "namespace" if _move_apart() else "python")
    sys.addaudithook(_heed)


def _move_apart() -> bool:
    """Whether this process is in an empty network namespace now; as the same person as before."""
    if sys.platform != "linux":
        return False
    user, group = os.getuid(), os.getgid()
    try:
        if ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK) != 0:
            return False
        Path("/proc/self/setgroups").write_text("deny", "ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", "ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", "ascii")
    except (OSError, AttributeError):
        return False
    return True


def _heed(event: str, words: tuple[Any, ...]) -> None:
    if event in _REACHING:
        address = words[_REACHING[event]] if len(words) > _REACHING[event] else None
        if not _leads_out(event, address):
            return
        _note("network", _told(address))
        raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))
    if event in _STARTING:
        _note("program", str(words[0])[:200] if words else "")


def _leads_out(event: str, address: Any) -> bool:
    """Whether an address is one of a network; those of files and pairs stay on this machine."""
    return isinstance(address, tuple) or (event.startswith("socket.get") and bool(address))


def _told(address: Any) -> str:
    parts = address[:2] if isinstance(address, tuple) else (address,)
    return ":".join(str(each) for each in parts)[:200]


def _note(kind: str, words: str) -> None:
    """A line for the kit, in the log; with the files whose code asked for it, innermost first."""
    files: list[str] = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and len(files) < MOST_FILES:
        if frame.f_code.co_filename not in files:
            files.append(frame.f_code.co_filename)
        frame = frame.f_back
    line = json.dumps({"offline": kind, "words": words, "files": files}) + "\n"
    os.write(2, line.encode("ascii"))
