"""Asking a plugin what it is, in a worker that is ended then."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from aigc_studio.host.records import PluginRecord, PluginSource
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.host.worker import Worker

DESCRIBE_SECONDS = 20.0
"""How long a plugin may take to be imported and to describe itself."""

_log = logging.getLogger(__name__)


def describe(
    source: PluginSource,
    seconds: float = DESCRIBE_SECONDS,
    begun: Callable[[Worker], None] | None = None,
) -> PluginRecord:
    """Start a worker, let it load the plugin, and end it: what came of it, whatever that is.

    `begun` is told the worker, for who wants to end it before.
    """
    from aigc_studio.host.discovery import fault
    from aigc_studio.host.worker import Worker

    if reason := fault(source):
        return PluginRecord(source, "failed", reason=reason)
    try:
        worker = Worker(source)
    except OSError as error:
        sentence = _("The Python {path} of the plugin {name} cannot be started: {problem}.")
        problem = error.strerror or error
        reason = sentence.format(path=source.interpreter, name=source.name, problem=problem)
        return PluginRecord(source, "failed", reason=reason)
    if begun is not None:
        begun(worker)
    try:
        record = worker.load(source, seconds)
    except Exception as error:  # a fault of ours: this plugin has it, and no other
        record = _undescribed(source, error)
    except BaseException:  # Ctrl+C, while a plugin takes its time over its import
        worker.close(0.1)
        raise
    worker.close(1.0)
    if record.state == "ready":
        with contextlib.suppress(OSError):
            worker.process.log.unlink()  # nothing happened that anybody would look up
    return record


def describe_all(
    sources: Iterable[PluginSource], answer: Callable[[PluginSource, PluginRecord], None]
) -> None:
    """Describe several, a few at a time; `answer` is told what came of each, from any thread."""
    from concurrent.futures import ThreadPoolExecutor

    begun: list[Worker] = []

    def ask(source: PluginSource) -> None:
        answer(source, describe(source, begun=begun.append))

    with ThreadPoolExecutor(max(2, min(4, os.cpu_count() or 2))) as threads:
        try:
            list(threads.map(ask, sources))
        except BaseException:  # Ctrl+C: the threads wait for their workers, and we for them
            threads.shutdown(wait=False, cancel_futures=True)
            for worker in begun:
                worker.process.kill()
            raise


def _undescribed(source: PluginSource, error: Exception) -> PluginRecord:
    from aigc_studio.wire.places import problem_of

    _log.error("a plugin could not be described", exc_info=error)
    sentence = _("The plugin {name} could not be described: {problem}.")
    reason = sentence.format(name=source.name, problem=problem_of(error))
    return PluginRecord(source, "failed", reason=reason)
