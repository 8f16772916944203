"""What the test plugins and the installed ones say of themselves, asked once for many tests.

Asking is a process each time. It is asked truly where a test is marked `processes`, of a plugin
that is not as it lies in `tests/plugins`, and of one that does not answer as it should.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aigc_studio.host import describing, discovery, stamps
from aigc_studio.host.records import PluginRecord, PluginSource

PLUGINS = Path(__file__).parent / "plugins"

_described: dict[str, PluginRecord] = {}
"""What the test plugins of that folder said of themselves, by the names of their files."""
_packaged: list[PluginSource] | None = None
_stamps: dict[PluginSource, str] = {}


def describe_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on a test plugin is asked once for its description, and each registry told it."""
    true = describing.describe

    def describe(source: PluginSource, *rest: Any, **named: Any) -> PluginRecord:
        path = Path(source.path)
        known = PLUGINS / path.name
        is_ours = known.is_file() and path.is_file() and known.read_bytes() == path.read_bytes()
        if not is_ours:
            return true(source, *rest, **named)
        if path.name not in _described:
            record = true(source, *rest, **named)
            if record.state != "ready":
                return record
            _described[path.name] = record
        return replace(_described[path.name], source=source, home=str(path.parent))

    monkeypatch.setattr(describing, "describe", describe)


def find_packages_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What packages bring is looked for once, and the studio's own are marked once: a walk through
    all that is installed, and through all of their code."""
    monkeypatch.setattr(discovery, "_entry_points", lambda: iter(_packages()))
    monkeypatch.setattr(stamps, "stamp", _stamp)


def _stamp(source: PluginSource, true: Any = stamps.stamp) -> str:
    if source not in (_packaged or ()):
        return str(true(source))
    if source not in _stamps:
        _stamps[source] = true(source)
    return _stamps[source]


def _packages(true: Any = discovery._entry_points) -> Sequence[PluginSource]:
    global _packaged
    if _packaged is None:
        found: Iterator[PluginSource] = true()
        _packaged = list(found)
    return _packaged
