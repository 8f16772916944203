"""What lies in the plugin folder and is odd costs nobody else their plugins."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from kinds import there

from aigc_studio.files import remove_tree
from aigc_studio.host import Registry
from aigc_studio.host.discovery import find_source, find_sources
from aigc_studio.host.plugin_files import source_at
from aigc_studio.host.stamps import stamp

ODD_INTERPRETERS = (
    "~nobody-of-that-name/bin/python", "~", "", "/", "a\0b", "\ud800", "x" * 30_000, 5, None, ["a"],
)  # fmt: skip


@pytest.mark.parametrize("named", ODD_INTERPRETERS)
def test_an_odd_interpreter_is_a_sentence_about_that_plugin(
    plugin_home: Callable[..., Path], named: object
) -> None:
    folder = plugin_home("echo", "bad/crashes")
    (folder / "crashes.plugin.json").write_text(json.dumps({"interpreter": named}), "utf-8")
    registry = Registry()
    registry.refresh()
    states = {each.source.name: each for each in registry.records}
    assert states["echo"].state == "ready"
    assert states["crashes"].state == "ready" or states["crashes"].reason


@pytest.mark.skipif(os.name != "posix", reason="names of bytes")
def test_a_name_that_is_no_utf8_costs_nobody_the_cache(plugin_home: Callable[..., Path]) -> None:
    folder = plugin_home("echo")
    with open(os.path.join(os.fsencode(folder), b"caf\xe9.py"), "w") as file:
        file.write("raise ValueError  # before any hookimpl\n")
    registry = Registry()
    registry.refresh()
    again = Registry()
    again.load_cached()
    assert again.records == registry.records
    assert len({each.source.name for each in again.records} & {"echo", "caf\udce9"}) == 2


@pytest.mark.skipif(os.name != "posix", reason="paths of Windows end before")
def test_a_folder_as_deep_as_can_be_has_a_stamp(plugin_home: Callable[..., Path]) -> None:
    folder = plugin_home("echo")
    (folder / "deep").mkdir()
    (folder / "deep" / "__init__.py").write_text("from aigc_studio.api import hookimpl", "utf-8")
    inner = folder / "deep"
    for _level in range(1500):
        inner = inner / "d"
        inner.mkdir()
    found = {each.name: each for each in find_sources()}
    assert "echo" in found
    assert stamp(found["deep"]) == stamp(there(source_at(folder / "deep")))
    remove_tree(folder / "deep")  # which pytest could not


def test_a_plugin_is_named_by_its_path_or_as_the_plugin_folder_has_it(
    plugin_home: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = plugin_home("echo")
    (tmp_path / "own.py").write_text("", "utf-8")
    monkeypatch.chdir(tmp_path)
    found = {words: find_source(words) for words in ("own.py", "echo", "echo.py", "nothing")}
    assert {words: each and each.path for words, each in found.items()} == {
        "own.py": str(tmp_path / "own.py"),
        "echo": str(kept / "echo.py"),
        "echo.py": str(kept / "echo.py"),
        "nothing": None,
    }
