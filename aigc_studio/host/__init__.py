"""Finds plugins, starts and fences their workers, and speaks with them. No Qt, no plugin code.

The names load when they are first asked for: the cached records are wanted before the first
paint, the workers after it.
"""

from typing import TYPE_CHECKING

from aigc_studio import late

if TYPE_CHECKING:
    from aigc_studio.host.pool import WorkerPool, default_threads
    from aigc_studio.host.records import PluginRecord, PluginSource
    from aigc_studio.host.registry import Registry
    from aigc_studio.host.run import Run, RunState
    from aigc_studio.host.run_errors import RunError, RunFailed

_homes = {
    "WorkerPool": "pool",
    "default_threads": "pool",
    "PluginRecord": "records",
    "PluginSource": "records",
    "Registry": "registry",
    "Run": "run",
    "RunError": "run_errors",
    "RunFailed": "run_errors",
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

__getattr__ = late.names(__name__, _homes)
