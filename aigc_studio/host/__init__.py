"""Finds plugins, starts and fences their workers, and speaks with them. No Qt, no plugin code."""

from aigc_studio.host.pool import WorkerPool, default_threads
from aigc_studio.host.records import PluginRecord, PluginSource
from aigc_studio.host.registry import Registry
from aigc_studio.host.run import Run, RunError, RunState

__all__ = [
    "PluginRecord",
    "PluginSource",
    "Registry",
    "Run",
    "RunError",
    "RunState",
    "WorkerPool",
    "default_threads",
]
