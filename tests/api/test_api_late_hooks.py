"""Hooks named in words: found when they are asked, told of precisely when they are not there."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aigc_studio.api import hookimpl
from aigc_studio.api.late_hooks import HookNotFound


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package `late_tune` with a module `work`, whose import is noticed."""
    folder = tmp_path / "late_tune"
    folder.mkdir()
    (folder / "work.py").write_text("def train(request):\n    return ['learnt', request]", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    for name in [each for each in sys.modules if each.startswith("late_tune")]:
        del sys.modules[name]


def hook_of(package: Path, words: str) -> Any:
    """The hook `train` of the package, named in these words on line 3 of it."""
    (package / "__init__.py").write_text(
        f"from aigc_studio.api import hookimpl\n\ntrain = hookimpl({words!r})\n", "utf-8"
    )
    import importlib

    importlib.invalidate_caches()
    return importlib.import_module("late_tune").train


@pytest.mark.parametrize("words", [".work:train", "late_tune.work:train"])
def test_a_hook_in_words_is_imported_when_it_is_asked(package: Path, words: str) -> None:
    hook = hook_of(package, words)
    assert "late_tune.work" not in sys.modules
    assert hook("request") == ["learnt", "request"]
    assert "late_tune.work" in sys.modules


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (".wrok:train", "there is no module late_tune.wrok"),
        (".work:trian", "the module late_tune.work has no function trian; was train meant?"),
        (".work:zebra", "the module late_tune.work has no function zebra"),
        ("no_such_package.work:train", "there is no module no_such_package"),
        ("..work:train", "..work has more dots than there are packages"),
    ],
)
def test_what_is_not_there_is_said_with_the_line_of_the_hook(
    package: Path, words: str, problem: str
) -> None:
    hook = hook_of(package, words)
    with pytest.raises(HookNotFound) as raised:
        hook("request")
    assert str(raised.value) == f'hookimpl("{words}") names no function: {problem}'
    assert (raised.value.path, raised.value.lineno) == (str(package / "__init__.py"), 3)


def test_what_the_module_itself_lacks_is_told_as_it_is(package: Path) -> None:
    (package / "work.py").write_text("import a_package_that_nobody_has", "utf-8")
    with pytest.raises(ModuleNotFoundError, match="a_package_that_nobody_has") as raised:
        hook_of(package, ".work:train")("request")
    assert not isinstance(raised.value, HookNotFound)


@pytest.mark.parametrize("words", ["", "work", ".work", "work:", ":train", "work.train", "a b:c"])
def test_words_that_name_no_function_are_refused_at_once(words: str) -> None:
    with pytest.raises(ValueError, match="names no function: write"):
        hookimpl(words)
