"""Plugins whose code is another by now are read anew, while the window goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from aigc_studio.jobs.drives import answers

if TYPE_CHECKING:
    from aigc_studio.host import PluginRecord, PluginSource
    from aigc_studio.ui.studio import Studio

GRACE_MS = 300
"""A file that breaks may be half written: it is read again if it is another one after this time."""


@dataclass
class _Reading:
    """One plugin that is being read."""

    began: float = field(default_factory=time.monotonic)
    then: list[Callable[[], object]] = field(default_factory=list)


class Renewal(QObject):
    """Keeps what the studio knows of plugins true to their code.

    `began` carries the `PluginSource` that is being read. `renewed` carries the record that came of
    it and how many seconds that took; by then the studio knows it (`records_changed`).
    """

    began = Signal(object)
    renewed = Signal(object, float)

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._studio = studio
        self._reading: dict[PluginSource, _Reading] = {}
        self._known: dict[PluginSource, tuple[str, str]] = {}
        """The stamp of each plugin as it was read or last looked at, and the digest of its code."""
        self._looking = False

    def due(self, generator: str) -> PluginSource | None:
        """The source of a generator whose code is another than the one that is known."""
        for record in self._watched():
            if _id(record) == generator:
                is_due = record.source in self._reading or self._may_be_other(record)
                return record.source if is_due else None
        return None

    def is_reading(self, source: PluginSource) -> bool:
        """Whether a plugin is being read just now."""
        return source in self._reading

    @Slot()
    def look(self) -> None:
        """Look at the code of all plugins, beside the window, and read anew what is another; all of
        them are looked for again where some have come or gone."""
        if self._looking or self._studio.scanning or self._studio.closed:
            return
        self._looking = True
        records, registry = self._watched(), self._studio.registry
        self._studio.errands.run(
            lambda: (
                [each.source for each in records if self._is_other(each)],
                registry.is_current(),
            ),
            self._take,
            self._fail_to_look,
        )

    def renew(self, source: PluginSource, then: Callable[[], object] | None = None) -> None:
        """Read a plugin anew; `then` is called if it works."""
        reading = self._reading.get(source)
        if reading is None:
            reading = self._reading[source] = _Reading()
            self.began.emit(source)
            self._read(source)
        if then is not None:
            reading.then.append(then)

    def _watched(self) -> list[PluginRecord]:
        """All plugins but the studio's own, and those that are not to be run."""
        records = self._studio.registry.records
        return [
            each
            for each in records
            if each.state != "disabled" and each.source.distribution != "aigc-studio"
        ]

    # Whether it is another

    def _may_be_other(self, record: PluginRecord) -> bool:
        """Whether it is another, or that cannot be told at once: then it is read beside the
        window, which need not wait for a drive."""
        path = Path(record.source.path)
        return answers(lambda _path: self._is_other(record), [path])[0] is not False

    def _is_other(self, record: PluginRecord) -> bool:
        """Whether the code is another than when it was read; not after a mere touch. Any thread."""
        from aigc_studio.host.stamps import digest, stamp

        source = record.source
        mark = stamp(source)
        known = self._known.get(source)
        is_same_mark = mark == (known[0] if known else record.stamp)
        if is_same_mark and known is not None:
            return False
        code = digest(source)
        if stamp(source) != mark:  # it was written just now: which code that was is not known
            return True
        is_other = not is_same_mark and (known is None or code != known[1])
        if not is_other:  # to know it again after a touch; another is known when it is read
            self._known[source] = mark, code
        return is_other

    def _take(self, seen: tuple[list[PluginSource], bool]) -> None:
        self._looking = False
        others, is_current = seen
        if not is_current and not self._studio.closed:
            self._studio.refresh_plugins()
            return
        for source in others:
            self.renew(source)

    def _fail_to_look(self, error: Exception) -> None:
        self._looking = False
        self._studio.say_error(error)

    # Reading

    def _read(self, source: PluginSource) -> None:
        self._studio.errands.run(
            partial(self._described, source),
            partial(self._note_read, source),
            partial(self._fail, source),
        )

    def _described(self, source: PluginSource) -> PluginRecord:
        """Beside the window: what the code says now. The generator in use gets a warm worker."""
        from aigc_studio.host.describing import describe
        from aigc_studio.host.stamps import digest, stamp

        mark, code = stamp(source), digest(source)
        studio = self._studio
        own = source == studio.developed
        chosen = own or any(
            each.source == source and _id(each) == studio.generator
            for each in studio.registry.records
        )
        pool = studio.jobs.pool
        self._known[source] = mark, code
        record = pool.reload(source, often=own) if chosen else describe(source)
        record = replace(record, stamp=mark)
        return studio.registry.take(record) if record.state == "ready" else record

    def _note_read(self, source: PluginSource, record: PluginRecord) -> None:
        if _is_written_since(record):
            self._read(source)
        elif record.state == "ready":
            self._end(source, record)
        else:
            QTimer.singleShot(GRACE_MS, self, partial(self._read_or_fail, source, record))

    def _read_or_fail(self, source: PluginSource, record: PluginRecord) -> None:
        if _is_written_since(record):
            self._read(source)
            return
        self._studio.errands.run(
            partial(self._studio.registry.take, record),
            partial(self._end, source),
            partial(self._fail, source),
        )

    def _end(self, source: PluginSource, record: PluginRecord) -> None:
        reading = self._reading.pop(source)
        if record.description is not None:
            self._studio.jobs.give_way(record.description.id)
        self._studio.note_renewed()
        if record.description is not None and record.description.models:
            self._studio.refresh_models()
        self.renewed.emit(record, time.monotonic() - reading.began)
        if record.state == "ready":
            for then in reading.then:
                then()

    def _fail(self, source: PluginSource, error: Exception) -> None:
        self._reading.pop(source, None)
        self._studio.say_error(error)


def _is_written_since(record: PluginRecord) -> bool:
    """Whether the code was written while it was read, as far as its drive tells at once."""
    from aigc_studio.host.stamps import stamp

    source = record.source
    return answers(lambda _path: stamp(source), [Path(source.path)])[0] not in (None, record.stamp)


def _id(record: PluginRecord) -> str:
    return record.description.id if record.description else ""
