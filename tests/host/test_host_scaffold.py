"""What `plugins new` writes: names, files, and that nothing is ever overwritten."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from aigc_studio.api import StudioError
from aigc_studio.host import scaffold as scaffolding
from aigc_studio.host.plugin_names import plugin_names
from aigc_studio.host.scaffold import scaffold


@pytest.mark.parametrize(
    ("words", "title", "key"),
    [
        ("my-markov", "My markov", "my-markov"),
        ("My Markov!", "My Markov!", "my-markov"),
        ("markov_chain.py", "Markov chain", "markov-chain"),
        ("Élan vital", "Élan vital", "elan-vital"),
        ("class", "Class", "class-plugin"),
        ("match", "Match", "match-plugin"),
        ("json", "Json", "json-plugin"),
        ("numpy", "Numpy", "numpy-plugin"),
        ("test", "Test", "test-plugin"),
        ("NUL", "NUL", "nul-plugin"),
        ("aigc studio", "aigc studio", "aigc-studio-plugin"),
        ("3D shapes", "3D shapes", "plugin-3d-shapes"),
        ("对联", "对联", "text-plugin"),
        ("Don't stop", "Don't stop", "dont-stop"),
        ("a/b\\c", "a/b\\c", "a-b-c"),
        ("../../etc/passwd", "../../etc/passwd", "etc-passwd"),
        ("two\nlines\t", "two lines", "two-lines"),
    ],
)
def test_any_words_become_a_title_and_a_sound_id(words: str, title: str, key: str) -> None:
    names = plugin_names(words, "text")
    assert (names.title, names.id) == (title, key)
    assert names.module.isidentifier()


def test_a_long_name_is_cut_between_words() -> None:
    names = plugin_names("very " * 60, "text")
    assert names.id == "very-very-very-very-very-very-very-very"
    assert len(names.title) <= 80


@pytest.mark.parametrize("words", ["", "  ", "!?", "\x00\n", "\ud800", "-", "_"])
def test_without_anything_to_read_there_is_a_sentence(words: str) -> None:
    with pytest.raises(StudioError, match="Give the plugin a name, such as my-plugin"):
        plugin_names(words, "text")


def test_one_file_is_written_with_the_names_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", 'Ann "A." O\\N')
    path = scaffold('The "new-plugin" \\ {x}', "text", folder=tmp_path / "new")
    assert path == tmp_path / "new" / "the_new_plugin_x.py"
    words = {each.value for each in ast.walk(ast.parse(path.read_text("utf-8"))) if _is_text(each)}  # type: ignore[attr-defined]
    assert {'The "new-plugin" \\ {x}', "the-new-plugin-x", 'Ann "A." O\\N'} <= words
    assert not words & {"new-plugin", "New plugin", "New author"}


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_it_goes_into_the_plugin_folder_and_a_package_into_the_current_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIGC_STUDIO_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert scaffold("One", "melody") == tmp_path / "home" / "data" / "plugins" / "one.py"
    assert scaffold("Two", "melody", package=True) == Path("aigc-two")
    assert Path("aigc-two/two.py").is_file()


def test_a_project_names_its_module_author_and_year(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Ann Other")
    path = scaffold("Sea", "image", package=True, folder=tmp_path)
    files = sorted(each.relative_to(path).as_posix() for each in path.rglob("*") if each.is_file())
    tests = "tests/test_sea.py"
    assert files == [".gitignore", "LICENSE", "README.md", "pyproject.toml", "sea.py", tests]
    about = tomllib.loads((path / "pyproject.toml").read_text("utf-8"))
    project = about["project"]
    assert project["name"] == "aigc-sea"
    assert project["authors"] == [{"name": "Ann Other"}]
    assert project["dependencies"] == ["numpy"]
    assert project["entry-points"]["aigc_studio.plugins"] == {"sea": "sea"}
    assert about["tool"]["setuptools"] == {"py-modules": ["sea"]}
    options = about["tool"]["pytest"]["ini_options"]
    assert options["pythonpath"] == ["."]  # `import sea` works for a bare `pytest` too
    assert "Ann Other\n\nPermission is hereby granted" in (path / "LICENSE").read_text("utf-8")
    code = (path / "sea.py").read_text("utf-8")
    assert "version=" not in code  # there is one version, that of the package
    assert 'plugin = "sea.py"' in (path / tests).read_text("utf-8")
    left = [each for each in path.rglob("*") if each.is_file() and _has_placeholder(each)]
    assert left == []


def _has_placeholder(path: Path) -> bool:
    text = path.read_text("utf-8").lower().replace("-", "_").replace(" ", "_")
    return "new_plugin" in text or "new_author" in text or "newplugin" in text


def test_without_an_author_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scaffolding, "author", lambda: "")
    path = scaffold("Sea", "text", package=True, folder=tmp_path)
    assert "authors" not in (path / "pyproject.toml").read_text("utf-8")
    assert 'author=""' in (path / "sea.py").read_text("utf-8")
    assert not any(map(_has_placeholder, filter(Path.is_file, path.rglob("*"))))


def test_the_author_is_whom_git_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GIT_AUTHOR_NAME", raising=False)
    for number, (key, value) in enumerate([("user.name", "  Zoë\tQ ")]):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", key)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    assert scaffolding.author() in ("ZoëQ", "")
    monkeypatch.setenv("PATH", "")
    assert scaffolding.author() == ""


@pytest.mark.parametrize("package", [False, True])
def test_nothing_is_overwritten(tmp_path: Path, package: bool) -> None:
    path = scaffold("Mine", "text", package=package, folder=tmp_path)
    file = path / "mine.py" if package else path
    file.write_text("changed", encoding="utf-8")
    with pytest.raises(StudioError, match="already exists: give the plugin another name"):
        scaffold("Mine", "melody", package=package, folder=tmp_path)
    assert file.read_text("utf-8") == "changed"


def test_a_link_that_leads_nowhere_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "mine.py").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StudioError, match="already exists"):
        scaffold("Mine", "text", folder=tmp_path)
    assert not (tmp_path / "elsewhere").exists()


def test_where_nothing_can_be_written_there_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StudioError, match=r"The plugin cannot be written to .*mine"):
        scaffold("Mine", "text", folder=tmp_path / "file" / "below")


def test_a_medium_that_there_is_not() -> None:
    with pytest.raises(StudioError, match="text, image or melody, not smell"):
        scaffold("Mine", "smell")


@pytest.mark.parametrize("medium", ["text", "image", "melody"])
def test_what_is_written_keeps_to_ruff_as_it_is_for_strangers(tmp_path: Path, medium: str) -> None:
    for torch in (False, True):
        scaffold(f"Sample {torch}", medium, torch=torch, package=True, folder=tmp_path)
    for command in (["check"], ["format", "--check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", str(tmp_path)]
        done = subprocess.run(ruff, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
