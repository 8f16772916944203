"""Finds plugins, starts and fences their workers, and speaks with them. No Qt, no plugin code.

The names load when they are first asked for: the cached records are wanted before the first
paint, the workers after it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aigc_studio.host.pool import WorkerPool, default_threads
    from aigc_studio.host.records import PluginRecord, PluginSource
    from aigc_studio.host.registry import Registry
    from aigc_studio.host.run import Run, RunError, RunFailed, RunState

_homes = {
    "WorkerPool": "pool",
    "default_threads": "pool",
    "PluginRecord": "records",
    "PluginSource": "records",
    "Registry": "registry",
    "Run": "run",
    "RunError": "run",
    "RunFailed": "run",
    "RunState": "run",
}

__all__ = [
    "PluginRecord",
    "PluginSource",
    "Registry",
    "Run",
    "RunError",
    "RunFailed",
    "RunState",
    "WorkerPool",
    "default_threads",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    if name not in _homes:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_homes[name]}"), name)
    globals()[name] = value
    return value
