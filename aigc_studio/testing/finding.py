"""The plugin that is to be tested: by its file, its folder, or its name."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from aigc_studio.api.errors import StudioError
from aigc_studio.host import PluginRecord, PluginSource, Registry
from aigc_studio.translation import _


def find_record(plugin: PluginSource | Path | str) -> PluginRecord:
    """The record of a plugin: by source, by the path of its file, folder or project, or by
    its name (that of its entry point, or the id of its generator).

    Raises `StudioError` when there is no such plugin.
    """
    from aigc_studio.host.describing import describe
    from aigc_studio.host.discovery import find_source
    from aigc_studio.host.stamps import stamp

    source = plugin if isinstance(plugin, PluginSource) else find_source(str(plugin))
    if source is not None:
        return replace(describe(source), stamp=stamp(source))
    if not Path(plugin).exists() and _is_path(plugin):  # type: ignore[arg-type]
        raise StudioError(_("There is no file {path}.").format(path=plugin))
    if Path(plugin).exists():  # type: ignore[arg-type]
        sentence = _("{path} is not a plugin: name a Python file, or a folder with an __init__.py.")
        raise StudioError(sentence.format(path=plugin))
    registry = Registry()
    registry.load_cached()
    registry.refresh()
    named = [each for each in registry.records if each.source.name == plugin]
    if named and named[0].state == "ready":
        return named[0]  # an entry point may be called otherwise than its generator
    return registry.record(str(plugin))


def _is_path(plugin: Path | str) -> bool:
    """Whether a path was meant, and not the name of a plugin."""
    separators = [each for each in (os.sep, os.altsep) if each]
    words = str(plugin)
    return (
        isinstance(plugin, Path)
        or words.endswith(".py")
        or any(each in words for each in separators)
    )
