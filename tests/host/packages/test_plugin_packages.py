"""Packages of plugins: what is told before, installed whole or not at all, and taken away again."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar
from zipfile import ZipFile

import pytest
from kinds import there
from wheels import plugin_code, plugin_wheel, write_wheel

from aigc_studio.api import Progress, StudioError
from aigc_studio.host import PluginRecord, PluginSource, Registry
from aigc_studio.host.discovery import find_sources
from aigc_studio.host.packages import adding, environments, pip, places, removing, wheels
from aigc_studio.host.packages.building import MustBuild
from aigc_studio.host.packages.installing import Installation, NotUsable, Plan
from aigc_studio.host.packages.requirements import requirements_of, without_studio
from aigc_studio.host.packages.resolving import Quarrel
from aigc_studio.host.plugin_path import named_sources
from aigc_studio.programs import why_untrusted

T = TypeVar("T")


def result_of(steps: Generator[Progress, None, T]) -> T:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            value: T = end.value
            return value


def plan_of(wanted: str | Path) -> Plan:
    with Installation(str(wanted)) as installation:
        return result_of(installation.prepare())


def install(wanted: str | Path, records: tuple[PluginRecord, ...] = ()) -> Plan:
    with Installation(str(wanted)) as installation:
        plan = result_of(installation.prepare())
        result_of(installation.finish(records))
        return plan


def lay(wheel: Path) -> None:
    """Put a wheel into its place as an installation leaves it; pip takes a second each time."""
    place = places.installed_folder() / wheel.name.partition("-")[0].replace("_", "-")
    with ZipFile(wheel) as archive:
        archive.extractall(place)


def made(name: str) -> str:
    """What the plugin with this source's name makes of the prompt "hi"."""
    from aigc_studio.api import Candidate, GenerateRequest, Text
    from aigc_studio.host import WorkerPool

    registry = Registry()
    registry.refresh()
    pool = WorkerPool(places.installed_folder().parent.parent / "work")
    run = pool.start(registry.record(name), "generate", GenerateRequest(prompt="hi", count=1))
    try:
        texts = [each.artifact for each in run.events() if isinstance(each, Candidate)]
    finally:
        pool.close()
    assert isinstance(texts[0], Text)
    return texts[0].value


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which pip looks for names, and nowhere else."""
    folder = tmp_path / "店 wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", folder.as_uri())
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "shouter,one,two,other,echo")
    return folder


def hidden() -> list[str]:
    """What lies half made among the packages."""
    folder = places.installed_folder()
    found = [each.name for each in folder.iterdir() if each.name.startswith(".")]
    return [name for name in found if name != ".lock"]


def test_what_would_change_is_told_and_nothing_changed(shelf: Path) -> None:
    write_wheel(shelf, "small", "1.5", {"small.py": "V = 1\n"}, headers=["License: MIT"])
    wheel = plugin_wheel(shelf, requires=["small>=1", "numpy"], headers=["Author: Ada"])
    plan = plan_of(wheel)
    assert (plan.plugin.name, plan.plugin.version, plan.plugin.author) == (
        "aigc-shouter", "1.0", "Ada",
    )  # fmt: skip
    # numpy is the studio's own: it comes from there.
    assert [(each.name, each.version, each.licence) for each in plan.beside] == [
        ("small", "1.5", "MIT")
    ]
    assert plan.plugin.origin == str(wheel)
    assert plan.former == ""
    assert plan.size == sum(each.size for each in (plan.plugin, *plan.beside)) > 0
    assert list(places.installed_folder().iterdir()) == []


def test_two_packages_have_what_they_need_in_versions_of_their_own(shelf: Path) -> None:
    for version in ("1.0", "2.0"):
        write_wheel(shelf, "small", version, {"small.py": f"V = '{version}'\n"})
    for id, version in (("one", "1.0"), ("two", "2.0")):
        code = plugin_code(id, "small.V", "import small")
        needs = [f"small=={version}"]
        wheel = plugin_wheel(shelf, f"aigc-{id}", id=id, requires=needs, code=code)
        install("aigc-one" if id == "one" else wheel)
    assert made("one") == "1.0"
    assert made("two") == "2.0"
    assert "small" not in sys.modules


def test_a_newer_version_takes_the_place_of_the_older(shelf: Path) -> None:
    lay(plugin_wheel(shelf, code=plugin_code(value="'old'")))
    plan = install(plugin_wheel(shelf, version="2.0", code=plugin_code(value="'new'")))
    assert plan.former == "1.0"
    assert made("shouter") == "new"
    found = [each for each in find_sources() if each.name == "shouter"]
    assert [each.version for each in found] == ["2.0"]
    assert hidden() == []


def test_what_the_studio_needs_in_another_version_is_refused(shelf: Path) -> None:
    write_wheel(shelf, "pluggy", "99.0", {"pluggy.py": ""})
    wheel = plugin_wheel(shelf, requires=["pluggy>=99"])
    with pytest.raises(
        Quarrel,
        match=r"^It requires pluggy>=99, and the studio needs pluggy 1\..* environment of its own",
    ):
        plan_of(wheel)
    again = plugin_wheel(shelf, "aigc-other", id="other", requires=["pluggy==0.1"])
    with pytest.raises(
        Quarrel, match=r"^It requires pluggy==0\.1, and the studio needs pluggy 1\."
    ):
        plan_of(again)
    assert hidden() == []


REFUSED = {
    "later studio": ({"requires": ["aigc-studio>=99"]}, "update the studio"),
    "later Python": ({"headers": ["Requires-Python: >=3.99"]}, r"It is for Python >=3\.99"),
    "other system": ({"tag": "cp311-cp311-win_arm64"}, "built for another Python"),
    "lost": ({"requires": ["no-such-thing-here"]}, "no wheel of no-such-thing-here"),
    "studio": ({"name": "aigc-studio"}, "is in the Python that the studio runs in"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_installed_is_a_sentence(shelf: Path, case: str) -> None:
    about, sentence = REFUSED[case]
    with pytest.raises(StudioError, match=sentence):
        plan_of(plugin_wheel(shelf, **about))  # type: ignore[arg-type]


def test_what_is_no_wheel_of_a_plugin_is_a_sentence(shelf: Path, tmp_path: Path) -> None:
    plain = write_wheel(shelf, "plain", "1.0", {"plain.py": ""})
    damaged = shelf / "bad-1.0-py3-none-any.whl"
    damaged.write_bytes(plain.read_bytes()[:-40])
    odd = plain.rename(shelf / "odd.whl")
    folder = tmp_path / "markov"
    folder.mkdir()
    (folder / "__init__.py").touch()
    for wanted, sentence in {
        str(damaged): "is damaged",
        str(odd): "is not named like a wheel",
        str(folder): "not a package",  # it is copied: `adding`
        str(tmp_path): "not a package",
        str(tmp_path / "none.whl"): "There is no file",
        "--target=/": "neither the name of a package|There is no file",
        "git+https://host/x": "There is no file",
        "a b": "neither the name of a package",
    }.items():
        with pytest.raises(StudioError, match=sentence):
            plan_of(wanted)
    write_wheel(shelf, "plain", "2.0", {"plain.py": ""})
    with pytest.raises(StudioError, match=r"plain 2\.0 is not a plugin"):
        plan_of("plain")


def test_a_file_is_copied_into_the_plugin_folder(tmp_path: Path) -> None:
    file = tmp_path / "shouter.py"
    file.write_text("x = 1\n")
    with pytest.raises(StudioError, match="not a plugin: no function in it is marked"):
        adding.add(file)
    file.write_text(plugin_code())
    place = adding.add(file)
    assert place.parent.name == "plugins"
    assert made("shouter") == "HI"
    with pytest.raises(StudioError, match=r"There is a shouter\.py in the plugin folder already"):
        adding.add(file)


def test_a_folder_is_copied_into_the_plugin_folder(tmp_path: Path) -> None:
    folder = tmp_path / "mine" / "shouter"
    (folder / "__pycache__").mkdir(parents=True)
    (folder / "__pycache__" / "old.pyc").write_bytes(b"old")
    (folder / ".git").mkdir()
    init = folder / "__init__.py"
    init.write_text("x = 1\n")
    assert adding.is_folder(str(folder))
    with pytest.raises(StudioError, match="not a plugin: no function in it is marked"):
        adding.add(folder)
    init.write_text(plugin_code())
    (folder / "work").mkdir()
    (folder / "work" / "words.txt").write_text("kept")
    place = adding.add(folder)
    found = {each.relative_to(place).as_posix() for each in place.rglob("*")}
    assert found == {"__init__.py", "work", "work/words.txt"}
    assert [each.name for each in place.parent.iterdir()] == ["shouter"]
    assert made("shouter") == "HI"
    with pytest.raises(StudioError, match="There is a shouter in the plugin folder already"):
        adding.add(folder)
    (folder / "pyproject.toml").write_text("[project]\n")
    assert not adding.is_folder(str(folder)), "a project is installed as its package"


def test_a_folder_that_cannot_be_read_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "shouter"
    folder.mkdir()
    (folder / "__init__.py").write_text(plugin_code())
    (folder / "gone.txt").symlink_to(tmp_path / "nowhere")
    with pytest.raises(StudioError, match="shouter cannot be read"):
        adding.add(folder)
    assert not any(adding.place_of(folder).parent.iterdir())


def test_one_changed_byte_makes_a_wheel_damaged(shelf: Path) -> None:
    wheel = plugin_wheel(shelf)
    data = bytearray(wheel.read_bytes())
    data[data.index(b"Shouter")] ^= 1
    wheel.write_bytes(bytes(data))
    with pytest.raises(StudioError, match="is damaged"):
        list(wheels.read_wheel(wheel))


def test_reading_a_wheel_can_be_broken_off(shelf: Path) -> None:
    wheel = plugin_wheel(shelf)
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("large.bin", bytes(3 << 20))
    steps = wheels.read_wheel(wheel)
    told = [next(steps) for _step in range(3)]
    assert told[0].step < told[2].step < told[2].total
    steps.close()
    assert len(list(wheels.read_wheel(wheel))) > 3


@pytest.mark.parametrize("name", ["/tmp/elsewhere", "../../up", "aigc-other", ""])
def test_a_wheel_that_calls_its_package_otherwise_than_its_file_is_damaged(
    name: str, shelf: Path
) -> None:
    wheel = plugin_wheel(shelf, "aigc-plain")
    with zipfile.ZipFile(wheel) as archive:
        held = {each: archive.read(each) for each in archive.namelist()}
    about = next(each for each in held if each.endswith("/METADATA"))
    held[about] = held[about].replace(b"Name: aigc-plain", f"Name: {name}".encode())
    with zipfile.ZipFile(wheel, "w") as archive:
        for each, data in held.items():
            archive.writestr(each, data)
    with pytest.raises(StudioError, match="is damaged"):
        list(wheels.read_wheel(wheel))


def test_what_does_not_work_is_not_installed(shelf: Path) -> None:
    with pytest.raises(NotUsable, match="needs version 99 of the plugin interface"):
        install(plugin_wheel(shelf, code=plugin_code(api=99)))
    with pytest.raises(NotUsable, match=r"aigc-shouter 1\.0 was not installed: .*no_such_module"):
        install(plugin_wheel(shelf, code=plugin_code(imports="import no_such_module")))
    with pytest.raises(StudioError, match="Its module json is already in the Python"):
        install(plugin_wheel(shelf, "json", code=plugin_code()))
    assert list(places.installed_folder().iterdir()) == [
        places.installed_folder() / ".lock"
    ] or not [*places.installed_folder().glob("[!.]*")]
    assert hidden() == []


def test_a_broken_newer_version_leaves_the_older(shelf: Path) -> None:
    lay(plugin_wheel(shelf))
    with pytest.raises(NotUsable):
        install(plugin_wheel(shelf, version="2.0", code="raise ValueError"))
    assert made("shouter") == "HI"


def test_the_id_of_another_plugin_is_taken(shelf: Path, registry: Callable[..., Registry]) -> None:
    wheel = plugin_wheel(shelf, "aigc-other", id="echo")
    with pytest.raises(StudioError, match=r"The id echo is taken by the plugin .*echo\.py"):
        install(wheel, registry("echo").records)


def test_breaking_off_leaves_nothing(shelf: Path) -> None:
    with Installation(str(plugin_wheel(shelf))) as installation:
        result_of(installation.prepare())
        steps = installation.finish()
        next(steps)
        steps.close()
    assert list(places.installed_folder().iterdir()) == []


def test_what_was_set_aside_when_the_studio_was_killed_comes_back(shelf: Path) -> None:
    lay(plugin_wheel(shelf))
    place = places.installed_folder() / "aigc-shouter"
    place.rename(place.with_name(f"{places.ASIDE}aigc-shouter"))
    with places.turn():
        pass
    assert [each.name for each in find_sources() if each.distribution == "aigc-shouter"] == [
        "shouter"
    ]


def test_another_window_at_it_is_a_sentence(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_PATIENCE", 0.0)
    with (
        places.turn(),
        pytest.raises(StudioError, match="Another window or shell is installing"),
        places.turn(),
    ):
        pass


def test_a_project_is_built_only_when_that_is_agreed_to(tmp_path: Path) -> None:
    project = tmp_path / "项目"
    project.mkdir()
    (project / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        '[project]\nname = "aigc-shouter"\nversion = "3.0"\n'
        '[project.entry-points."aigc_studio.plugins"]\nshouter = "aigc_shouter"\n'
    )
    (project / "aigc_shouter.py").write_text(plugin_code())
    with pytest.raises(MustBuild, match="runs programs of its author"):
        plan_of(project)
    with Installation(str(project), may_build=True) as installation:
        plan = result_of(installation.prepare())
        assert (plan.plugin.version, plan.plugin.origin) == ("3.0", str(project))
        result_of(installation.finish())
    assert made("shouter") == "HI"


def test_removed_packages_and_files_can_be_put_back(
    shelf: Path, plugin_home: Callable[..., Path]
) -> None:
    folder = plugin_home("echo")
    (folder / "echo.plugin.json").write_text("{}")
    lay(plugin_wheel(shelf))
    sources = {each.name: each for each in find_sources()}
    gone = [removing.remove(sources[name]) for name in ("shouter",)]
    assert "shouter" not in {each.name for each in find_sources()}
    gone[0].restore()
    assert made("shouter") == "HI"
    removed = removing.remove(sources["echo"])
    assert not list(folder.iterdir())
    assert sorted(each.name for each in places.removed_folder().glob("echo*")) == [
        "echo.plugin.json", "echo.py",
    ]  # fmt: skip
    removing.clear()
    removed.restore()
    assert "echo" in {each.name for each in find_sources()}
    with pytest.raises(StudioError, match="cannot be put back"):
        removed.restore()


def test_what_is_not_ones_own_is_not_removed(tmp_path: Path) -> None:
    from aigc_studio.host.records import PluginSource

    own = next(each for each in find_sources() if each.name == "rnn-text")
    with pytest.raises(StudioError, match="belongs to the studio"):
        removing.remove(own)
    pipped = PluginSource("entry_point", "x", "x", "aigc-x", "1")
    with pytest.raises(StudioError, match="pip uninstall aigc-x"):
        removing.remove(pipped)
    outside = PluginSource("file", "y", path=str(tmp_path / "y.py"))
    with pytest.raises(StudioError, match="outside the plugin folder"):
        removing.remove(outside)


def test_requirements_are_read_where_an_author_writes_them(tmp_path: Path) -> None:
    from aigc_studio.host.plugin_files import source_at

    file = tmp_path / "mine.py"
    file.write_text(
        "# /// script\n# requires-python = '>=3.11'\n# dependencies = [\n"
        '#   "small==1.0",\n#   "aigc-studio",\n# ]\n# ///\nimport small\n'
    )
    assert requirements_of(there(source_at(file))) == ("small==1.0",)
    (tmp_path / "mine.plugin.json").write_text('{"requires": ["large<2"]}')
    assert requirements_of(there(source_at(file))) == ("large<2", "small==1.0")
    (tmp_path / "mine.plugin.json").write_text('{"requires": 5}')
    with pytest.raises(StudioError, match=r"mine\.plugin\.json cannot be read"):
        requirements_of(there(source_at(file)))
    file.write_text("# /// script\n# dependencies = [\n# ///\n")
    (tmp_path / "mine.plugin.json").unlink()
    with pytest.raises(StudioError, match=r"The block “# /// script” of mine\.py cannot be read"):
        requirements_of(there(source_at(file)))
    kept = without_studio(["a; extra == 'x'", "AIGC_Studio>=1", "aigc-studio-kit"])
    assert kept == ("aigc-studio-kit",)


@pytest.fixture
def lent(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new environment finds what a worker needs in this one: next to nothing is fetched."""
    write_wheel(shelf, "lent", "1.0")
    monkeypatch.setattr("aigc_studio.needs.requirements", lambda: ["lent"])
    here = [each for each in sys.path if each.endswith("site-packages")]
    monkeypatch.setenv("PYTHONPATH", ":".join(here))


