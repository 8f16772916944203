"""Plugins that are switched off: one list for all windows and shells."""

from collections.abc import Callable
from pathlib import Path

import pytest

from aigc_studio.api import StudioError
from aigc_studio.host import Registry
from aigc_studio.host.switches import switch, switched_off


def test_a_switch_holds_for_all_registries(registry: Callable[..., Registry]) -> None:
    found = registry("echo", "spans")
    switch("spans", False)
    found.refresh()
    states = {each.source.name: each.state for each in found.records if each.source.path}
    assert (states["echo"], states["spans"]) == ("ready", "disabled")
    switch("echo", False)
    switch("spans", True)
    assert switched_off() == {"echo"}
    again = Registry()
    again.refresh()
    assert again.record("spans").reason == ""
    with pytest.raises(StudioError, match="switched off"):
        again.record("echo")


def test_a_damaged_list_is_none_and_a_closed_folder_a_sentence(home: Path) -> None:
    switch("echo", False)
    file = home / "data" / "plugins.json"
    file.write_text('{"off": 5}')
    assert switched_off() == frozenset()
    file.unlink()
    file.mkdir()
    with pytest.raises(StudioError, match="cannot be written"):
        switch("echo", False)
