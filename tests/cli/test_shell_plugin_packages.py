"""`plugins install`, `remove`, `enable` and its brothers, as a person in a shell meets them."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from wheels import plugin_code, plugin_wheel, write_wheel

from aigc_studio.cli import main
from aigc_studio.host.packages import places

REFUSED = 2


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which pip looks for names, and nowhere else."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "shouter,echo")
    return folder


def test_a_dry_run_tells_and_changes_nothing(
    shelf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_wheel(shelf, "small", "1.5", headers=["License: MIT"])
    about = ["Summary: Says it louder", "Requires-Python: >=3.11"]
    wheel = plugin_wheel(shelf, requires=["small"], headers=about)
    assert main(["plugins", "install", str(wheel), "--dry-run"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Says it louder"
    assert lines[2].split()[:3] == ["aigc-shouter", "1.0", "0.7"]
    assert lines[3].split()[:5] == ["small", "1.5", "0.2", "kB", "MIT"]
    assert "It asks for Python: >=3.11" in lines
    assert lines[-1] == "Nothing was changed."
    assert not list(places.installed_folder().iterdir())


def test_installed_listed_used_upgraded_and_removed(
    shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wheel = plugin_wheel(shelf)
    assert main(["plugins", "install", str(wheel), "--yes", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["installed"] == ["shouter"]
    assert told["plugin"]["from"] == str(wheel)
    assert main(["generate", "shouter", "--prompt", "hi", "--out", str(tmp_path / "out")]) == 0
    assert next((tmp_path / "out").glob("*.txt")).read_text() == "HI"
    capsys.readouterr()
    plugin_wheel(shelf, version="2.0")
    assert main(["plugins", "install", "aigc-shouter", "--yes"]) == 0
    assert "aigc-shouter: 1.0 becomes 2.0. Its models stay." in capsys.readouterr().out
    assert main(["plugins", "remove", "aigc-shouter", "--dry-run"]) == 0
    assert (
        capsys.readouterr().out
        == f"{places.installed_folder() / 'aigc-shouter'} would be removed.\n"
    )
    assert main(["plugins", "remove", "shouter"]) == 0
    assert not (places.installed_folder() / "aigc-shouter").exists()
    assert main(["plugins", "remove", "shouter"]) == REFUSED
    assert "There is no plugin shouter. There are: " in capsys.readouterr().err


@pytest.mark.parametrize("name", ["kit", "kit.py"])
def test_a_bare_word_is_a_name_and_what_lies_here_is_a_path(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    if name == "kit":
        Path(name).mkdir()
    else:
        Path(name).write_text("")
    assert main(["plugins", "environment", "kit"]) == REFUSED
    said = capsys.readouterr().err
    assert f"There is no plugin kit. For what lies here, write .{os.sep}{name}." in said


@pytest.mark.parametrize(("answer", "status"), [("n\n", REFUSED), ("", REFUSED), ("y\n", 0)])
def test_a_person_is_asked(
    shelf: Path, monkeypatch: pytest.MonkeyPatch, answer: str, status: int,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    terminal = io.StringIO(answer)
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    assert main(["plugins", "install", str(plugin_wheel(shelf))]) == status
    assert (places.installed_folder() / "aigc-shouter").exists() == (status == 0)
    error = capsys.readouterr().err
    assert "A plugin runs programs of its author: install only those you trust." in error


def test_nobody_who_is_not_there_agrees(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plugins", "install", str(plugin_wheel(shelf))]) == REFUSED
    assert "Nothing was installed. Add --yes to agree." in capsys.readouterr().err
    assert main(["plugins", "install", str(shelf)]) == REFUSED


def test_a_file_is_copied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from aigc_studio.folders import plugin_folder

    file = tmp_path / "shouter.py"
    file.write_text(plugin_code())
    words = ["plugins", "install", str(file)]
    assert main([*words, "--dry-run"]) == 0
    assert not plugin_folder().exists()
    assert main(words) == REFUSED
    assert main([*words, "--yes"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"It goes into {plugin_folder()}/shouter.py."
    assert main([*words, "--yes"]) == REFUSED


def test_a_quarrel_names_the_way_out(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wheel = plugin_wheel(shelf, requires=["pluggy==0.1"])
    assert main(["plugins", "install", str(wheel), "--yes"]) == REFUSED
    said = capsys.readouterr().err
    assert "It requires pluggy==0.1, and the studio needs pluggy 1." in said
    assert said.rstrip().endswith("In the shell: --own-environment.")


def test_a_plugin_is_switched_off_and_on(
    plugin_home: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    plugin_home("echo")
    assert main(["plugins", "disable", "echo"]) == 0
    assert capsys.readouterr().out == "echo is switched off.\n"
    assert main(["generate", "echo", "--prompt", "x"]) == REFUSED
    assert "switched off" in capsys.readouterr().err
    assert main(["plugins", "enable", "echo", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"id": "echo", "state": "ready", "reason": ""}
    assert main(["plugins", "disable", "nothing"]) == REFUSED


@pytest.fixture
def small(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A plugin that needs the package `small`, which pip finds; what a worker needs is lent."""
    import sys

    write_wheel(shelf, "lent", "1.0")
    monkeypatch.setattr("aigc_studio.needs.requirements", lambda: ["lent"])
    here = [each for each in sys.path if each.endswith("site-packages")]
    monkeypatch.setenv("PYTHONPATH", ":".join(here))
    write_wheel(shelf, "small", "1.0", {"small.py": "V = '1.0'\n"})
    return plugin_code("shouter", "small.V", "import small")