@pytest.mark.usefixtures("lent")
def test_a_file_gets_an_environment_of_its_own(
    shelf: Path, plugin_home: Callable[..., Path]
) -> None:
    write_wheel(shelf, "small", "1.0", {"small.py": "V = '1.0'\n"})
    needy = plugin_code("shouter", "small.V + sys.prefix", "import small, sys")
    (plugin_home() / "shouter.py").write_text(
        f'# /// script\n# dependencies = ["small"]\n# ///\n{needy}'
    )
    source = next(each for each in find_sources() if each.name == "shouter")
    record = result_of(environments.give_environment(source))
    assert record.state == "ready"
    folder = places.environments_folder() / "file-shouter"
    now = next(each for each in find_sources() if each.name == "shouter")
    assert now.interpreter == str(places.python_in(folder))
    assert made("shouter") == f"1.0{folder}"
    removed = removing.remove(now)
    assert not folder.exists()
    removed.restore()
    environments.take_environment(now)
    assert next(each for each in find_sources() if each.name == "shouter").interpreter == ""
    with pytest.raises(StudioError, match="has no environment"):
        environments.take_environment(now)


def test_two_plugins_of_one_name_have_each_an_environment(
    tmp_path: Path, plugin_home: Callable[..., Path]
) -> None:
    files = [tmp_path / "a" / "kit.py", tmp_path / "b" / "kit.py", plugin_home() / "kit.py"]
    for file in files:
        file.parent.mkdir(exist_ok=True)
        file.write_text(plugin_code())
    keys = [places.key_of(source) for file in files for source in named_sources(str(file))]
    installed = PluginSource("entry_point", "kit", "kit", distribution="kit")
    assert len({*keys, places.key_of(installed)}) == 4
    found = next(each for each in find_sources() if each.name == "kit")
    assert places.key_of(found) == keys[2] == "file-kit"  # by its path, too


