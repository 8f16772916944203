"""What stands on the pages for plugin authors runs: plugins in the kit, shells, plain Python."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from plugin_pages import FOLDER, GENERATED, Block, blocks, commands, is_like, name_of, pages

from aigc_studio.cli import main
from aigc_studio.testing import CHECKS, check_plugin

RUN = [
    page
    for page in pages()
    if page.parent.name in ("plugins", "howto")
    and page.name not in (*GENERATED, "README.md")
    and any(block.kind in ("python", "console") for block in blocks(page))
]
SLOW = ("same_seed", "resume", "pause", "stop", "cancel", "own_folders", "paths")
"""Checks that begin workers anew or wait: the toolkit, which the pages use, has tests of its own."""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder to work in, as the reader has one."""
    desk = tmp_path / "desk"
    desk.mkdir()
    monkeypatch.chdir(desk)
    monkeypatch.syspath_prepend(desk)
    before = set(sys.modules)
    yield desk
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(desk)):
            del sys.modules[name]


def write(block: Block, desk: Path) -> None:
    path = desk / block.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.content(), encoding="utf-8")
    importlib.invalidate_caches()


def shell(block: Block, capsys: pytest.CaptureFixture[str]) -> None:
    for words, told in commands(block.body):
        assert words[0] == "aigc-studio"
        capsys.readouterr()
        main(words[1:])
        printed = capsys.readouterr()
        assert is_like(printed.out + printed.err, told), printed


def others() -> list[Block]:
    """The files of all how-tos: one page may speak of another's plugin."""
    return [
        block
        for page in sorted((FOLDER / "howto").glob("*.md"))
        for block in blocks(page)
        if block.kind == "python" and block.file and not block.file.startswith("test_")
    ]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", RUN, ids=name_of)
def test_what_stands_there_runs(page: Path, desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known: dict[str, Any] = {"folder": desk / "folder"}
    if page.parent.name == "howto":
        for block in others():
            write(block, desk)
    for block in blocks(page):
        if block.file:
            write(block, desk)
        elif block.kind == "python":
            exec(compile(block.body, name_of(page), "exec"), known)
        elif block.kind == "console":
            shell(block, capsys)


HOWTO = sorted({block.file.partition("/")[0] for block in others()} - {"broken.py"})


@pytest.mark.parametrize("name", HOWTO)
def test_a_plugin_of_the_how_tos_conforms(name: str, desk: Path) -> None:
    for block in others():
        if block.file.partition("/")[0] == name:
            write(block, desk)
    only = [check for check in CHECKS if check not in SLOW]
    report = check_plugin(desk / name, only=only, steps=3)
    assert [str(each) for each in report.checks if each.outcome == "failed"] == []
