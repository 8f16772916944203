"""AIGC_STUDIO_PLUGIN_PATH: plugins that are being written come before all others."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from aigc_studio.api import StudioError
from aigc_studio.host import Registry
from aigc_studio.host.discovery import fault, find_source, find_sources
from aigc_studio.host.plugin_path import named_sources, put_first
from aigc_studio.host.precedence import named_by

pytestmark = pytest.mark.processes

PLUGIN = """from aigc_studio import api

@api.hookimpl
def describe():
    return api.Description(id="{id}", title="{title}", medium=api.Text)

@api.hookimpl
def generate(request):
    yield api.Candidate(api.Text("la"))
"""
PROJECT = """[project]
name = "aigc-mine"
version = "1.2.3"

[project.entry-points."aigc_studio.plugins"]
mine = "{target}"
"""


@pytest.fixture(autouse=True)
def no_path(monkeypatch: pytest.MonkeyPatch, plugin_home: Callable[..., Path]) -> None:
    monkeypatch.setenv("AIGC_STUDIO_PLUGIN_PATH", "")
    plugin_home()


def write(path: Path, id: str = "mine", title: str = "Mine") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PLUGIN.format(id=id, title=title), "utf-8")
    return path


def project(root: Path, module: str, target: str = "mine_plugin") -> Path:
    write(root / module)
    (root / "pyproject.toml").write_text(PROJECT.format(target=target), "utf-8")
    return root


@pytest.mark.parametrize(
    "module",
    ["mine_plugin.py", "src/mine_plugin.py", "src/mine_plugin/__init__.py", "lib/mine_plugin.py"],
)
def test_a_project_is_a_plugin_wherever_its_module_lies(tmp_path: Path, module: str) -> None:
    root = project(tmp_path / "project", module)
    (source,) = named_sources(str(root))
    assert (source.kind, source.name, source.target) == ("entry_point", "mine", "mine_plugin")
    assert (source.distribution, source.version) == ("aigc-mine", "1.2.3")
    record = Registry().first_of([source])
    assert record.description is not None
    assert (record.description.id, record.description.version) == ("mine", "1.2.3")


def test_a_project_comes_before_what_is_installed_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "installed" / "mine_plugin.py", title="Installed")
    monkeypatch.syspath_prepend(str(tmp_path / "installed"))
    root = project(tmp_path / "project", "src/mine_plugin.py")
    assert Registry().first_of(named_sources(str(root))).title == "Mine"


def test_the_point_is_the_project_that_one_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project(tmp_path / "project", "mine_plugin.py"))
    assert [each.name for each in named_sources(".")] == ["mine"]
    found = find_source(".")
    assert found is not None
    assert found.path == str(tmp_path / "project")


def test_files_folders_and_folders_of_plugins_are_found(tmp_path: Path) -> None:
    write(tmp_path / "one.py", "one")
    write(tmp_path / "two" / "__init__.py", "two")
    (tmp_path / "notes.py").write_text("x = 1", "utf-8")
    assert [each.name for each in named_sources(str(tmp_path / "one.py"))] == ["one"]
    assert [each.name for each in named_sources(str(tmp_path / "two"))] == ["two"]
    inner = tmp_path / "two" / "__init__.py"
    assert [each.name for each in named_sources(str(inner))] == ["two"]
    assert [each.name for each in named_sources(str(tmp_path))] == ["one", "two"]


def test_what_it_names_wins_and_the_other_comes_back_without_it(
    plugin_home: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = plugin_home("echo") / "echo.py"
    mine = write(tmp_path / "echo.py", "echo", "Mine")
    usual = Registry()
    usual.refresh()
    put_first(str(mine))
    first = Registry()
    assert first.find("echo").title == "Mine"
    first.refresh()
    states = {each.source.path: each for each in first.records if each.source.name == "echo"}
    assert states[str(kept)].state == "disabled"
    assert states[str(kept)].reason == (
        f"The plugin {mine} of AIGC_STUDIO_PLUGIN_PATH takes its place."
    )
    cached = Registry()
    cached.load_cached()
    assert cached.records == first.records
    monkeypatch.setenv("AIGC_STUDIO_PLUGIN_PATH", "")
    again = Registry()
    again.load_cached()
    assert again.record("echo").title != "Mine"
    assert again.find("echo").source.path == str(kept)


def test_it_is_let_in_whatever_else_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIGC_STUDIO_NO_PLUGINS", "1")
    put_first(str(write(tmp_path / "mine.py")))
    registry = Registry(disabled=["mine"])
    registry.refresh()
    assert registry.record("mine").state == "ready"


def test_a_package_named_by_its_init_is_known_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "mine_pack" / "__init__.py")
    monkeypatch.setenv("AIGC_STUDIO_PLUGIN_PATH", str(file))
    registry = Registry()
    registry.refresh()
    assert named_by(registry.record("mine").source) == str(file)
    again = Registry()
    again.load_cached()
    assert again.record("mine").source.path == str(file.parent)


def test_of_a_project_with_several_plugins_none_is_taken_for_the_one(tmp_path: Path) -> None:
    for name in ("mine_a", "mine_b"):
        write(tmp_path / f"{name}.py")
    project = PROJECT.format(target="mine_a") + 'other = "mine_b"\n'
    (tmp_path / "pyproject.toml").write_text(project, "utf-8")
    with pytest.raises(StudioError, match=r"several plugins in .*: mine, other\."):
        find_source(str(tmp_path))


def test_it_is_in_the_plugin_folder_once(plugin_home: Callable[..., Path]) -> None:
    kept = plugin_home("echo") / "echo.py"
    put_first(str(kept))
    assert [each.path for each in find_sources() if each.name == "echo"] == [str(kept)]


def test_several_paths_are_looked_at_in_order(tmp_path: Path) -> None:
    for name in ("one", "two"):
        put_first(str(write(tmp_path / f"{name}.py", name)))
    assert os.environ["AIGC_STUDIO_PLUGIN_PATH"].split(os.pathsep) == [
        str(tmp_path / "two.py"),
        str(tmp_path / "one.py"),
    ]
    assert [each.name for each in find_sources()][:2] == ["two", "one"]


def test_a_path_without_a_plugin_is_a_record_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIGC_STUDIO_PLUGIN_PATH", str(tmp_path / "gone.py"))
    registry = Registry()
    registry.refresh()
    assert registry.records[0].reason == (
        f"There is no file or folder {tmp_path / 'gone.py'}. It is named by "
        "AIGC_STUDIO_PLUGIN_PATH."
    )


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda p: None, "There is no file or folder {path}."),
        (lambda p: p.write_text("x"), "{path} is not a plugin: name a Python file, or"),
        (lambda p: p.mkdir(), "{path} has no plugin in it: name a Python file, a folder"),
        (
            lambda p: project(p, "mine_plugin.py", target="other:thing"),
            "The entry point other:thing of {path} names the module other, and there is no",
        ),
        (
            lambda p: (p.mkdir(), (p / "pyproject.toml").write_text("[")),
            "The pyproject.toml of {path} cannot be read: ",
        ),
        (
            lambda p: (p.mkdir(), (p / "pyproject.toml").write_text("[project]\nname='x'")),
            "{path} has no plugin in it: name a Python file, a folder with an __init__.py, or one "
            "whose pyproject.toml has an entry point of the group aigc_studio.plugins.",
        ),
    ],
    ids=["nothing", "another file", "an empty folder", "no module", "broken", "no entry point"],
)
def test_what_is_no_plugin_is_a_sentence(
    tmp_path: Path, make: Callable[[Path], object], said: str
) -> None:
    path = tmp_path / "thing"
    make(path)
    with pytest.raises(StudioError) as raised:
        put_first(str(path))
    assert said.format(path=path) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_several_generators_in_one_path_are_to_be_named(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(tmp_path / f"{name}.py", name)
    with pytest.raises(StudioError, match=r"There are several generators in .* Name one of one"):
        Registry().first_of(named_sources(str(tmp_path)))


def test_a_path_that_was_named_here_and_is_gone_names_no_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIGC_STUDIO_PLUGIN_PATH", "")
    file = tmp_path / "mine.py"
    file.write_text("from aigc_studio.api import hookimpl", "utf-8")
    (source,) = put_first(str(file))
    file.unlink()
    assert fault(source) == (
        f"There is no file or folder {file}. Put it back, or name the place where it is now."
    )