@pytest.mark.usefixtures("lent")
def test_an_environment_in_which_it_does_not_work_is_none(
    shelf: Path, plugin_home: Callable[..., Path]
) -> None:
    (plugin_home() / "shouter.py").write_text(plugin_code(imports="import small"))
    source = next(each for each in find_sources() if each.name == "shouter")
    with pytest.raises(StudioError, match="small"):
        result_of(environments.give_environment(source))
    assert not list(places.environments_folder().iterdir())
    with pytest.raises(StudioError, match="The Python /no/python cannot be started"):
        result_of(environments.give_environment(source, "/no/python"))


@pytest.mark.usefixtures("lent")
def test_a_package_that_quarrels_is_installed_with_its_own_python(shelf: Path) -> None:
    write_wheel(shelf, "platformdirs", "99.0", {"platformdirs.py": ""})
    code = plugin_code(
        "shouter", "version('platformdirs')", "from importlib.metadata import version"
    )
    wheel = plugin_wheel(shelf, requires=["platformdirs>=99"], code=code)
    with pytest.raises(Quarrel):
        plan_of(wheel)
    with Installation(str(wheel), environment=True) as installation:
        plan = result_of(installation.prepare())
        assert [each.name for each in plan.beside] == ["lent", "platformdirs"]
        assert plan.environment
        result_of(installation.finish())
    folder = places.environments_folder() / "aigc-shouter"
    assert there(next(s for s in find_sources() if s.name == "shouter")).interpreter == str(
        places.python_in(folder)
    )
    assert list(folder.rglob("platformdirs-99.0.dist-info"))
    # The next version is asked for without a word, and keeps its environment.
    plan = install(plugin_wheel(shelf, version="2.0", requires=["platformdirs>=99"], code=code))
    assert (plan.former, plan.environment) == ("1.0", True)


