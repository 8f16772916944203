"""What lies beside a plugin of one file: imported by it, watched with it, and no plugin itself."""

from collections.abc import Callable
from pathlib import Path

import pytest
from kinds import a_text, known, there

from aigc_studio import folders
from aigc_studio.api import Candidate, GenerateRequest
from aigc_studio.host import Registry, WorkerPool
from aigc_studio.host.plugin_files import beside, folder_sources, source_at
from aigc_studio.host.stamps import code_of, stamp

pytestmark = pytest.mark.processes

HEAD = """from aigc_studio import api

@api.hookimpl
def describe():
    return api.Description(id="{id}", title="Mine", medium=api.Text)
"""
DIRECT = (
    HEAD
    + """
import my_helper

@api.hookimpl
def generate(request):
    yield api.Candidate(api.Text(my_helper.word()))
"""
)
LATE = (
    HEAD
    + """
generate = api.hookimpl(".my_work:make")
"""
)
WORK = """from aigc_studio import api

def make(request):
    import my_helper
    yield api.Candidate(api.Text(my_helper.word()))
"""
HELPER = """import my_deeper

def word():
    return my_deeper.WORD
"""


@pytest.fixture(autouse=True)
def mine_alone(plugin_home: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what is in the plugin folder, `mine` is let in."""
    plugin_home()
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "mine")


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, "utf-8")
    return folder


def made(pool: WorkerPool, registry: Registry, id: str) -> str:
    run = pool.start(registry.record(id), "generate", GenerateRequest(operation="generate"))
    (event,) = [each for each in run.events() if isinstance(each, Candidate)]
    return a_text(known(Candidate, event).artifact).value


@pytest.mark.parametrize("plugin", [DIRECT, LATE], ids=["at once", "late"])
def test_a_file_beside_a_plugin_is_imported_and_is_no_plugin(pool: WorkerPool, plugin: str) -> None:
    folder = folders.plugin_folder()
    write(folder, my_work=WORK, my_helper=HELPER, my_deeper="WORD = 'one'")
    write(folder, mine=plugin.format(id="mine"), notes="x = 1")
    registry = Registry()
    assert [each.name for each in folder_sources(folder)] == ["mine"]
    registry.refresh()
    assert made(pool, registry, "mine") == "one"
    assert not list(folder.rglob("__pycache__"))


def test_an_edit_of_the_same_second_and_size_is_seen(
    pool: WorkerPool,
) -> None:
    folder = folders.plugin_folder()
    write(folder, mine=DIRECT.format(id="mine"), my_helper=HELPER, my_deeper="WORD = 'one'")
    registry = Registry()
    registry.refresh()
    assert made(pool, registry, "mine") == "one"
    write(folder, my_deeper="WORD = 'two'")
    before = registry.record("mine").stamp
    registry.refresh()
    assert registry.record("mine").stamp != before
    assert made(pool, registry, "mine") == "two"


def test_two_plugins_may_have_neighbours_of_one_name(tmp_path: Path, pool: WorkerPool) -> None:
    from aigc_studio.host.describing import describe

    for word in ("left", "right"):
        folder = write(tmp_path / word, my_deeper=f"WORD = '{word}'", my_helper=HELPER)
        write(folder, **{word: DIRECT.format(id=word)})
        record = describe(there(source_at(folder / f"{word}.py")))
        run = pool.start(record, "generate", GenerateRequest(operation="generate"))
        assert a_text(known(Candidate, next(run.events())).artifact).value == word
        run.cancel()
        assert run.wait(5.0)


def test_what_lies_beside_is_told_and_not_failed() -> None:
    folder = folders.plugin_folder()
    write(folder, mine=DIRECT.format(id="mine"), my_helper=HELPER, my_deeper="WORD = 1")
    write(folder, notes="x = 1", lost="from aigc_studio.api import hookimpl")
    write(folder / "my_package", __init__="")
    assert [each.name for each in folder_sources(folder)] == ["lost", "mine"]
    assert {path.name: used for path, used in beside(folder).items()} == {
        "my_deeper.py": True,
        "my_helper.py": True,
        "my_package": False,
        "notes.py": False,
    }


@pytest.mark.parametrize(
    ("line", "is_plugin"),
    [
        ("def describe(): ...", True),
        ("async def describe(): ...", True),
        ("from parts import describe", True),
        ("from parts import (\n    describe,\n    generate,\n)", True),
        ("describe = say", True),
        ("describe, generate = pair", True),
        ("describe: object = say", True),
        ("hookimpl(", True),
        ("train, *_rest = hooks_in('work')", True),
        ("def train(request): ...", False),
        ("words = 'describe = 3'", False),
        ("", False),
    ],
)
def test_a_plugin_is_known_by_its_words(tmp_path: Path, line: str, is_plugin: bool) -> None:
    write(tmp_path, mine=f"# mine\n{line}\n")
    assert [each.name for each in folder_sources(tmp_path)] == ["mine"] * is_plugin


@pytest.mark.parametrize(
    "line",
    [
        "import helper",
        "import os, helper",
        "import helper as other",
        "from helper import word",
        "    import helper.part",
        "train = hookimpl('.helper:train')",
        'train = api.hookimpl("helper:train")',
        "train = hooks_in('helper')",
        "import helper (",
    ],
)
def test_the_code_of_a_plugin_is_what_it_imports_of_its_folder(tmp_path: Path, line: str) -> None:
    write(tmp_path, mine=line, helper="import further", further="import mine", other="")
    source = there(source_at(tmp_path / "mine.py"))
    found = [each.name for each in code_of(source)]
    assert found == ["mine.py", "helper.py", "further.py"]
    before = stamp(source)
    write(tmp_path, other="x = 1")
    assert stamp(source) == before
    write(tmp_path, further="import mine  # and more")
    assert stamp(source) != before


def test_of_what_is_imported_only_what_lies_there_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, mine="import os, re, json, helper\nfrom . import package", helper="import math")
    (tmp_path / "package").mkdir()
    write(tmp_path / "package", __init__="", part="")
    (tmp_path / "re.py").mkdir()  # a folder of that name is no module
    asked = []
    is_file = Path.is_file

    def noted(path: Path) -> bool:
        asked.append(path.relative_to(tmp_path).as_posix())
        return is_file(path)

    source = there(source_at(tmp_path / "mine.py"))
    monkeypatch.setattr(Path, "is_file", noted)
    found = [each.relative_to(tmp_path).as_posix() for each in code_of(source)]
    assert found == ["mine.py", "helper.py", "package/__init__.py", "package/part.py"]
    assert sorted(asked) == ["helper.py", "package/__init__.py", "re.py"]


def test_a_file_of_the_name_of_an_installed_module_is_told(tmp_path: Path) -> None:
    from aigc_studio.host.describing import describe

    body = DIRECT.format(id="mine").replace("my_helper", "pluggy")
    write(tmp_path, mine=body, pluggy="raise RuntimeError('it took the place')")
    record = describe(there(source_at(tmp_path / "mine.py")))
    assert record.state == "ready"
    assert record.warnings == (
        "pluggy.py is not what `import pluggy` gives, as Python or a package has a module of this "
        "name: rename the file.",
    )


def test_a_hook_whose_module_is_not_there_is_told_before_it_is_asked(tmp_path: Path) -> None:
    from aigc_studio.host.describing import describe

    write(tmp_path, mine=LATE.format(id="mine"))
    record = describe(there(source_at(tmp_path / "mine.py")))
    assert record.state == "ready"
    assert record.warnings == (
        "generate() is to be found in the module my_work, and there is none.",
    )
