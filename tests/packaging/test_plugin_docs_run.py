"""What stands on the pages for plugin authors runs: plugins in the kit, shells, plain Python."""

import contextlib
import importlib
import io
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
    and page.name not in (*GENERATED, "README.md", "tutorial.zh_CN.md")
    and any(block.kind in ("python", "console") for block in blocks(page))
]
SLOW = (
    "same_seed",
    "resume",
    "early_resume",
    "memory",
    "leftovers",
    "pause",
    "stop",
    "cancel",
    "own_folders",
    "paths",
)
"""Checks that begin workers anew, or wait: what the pages use of the toolkit has its own tests."""


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
    before = path.read_text("utf-8") + "\n\n" if block.is_more else ""
    path.write_text(before + block.content(), encoding="utf-8")
    importlib.invalidate_caches()


def shell(block: Block) -> None:
    """Run the commands of a block, and compare what they print, in the order it comes."""
    for words, told in commands(block.body):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            if words[0] == "cat":
                printed.write(Path(words[1]).read_text("utf-8"))
            else:
                assert words[0] == "aigc-studio"
                main(words[1:])
        said = printed.getvalue()
        assert is_like(said, told), [line for line in said.splitlines() if "✓" not in line] + [said]


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
            shell(block)


HOWTO = sorted({block.file.partition("/")[0] for block in others()} - {"broken.py"})


@pytest.mark.parametrize("name", HOWTO)
def test_a_plugin_of_the_how_tos_conforms(name: str, desk: Path) -> None:
    for block in others():
        if block.file.partition("/")[0] == name:
            write(block, desk)
    only = [check for check in CHECKS if check not in SLOW]
    if name == "slopes":  # with torch: each fresh worker takes a second or two
        only = ["description", "no_torch", "train", "generate"]
    report = check_plugin(desk / name, only=only, steps=3)
    assert [str(each) for each in report.checks if each.outcome == "failed"] == []
