"""Plugins as the studio knows them: where one was found, and what came of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from aigc_studio.api.description import Description
from aigc_studio.translation import localized

GROUP = "aigc_studio.plugins"
"""`api.hookspecs.ENTRY_POINT_GROUP`, without importing pluggy."""

SourceKind = Literal["entry_point", "file", "folder"]
RecordState = Literal["ready", "failed", "incompatible", "disabled"]


@dataclass(frozen=True)
class PluginSource:
    """Where a plugin was found.

    `name` is the entry point's, the file's stem or the folder's. `target` is `module:attribute` of
    an entry point. `path` is the file or folder; for an entry point of a checkout that is not
    installed, the folder that its module lies in. `interpreter` is the Python that its worker is
    started with, empty for the studio's own. `origin` is `path` for what AIGC_STUDIO_PLUGIN_PATH
    names, which comes before all others; else empty.
    """

    kind: SourceKind
    name: str
    target: str = ""
    distribution: str = ""
    version: str = ""
    interpreter: str = ""
    path: str = ""
    origin: str = ""

    @property
    def file_name(self) -> str:
        """What its author calls it: the file or folder, or the name of an entry point."""
        return self.name if self.kind == "entry_point" else os.path.basename(self.path)

    def to_json(self) -> dict[str, str]:
        """Plain JSON values."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True)
class PluginRecord:
    """One plugin: ready with its description, or not, with the reason as a sentence.

    One that failed keeps the description it had while it worked, if it ever did. `details` is for
    the plugin's author (a traceback, the log's end); `file` and `line` say where in its own code
    its import broke, as far as that is known. `warnings` and `outdated` are for its author too:
    what is not as it should be, and where it has used what goes away, in an action as well. `home`
    is the folder of its module, which `description.models` is relative to. `stamp` changes
    whenever its code does.
    """

    source: PluginSource
    state: RecordState
    description: Description | None = None
    reason: str = ""
    details: str = ""
    warnings: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()
    home: str = ""
    stamp: str = ""
    imports_torch: bool = False
    file: str = ""
    line: int = 0

    @property
    def title(self) -> str:
        """What it calls itself, in the spoken language; its name when it could not say."""
        return localized(self.description.title) if self.description else self.source.name

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, for the cache."""
        value = {field.name: getattr(self, field.name) for field in fields(self)}
        value["source"] = self.source.to_json()
        value["description"] = self.description and self.description.to_json()
        return value

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> PluginRecord:
        """Read what `to_json` gave. Raises `ValueError`, `KeyError` or `TypeError` otherwise."""
        known = dict(value)
        known["source"] = PluginSource(**_strings(value["source"]))
        described = value["description"]
        known["description"] = None if described is None else Description.from_json(described)
        for key in ("warnings", "outdated"):
            known[key] = tuple(_text(each) for each in value[key])
        if known["state"] not in get_args(RecordState):
            raise ValueError("no state of a plugin")
        for key in ("reason", "details", "home", "stamp", "file"):
            known[key] = _text(known[key])
        known["imports_torch"] = bool(known["imports_torch"])
        known["line"] = int(known["line"])
        return cls(**known)


def _strings(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _text(each) for key, each in value.items()}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    return value
