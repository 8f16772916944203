"""All plugins that there are, described once and remembered in one JSON file."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio import __version__, folders, late
from aigc_studio.api import documents, limits
from aigc_studio.api.errors import StudioError
from aigc_studio.files import make_private, plain_bytes, write_text
from aigc_studio.host.precedence import is_named, is_usual, named_paths, without_twins
from aigc_studio.host.records import PluginRecord, PluginSource
from aigc_studio.translation import _, enumerated

if TYPE_CHECKING:
    from aigc_studio.host import describing
else:
    describing = late.module("aigc_studio.host.describing")

FORMAT = 7
_DEPTH = limits.DEPTH + 8
"""Levels of the cache: those of a description, and what stands around it."""


class Registry:
    """The plugins as records, in the order found. `disabled` names those that are not to be run;
    None: those that the person has switched off, looked up at each `refresh`.

    Listeners that want to know of changes give `refresh` a function, or ask again after it.
    """

    def __init__(self, cache: Path | None = None, disabled: Collection[str] | None = None) -> None:
        self._cache = cache or folders.cache_folder() / "plugins.json"
        self._lock = threading.Lock()
        self.disabled = None if disabled is None else frozenset(disabled)
        self.records: tuple[PluginRecord, ...] = ()
        self._found: tuple[PluginRecord, ...] = ()
        """The records of each plugin by itself, whichever comes first."""

    def load_cached(self) -> None:
        """Take the records of the last time. A cache that cannot be read is none, and a record in
        it that does not fit is left out: that plugin is described anew.

        One JSON file and the standard library: this may be done before the first paint.
        """
        self.records = self._found = ()
        try:
            document = documents.read(self._cache, limits.DOCUMENT_BYTES, _DEPTH)
            if document["head"] == _head():
                self._found = tuple(_readable(document["records"]))
                self._set_up()
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return

    def _set_up(self) -> None:
        """Which of what was found counts now: what the plugin path names comes first."""
        named = filter(is_named, self._found)
        self.records = tuple(without_twins(sorted(named, key=is_usual)))

    def refresh(self, on_record: Callable[[PluginRecord], None] | None = None) -> None:
        """Find all plugins, describe what is new, changed or failed, and write the cache.

        Blocks until every plugin has answered: what has to be asked has a worker of its own.
        `on_record` is told each record as it comes, from any thread.
        """
        from aigc_studio.host.discovery import find_sources
        from aigc_studio.host.stamps import stamp

        with self._lock:
            known = {record.stamp: record for record in self._found if _has_worked(record)}
            former = {record.source: record for record in self._found}
            found: dict[PluginSource, PluginRecord] = {}

            def keep(source: PluginSource, record: PluginRecord) -> None:
                record = replace(record, source=source, stamp=marks[source])
                found[source] = _remembering(record, former.get(source))
                if on_record is not None:
                    on_record(found[source])

            sources = find_sources()
            marks = {source: stamp(source) for source in sources}
            for source in sources:
                if (record := self._unasked(source, known.get(marks[source]))) is not None:
                    keep(source, record)
            if asked := [source for source in sources if source not in found]:
                describing.describe_all(asked, keep)
            self._found = tuple(found[source] for source in sources)
            self.records = tuple(without_twins(self._found))
            self._write()

    def is_current(self) -> bool:
        """Whether `refresh` would find the same plugins, switched on and off as they were: another
        window or a shell may have changed that. For any thread; nothing is run."""
        from aigc_studio.host.discovery import find_sources

        known = {each.source: each.state == "disabled" for each in self._found}
        found = {source: bool(self._why_not(source)) for source in find_sources()}
        # A file that is half written is no plugin for a while, and is not to go for that.
        gone = [each for each in known.keys() - found.keys() if not os.path.lexists(each.path)]
        return not gone and all(known.get(source) == off for source, off in found.items())

    def take(self, record: PluginRecord) -> PluginRecord:
        """Put what a plugin is now in the place of what it was, write the cache, and return what is
        kept: one that failed has the description of before, and no two have the same id."""
        with self._lock:
            former = next((each for each in self._found if each.source == record.source), None)
            record = _remembering(record, former)
            others = tuple(record if each is former else each for each in self._found)
            self._found = others if former else (*others, record)
            self._set_up()
            self._write()
        return next((each for each in self.records if each.source == record.source), record)

    def note_outdated(self, seen: PluginRecord, sentences: Sequence[str]) -> bool:
        """Keep where a plugin has used what goes away, for as long as its code is what was `seen`,
        and write the cache; whether any of it is new. Blocks while plugins are described."""
        with self._lock:
            record = next((each for each in self._found if _is_same(each, seen)), None)
            new = [each for each in sentences if record and each not in record.outdated]
            if record is None or not new:
                return False
            told = replace(record, outdated=(*record.outdated, *new))
            self._found = tuple(told if each is record else each for each in self._found)
            self._set_up()
            self._write()
        return True

    def _unasked(self, source: PluginSource, known: PluginRecord | None) -> PluginRecord | None:
        """The record of one plugin where that can be told without asking it."""
        if reason := self._why_not(source):
            return replace(known or PluginRecord(source, "ready"), state="disabled", reason=reason)
        return known and replace(known, state="ready", reason="")

    def _why_not(self, source: PluginSource) -> str:
        """Why a plugin is not to be run, or an empty string."""
        from aigc_studio.host.discovery import is_wanted

        if source.origin != "path" and (reason := self._why_off(source)):
            return reason
        if not is_wanted(source):
            return _("It was left out by AIGC_STUDIO_PLUGINS or AIGC_STUDIO_NO_PLUGINS.")
        return ""

    def _why_off(self, source: PluginSource) -> str:
        from aigc_studio.host import switches

        if self.disabled is None:
            return switches.why_off(source)
        off = source.name in self.disabled
        return _("It was switched off in the Plugins window.") if off else ""

    def _write(self) -> None:
        records = [record.to_json() for record in self._found]
        try:
            # Not canonical: forms show the fields in the order in which their author wrote them.
            # In ASCII: a file may have a name that UTF-8 cannot hold, and its record is read again.
            text = json.dumps({"head": _head(), "records": records})
            if not _holds(self._cache, text):
                make_private(self._cache.parent)
                write_text(self._cache, text, durable=False)
        except (OSError, ValueError, TypeError):
            return  # a cache that cannot be written costs time, and nothing else

    @property
    def model_folders(self) -> dict[str, Path]:
        """Where the models lie that came with plugins: the ids of generators to folders."""
        return {
            each.description.id: Path(each.home) / each.description.models
            for each in self.records
            if each.state == "ready" and each.description and each.description.models and each.home
        }

    def find(self, generator_id: str) -> PluginRecord:
        """As `record`, from the cache when that plugin is as it was: for one action in a shell.

        Describes the plugins only when this one is not there or has changed.
        """
        from aigc_studio.host.stamps import stamp

        self.load_cached()
        if named_paths():
            from aigc_studio.host.plugin_path import path_sources

            self._describe_first(path_sources())
        for record in self.records:
            about = record.description
            if about and about.id == generator_id and record.state == "ready":
                if not self._why_not(record.source) and stamp(record.source) == record.stamp:
                    return record
                break
        self.refresh()
        return self.record(generator_id)

    def _describe_first(self, sources: Sequence[PluginSource]) -> list[PluginRecord]:
        """The records of these plugins, described anew where they changed; the others come after
        them, as they are known."""
        from aigc_studio.host.stamps import stamp

        self.load_cached()
        known = {each.stamp: each for each in self._found if _has_worked(each)}
        former = {each.source: each for each in self._found}
        records: list[PluginRecord] = []
        for source in sources:
            mark = stamp(source)
            record = known.get(mark) or describing.describe(source)
            record = replace(record, source=source, stamp=mark)
            records.append(_remembering(record, former.get(source)))
        if any(each not in self._found for each in records):
            others = (each for each in self._found if each.source not in sources)
            self._found = (*records, *others)
            self._write()
            self._set_up()
        return records

    def first_of(self, sources: Sequence[PluginSource]) -> PluginRecord:
        """The one plugin of these that can be used, described anew if it has changed.

        Raises `StudioError`: why not, or which there are to choose from.
        """
        records = self._describe_first(sources)
        ready = [each for each in records if each.state == "ready" and each.description]
        if len(ready) == 1:
            return ready[0]
        if not ready:
            raise _unusable(records[0])
        sentence = _("There are several generators in {path}. Name one of {names}.")
        ids = enumerated(each.description.id for each in ready if each.description)
        raise StudioError(sentence.format(path=Path(ready[0].source.path).parent, names=ids))

    def record(self, generator_id: str) -> PluginRecord:
        """The usable plugin with this id. Raises `StudioError`: why not, or what there is."""
        for record in self.records:
            about = record.description
            if record.state == "ready" and about and about.id == generator_id:
                return record
        for record in self.records:
            about = record.description
            if generator_id not in (record.source.name, about and about.id):
                continue
            if record.state == "ready" and about:
                sentence = _("The plugin {name} calls its generator {id}: ask for that.")
                raise StudioError(sentence.format(name=generator_id, id=about.id))
            raise _unusable(record)
        if reason := _no_plugin(generator_id):
            raise StudioError(reason)
        ready = (record for record in self.records if record.state == "ready")
        ids = [record.description.id for record in ready if record.description]
        sentence = _("There is no generator {name}. There are: {names}.")
        names = enumerated(ids) or _("none")
        raise StudioError(sentence.format(name=generator_id, names=names))


def _holds(file: Path, text: str) -> bool:
    """Whether that is in the file already: most starts find nothing new."""
    try:
        return plain_bytes(file) == text.encode()
    except OSError:
        return False


def _unusable(record: PluginRecord) -> StudioError:
    """Why a plugin cannot be used, and where that was met; most reasons name it themselves."""
    from aigc_studio.host.run_errors import RunError, RunFailed

    sentence = record.reason
    if record.source.name not in sentence:
        told = _("The plugin {name} cannot be used: {reason}")
        sentence = told.format(name=record.source.name, reason=record.reason)
    return RunFailed(RunError(sentence, details=record.details, mendable=True))


def _no_plugin(name: str) -> str:
    """What to say of a name that a file of the plugin folder has which is none; else empty."""
    from aigc_studio.host.plugin_files import beside

    for path in beside(folders.plugin_folder()):
        if name in (path.stem, path.name):
            sentence = _(
                "{file} is in the plugin folder but is not a plugin: mark its describe() with "
                "@hookimpl."
            )
            return sentence.format(file=path.name)
    return ""


def _is_same(record: PluginRecord, seen: PluginRecord) -> bool:
    """Whether it is still the plugin that was seen, as it was."""
    return (record.source, record.stamp) == (seen.source, seen.stamp)


def _has_worked(record: PluginRecord) -> bool:
    """Whether what is known of a plugin holds for as long as its code is the same."""
    return record.description is not None and record.state in ("ready", "disabled")


def _remembering(record: PluginRecord, former: PluginRecord | None) -> PluginRecord:
    """A plugin that fails is known by what it said when it worked: a choice of it is kept."""
    if record.state not in ("failed", "incompatible") or former is None:
        return record
    return replace(record, description=former.description, home=record.home or former.home)


def _readable(documents: Any) -> Iterator[PluginRecord]:
    for document in documents:
        try:
            yield PluginRecord.from_json(document)
        except (ValueError, KeyError, TypeError, AttributeError):
            continue


def _head() -> dict[str, Any]:
    return {"format": FORMAT, "studio": __version__, "python": sys.version}
