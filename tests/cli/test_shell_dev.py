"""`aigc-studio plugins dev`: which plugin the window is opened for, and what is said instead."""

import os
from pathlib import Path
from typing import Any

import pytest

from aigc_studio import cli
from aigc_studio.host import PluginSource
from aigc_studio.host.precedence import named_by

Opened = list[tuple[PluginSource, dict[str, Any]]]


@pytest.fixture
def opened(home: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    for name in ("AIGC_STUDIO_PLUGIN_PATH", "PYTHONDONTWRITEBYTECODE"):
        monkeypatch.setenv(name, "")  # it is set by the command, and put back after the test
    return []


def _run(opened: Opened, *words: str) -> int:
    def develop(source: PluginSource, **wishes: Any) -> int:
        opened.append((source, wishes))
        return 0

    return cli.main(["plugins", "dev", *words], develop)


def test_a_file_anywhere_comes_before_all_other_plugins(tmp_path: Path, opened: Opened) -> None:
    file = tmp_path / "mine.py"
    file.write_text("from aigc_studio.api import hookimpl\n\n\n@hookimpl\ndef describe(): ...\n")
    assert _run(opened, str(file), "--all", "--editor", "code -n") == 0
    ((source, wishes),) = opened
    assert (source.path, source.origin, source.file_name) == (str(file), "path", "mine.py")
    assert wishes == {"everything": True, "editor": "code -n"}
    assert os.environ["AIGC_STUDIO_PLUGIN_PATH"].startswith(str(file))
    assert os.environ["PYTHONDONTWRITEBYTECODE"] == "1"


def test_a_name_in_the_plugin_folder_will_do(home: Path, opened: Opened) -> None:
    folder = home / "data" / "plugins"
    folder.mkdir(parents=True)
    (folder / "mine.py").write_text("def broken(:\n")
    assert _run(opened, "mine") == 0
    assert opened[0][0].path == str(folder / "mine.py")
    assert opened[0][1] == {"everything": False, "editor": ""}


def test_a_folder_of_pictures_with_its_name_does_not_hide_a_plugin(
    home: Path, tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = home / "data" / "plugins" / "icons.py"
    kept.parent.mkdir(parents=True)
    kept.write_text("from aigc_studio.api import hookimpl\n\n\n@hookimpl\ndef describe(): ...\n")
    (tmp_path / "icons").mkdir()
    monkeypatch.chdir(tmp_path)
    assert _run(opened, "icons") == 0
    assert opened[0][0].path == str(kept)


def test_a_project_is_known_by_its_entry_point(tmp_path: Path, opened: Opened) -> None:
    (tmp_path / "src" / "mine").mkdir(parents=True)
    (tmp_path / "src" / "mine" / "__init__.py").write_text("")
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "aigc-mine"\n[project.entry-points."aigc_studio.plugins"]\nmine="mine"\n'
    )
    assert _run(opened, str(tmp_path)) == 0
    source = opened[0][0]
    assert (source.file_name, source.path) == ("mine", str(tmp_path / "src"))
    assert named_by(source) == str(tmp_path)


def test_what_is_no_plugin_is_a_sentence(
    tmp_path: Path, opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(opened, str(tmp_path / "none.py")) == 2
    assert "There is no file or folder" in capsys.readouterr().err
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text("from aigc_studio.api import hookimpl\n")
    assert _run(opened, str(tmp_path)) == 2
    assert "Name the file of one: one, two" in capsys.readouterr().err
    assert opened == []


def test_without_a_window_it_says_what_works(
    tmp_path: Path, opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.py"
    file.write_text("from aigc_studio.api import hookimpl\n")
    with pytest.raises(SystemExit) as left:
        cli.main(["plugins", "dev", str(file)])
    assert left.value.code == 2
    assert "There is no display" in capsys.readouterr().err
