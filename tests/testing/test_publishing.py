"""What publishing needs: of a project, its wheel, and what is measured."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from aigc_studio import needs
from aigc_studio.host.packages.scripts import script_dependencies
from aigc_studio.testing import PUBLISHING, check_plugin
from aigc_studio.testing.publishing.papers import plain_name

ROOT = Path(__file__).parents[2]
PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "aigc-odd-one"
version = "1.0"
description = "Odd."
readme = "README.md"
license = "MIT"
requires-python = ">=3.11"
authors = [{ name = "Somebody" }]
dependencies = []
urls = { Homepage = "https://example.org/odd" }

[project.entry-points."aigc_studio.plugins"]
odd-one = "odd_one"
"""
CODE = """
from aigc_studio import api
{imports}

@api.hookimpl
def describe():
    title = {{"en": "Odd", "zh": "奇"}}
    return api.Description(id="odd-one", title=title, medium=api.Text, licence="MIT"{more})

@api.hookimpl
def generate(request):
    for n in range(request.count):
        {body}
        yield api.Candidate(api.Text(str(request.seed + n)))
"""


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Path]:
    """Call it to write a sound project; `code` fills its module, `papers` changes its pyproject."""

    def write(
        papers: tuple[str, str] = ("", ""), imports: str = "", more: str = "", body: str = "pass"
    ) -> Path:
        folder = tmp_path / "odd"
        folder.mkdir(exist_ok=True)
        code = CODE.format(imports=imports, more=more, body=body)
        (folder / "odd_one.py").write_text(code, "utf-8")
        (folder / "pyproject.toml").write_text(PROJECT.replace(*papers), "utf-8")
        for name in ("README.md", "LICENSE"):
            (folder / name).write_text("words", "utf-8")
        return folder

    return write


def outcome(folder: Path, check: str) -> tuple[str, str]:
    (found,) = check_plugin(folder, only=[check]).checks
    return found.outcome, found.sentence


def test_a_sound_project_passes_all_that_is_written(project: Callable[..., Path]) -> None:
    written = ["project", "version", "requirements", "licence", "about", "reserved", "translations"]
    report = check_plugin(project(), only=written)
    assert [(each.name, each.outcome) for each in report.checks] == [
        (name, "passed") for name in written
    ]


WRONG: list[tuple[str, dict[str, object], str, str]] = [
    ("project", {"papers": ('"aigc-odd-one"', '"aigc-studio"')}, "failed", "a name of its own"),
    ("project", {"papers": ('requires-python = ">=3.11"', "")}, "failed", "“>=3.11”"),
    ("project", {"papers": ("build-backend", "no-backend")}, "failed", "[build-system]"),
    ("project", {"papers": ("odd-one =", "odd =")}, "warned", "Call its entry point odd-one"),
    ("project", {"papers": ('readme = "README.md"', "")}, "warned", "README"),
    ("version", {"more": ", version='2.0'"}, "failed", "2.0, and its pyproject.toml 1.0"),
    ("version", {"papers": ('"1.0"', '"two"')}, "failed", "none that can be compared"),
    ("licence", {"papers": ('"MIT"', '"Apache-2.0"')}, "failed", "“Apache-2.0” as its licence"),
    ("licence", {"papers": ('"MIT"', '{ file = "LICENSE" }')}, "warned", "no table"),
    ("about", {"papers": ("https://", "")}, "warned", "Say where it is at home"),
    ("requirements", {"imports": "import mido"}, "failed", "mido (odd_one.py, 3): add mido"),
    ("requirements", {"papers": ("= []", '= ["numpy<2"]')}, "failed", "numpy>=…"),
    ("requirements", {"papers": ("= []", '= ["aigc-studio"]')}, "warned", "Take aigc-studio out"),
    ("translations", {"more": ", summary='It is odd.'"}, "warned", "both languages: summary."),
]


@pytest.mark.parametrize(
    ("check", "changes", "expected", "said"), WRONG, ids=[f"{row[0]}: {row[3]}" for row in WRONG]
)
def test_what_is_written_wrongly_is_told(
    project: Callable[..., Path], check: str, changes: dict[str, object], expected: str, said: str
) -> None:
    found, sentence = outcome(project(**changes), check)
    assert said in sentence
    assert found == expected


def test_an_optional_import_is_no_dependency(project: Callable[..., Path]) -> None:
    guarded = "try:\n    import mido\nexcept ImportError:\n    mido = None"
    assert outcome(project(imports=guarded), "requirements") == ("passed", "")