BLOCK = '# /// script\n# dependencies = ["small"]\n# ///\n'


def test_a_file_gets_a_python_of_its_own(
    small: str, plugin_home: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    (plugin_home() / "shouter.py").write_text(BLOCK + small)
    assert main(["plugins", "environment", "shouter"]) == 0
    folder = places.environments_folder() / "file-shouter"
    assert capsys.readouterr().out == f"shouter has a Python of its own now, in {folder}.\n"
    assert main(["plugins", "environment", "shouter", "--remove", "--json"]) == 0
    assert not folder.exists()
    capsys.readouterr()
    assert main(["plugins", "environment", "shouter", "--remove"]) == REFUSED
    assert "has no environment of its own" in capsys.readouterr().err


def test_a_file_anywhere_is_told_how_it_gets_what_it_requires_and_runs_with_it(
    small: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "shouter.py"
    file.write_text(BLOCK + small)
    generate = ["generate", "--plugin", str(file), "--out", str(tmp_path / "made")]
    assert main(generate) == REFUSED
    way = f"“aigc-studio plugins environment {file}” installs that for it alone."
    assert f"). It requires small: {way}" in capsys.readouterr().err
    assert main(["plugins", "environment", str(file)]) == 0
    assert main(generate) == 0
    assert [each.read_text() for each in (tmp_path / "made").glob("*.txt")] == ["1.0"]
    assert main(["plugins", "check", str(file), "--only", "description"]) == 0
    file.write_text(
        f"# /// script\n# dependencies = ['small', 'else']\n# ///\nimport elsewhere\n{small}"
    )
    capsys.readouterr()
    assert main([*generate[:-1], str(tmp_path / "again")]) == REFUSED
    assert "It requires else: “aigc-studio" in capsys.readouterr().err
    assert main(["plugins", "environment", "--remove", str(file)]) == 0


def test_a_project_gets_what_its_pyproject_says_now(
    small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "project"
    (project / "src").mkdir(parents=True)
    (project / "src" / "shouter.py").write_text(small)
    (project / "pyproject.toml").write_text(
        '[project]\nname = "aigc-shouter"\nversion = "1"\ndependencies = ["small", "aigc-studio"]\n'
        '[project.entry-points."aigc_studio.plugins"]\nshouter = "shouter"\n'
    )
    monkeypatch.chdir(project)
    generate = ["generate", "--plugin", ".", "--out", str(tmp_path / "made")]
    assert main(generate) == REFUSED
    way = f"“aigc-studio plugins environment {project}” installs"
    assert f"It requires small: {way}" in capsys.readouterr().err
    assert main(["plugins", "environment", ".", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["requires"] == ["small"]
    made_for = Path(told["environment"])
    assert made_for.parent == places.environments_folder()
    assert made_for.name.startswith("aigc-shouter-")
    assert main(generate) == 0


def test_a_folder_of_several_plugins_has_no_one_python(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text(plugin_code(name))
    assert main(["plugins", "environment", f"{tmp_path}/"]) == REFUSED
    assert "Name the file of one: one, two." in capsys.readouterr().err