def test_what_a_plugin_leaves_out_is_taken_from_its_package(shelf: Path) -> None:
    pages = [
        "Project-URL: Source, https://example.org/src",
        "Project-URL: Homepage, https://example.org",
    ]
    install(
        plugin_wheel(
            shelf,
            headers=["License-Expression: MIT", "Author-email: A. Uthor <a@example.org>", *pages],
        )
    )
    registry = Registry()
    registry.refresh()
    about = there(registry.record("shouter").description)
    assert (about.version, about.licence) == ("1.0", "MIT")
    assert (about.author, about.homepage) == ("A. Uthor <a@example.org>", "https://example.org")


def test_what_a_plugin_says_itself_counts(shelf: Path) -> None:
    from aigc_studio.api import Description
    from aigc_studio.host.packages.papers import with_papers

    install(
        plugin_wheel(
            shelf, headers=["License: BSD", "Author: Another", "Home-page: https://example.net"]
        )
    )
    source = next(each for each in find_sources() if each.name == "shouter")
    own = Description(
        id="shouter", title="S", medium="text", version="3", author="I", licence="MIT"
    )
    now = with_papers(own, source)
    assert (now.version, now.author, now.licence) == ("3", "I", "MIT")
    assert now.homepage == "https://example.net"
    assert with_papers(own, replace(source, distribution="")) == own


def test_a_wrong_clock_is_told_where_no_connection_is_trusted() -> None:
    said = "Max retries exceeded (SSLError: certificate verify failed: certificate has expired)"
    assert pip.reason(said) == why_untrusted(said) != ""