def test_a_single_file_gets_advice_alone(tmp_path: Path) -> None:
    file = tmp_path / "gan_digits.py"
    code = CODE.format(imports="", more="", body="pass").replace(', licence="MIT"', "")
    file.write_text(code, "utf-8")
    report = check_plugin(file, only=["project", "version", "licence", "files"])
    assert [each.outcome for each in report.checks] == ["skipped", "warned", "warned", "skipped"]
    assert report.passed


def test_what_lies_beside_a_single_file_is_its_code_too(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    code = CODE.format(imports="import mine_helper", more="", body="pass")
    file.write_text(code, "utf-8")
    (tmp_path / "mine_helper.py").write_text("import mido\n", "utf-8")
    assert outcome(file, "requirements") == (
        "warned",
        "It imports mido (mine_helper.py, 1): add mido to its dependencies.",
    )
    file.write_text("# /// script\n# dependencies = [\n# ///\n" + code, "utf-8")
    state, sentence = outcome(file, "requirements")
    assert state == "failed"
    assert sentence.startswith("The block “# /// script” of mine.py cannot be read: ")


def test_the_id_of_a_generator_of_the_studio_is_reserved(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    code = CODE.format(imports="", more="", body="pass").replace('"odd-one"', '"rnn-text"')
    file.write_text(code, "utf-8")
    assert outcome(file, "reserved")[0] == "failed"


@pytest.mark.slow
def test_the_wheel_is_looked_into(project: Callable[..., Path]) -> None:
    folder = project()
    include = '[tool.hatch.build.targets.wheel]\nonly-include = ["odd_one.py", "tests"]\n'
    (folder / "tests").mkdir()
    (folder / "tests" / "test_odd.py").write_text("", "utf-8")
    pyproject = folder / "pyproject.toml"
    pyproject.write_text(pyproject.read_text("utf-8") + include, "utf-8")
    found, sentence = outcome(folder, "files")
    assert (found, "Leave the folder tests out" in sentence) == ("failed", True)
    pyproject.write_text(pyproject.read_text("utf-8").replace(', "tests"', ""), "utf-8")
    found, sentence = outcome(folder, "files")
    assert (found, sentence[:7]) == ("passed", "6 files")
    assert sorted(each.name for each in folder.iterdir()) == [
        "LICENSE", "README.md", "odd_one.py", "pyproject.toml", "tests",
    ]  # fmt: skip


@pytest.mark.processes
def test_what_reaches_for_a_network_is_seen_and_refused(project: Callable[..., Path]) -> None:
    body = "import socket; socket.create_connection(('192.0.2.1', 80), 5)"
    offline, uses = check_plugin(project(body=body), only=["offline", "uses"]).checks
    assert (offline.outcome, uses.outcome) == ("failed", "failed")
    assert "Without a network it broke instead of raising a GeneratorError" in offline.sentence
    assert 'uses={"network"' in uses.sentence
    assert "192.0.2.1" in uses.sentence


@pytest.mark.processes
def test_a_program_that_is_started_is_to_be_told_of(project: Callable[..., Path]) -> None:
    body = "import subprocess, sys; subprocess.run([sys.executable, '-c', ''], check=True)"
    told = ', uses={"programs": {"en": "Python.", "zh": "程序。"}}'
    report = check_plugin(project(body=body), only=["offline", "uses"])
    assert [each.outcome for each in report.checks] == ["passed", "failed"]
    assert [each.held for each in report.badges] == [True]
    assert outcome(project(body=body, more=told), "uses") == ("passed", "")


def test_what_the_code_may_reach_for_is_an_advice(project: Callable[..., Path]) -> None:
    found, sentence = outcome(project(imports="import urllib.request"), "uses")
    assert (found, "network: urllib.request (odd_one.py, 3)" in sentence) == ("warned", True)


def test_time_and_memory_are_told_beside_those_of_an_empty_plugin(
    project: Callable[..., Path],
) -> None:
    time, memory = check_plugin(project(), only=["import_time", "footprint"]).checks
    assert "an empty one" in time.sentence
    assert "MB when described (an empty one" in memory.sentence


def test_names_and_blocks_of_requirements_are_read() -> None:
    assert plain_name("Typing_Extensions[x] >= 4; python_version < '3'") == "typing-extensions"
    block = '# /// script\n# dependencies = [\n#   "mido>=1",\n# ]\n# ///\n'
    assert script_dependencies(f"import os\n{block}") == ("mido>=1",)
    assert script_dependencies("import os") == ()


def test_the_studio_asks_for_no_other_python_than_its_own() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["requires-python"] == ">=" + ".".join(map(str, needs.PYTHON))
    assert len(PUBLISHING) == 13
