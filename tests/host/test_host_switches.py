"""Plugins that are switched off: one list for all windows and shells."""

from collections.abc import Callable
from pathlib import Path

import pytest

from aigc_studio.api import StudioError
from aigc_studio.host import Registry
from aigc_studio.host.packages.removing import is_own
from aigc_studio.host.switches import damage, switch, switched_off


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


def states(registry: Registry) -> dict[str, str]:
    registry.refresh()
    return {each.source.name: each.state for each in registry.records}


@pytest.mark.parametrize("damaged", [b'{"off": 5}', b"", b'{"off": ["ech', b"\xff\xfe"])
def test_of_a_damaged_list_nobody_elses_plugin_runs_until_it_is_switched_on(
    registry: Callable[..., Registry], home: Path, damaged: bytes
) -> None:
    found = registry("echo", "spans")
    switch("echo", False)
    assert damage() == ""
    file = home / "data" / "plugins.json"
    file.write_bytes(damaged)
    now = states(found)
    assert (now["echo"], now["spans"]) == ("disabled", "disabled")
    own = [each for each in found.records if is_own(each.source)]
    assert own
    assert not any("damaged" in each.reason for each in own)
    with pytest.raises(
        StudioError, match=r"may have been switched off: .*plugins\.json is damaged"
    ):
        found.record("spans")
    assert "Switch the others on in the Plugins window" in damage()
    assert file.read_bytes() == damaged  # nobody has said anything yet

    switch("spans", True)
    assert damage() == ""
    now = states(found)
    assert (now["echo"], now["spans"]) == ("disabled", "ready")
    assert file.with_name("plugins.json~").read_bytes() == damaged


def test_what_a_path_names_runs_and_is_not_on_the_list_that_is_written_anew(
    registry: Callable[..., Registry], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = registry("echo", "spans")
    path = next(each.source.path for each in found.records if each.source.name == "echo")
    monkeypatch.setenv("AIGC_STUDIO_PLUGIN_PATH", path)
    file = home / "data" / "plugins.json"
    file.write_bytes(b"damaged")
    assert states(found)["echo"] == "ready"
    switch("spans", True)
    assert not {"echo", "spans"} & switched_off()


def test_no_list_is_nothing_switched_off(home: Path) -> None:
    assert switched_off() == frozenset()
    assert damage() == ""


def test_a_folder_in_its_place_is_put_aside_and_one_that_cannot_be_is_a_sentence(
    home: Path,
) -> None:
    file = home / "data" / "plugins.json"
    file.mkdir(parents=True)
    assert "it is not a file" in damage()
    switch("echo", False)
    assert "echo" in switched_off()
    file.unlink()
    file.mkdir()
    (file.with_name("plugins.json~") / "full").touch()
    with pytest.raises(StudioError, match="cannot be written"):
        switch("echo", False)
