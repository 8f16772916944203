"""A test class names its plugin from where its own file lies, not from where pytest stands."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from aigc_studio.api import StudioError
from aigc_studio.host import PluginSource
from aigc_studio.testing import GeneratorConformance
from aigc_studio.testing.placing import beside_test


@pytest.fixture
def test_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> type:
    """A test class whose file is `project/tests/deep/test_mine.py`; pytest stands elsewhere."""
    folder = tmp_path / "project" / "tests" / "deep"
    folder.mkdir(parents=True)
    (tmp_path / "project" / "pyproject.toml").write_text("", encoding="utf-8")
    module = ModuleType("made_up_test")
    module.__file__ = str(folder / "test_mine.py")
    monkeypatch.setitem(sys.modules, "made_up_test", module)
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    return type("TestMine", (), {"__module__": "made_up_test"})


@pytest.mark.parametrize("place", ["tests/deep", "tests", ""])
def test_beside_the_test_or_above_it_up_to_the_project(
    tmp_path: Path, test_class: type, place: str
) -> None:
    plugin = tmp_path / "project" / place / "markov.py"
    plugin.write_text("", encoding="utf-8")
    assert beside_test("markov.py", test_class) == plugin
    assert beside_test(Path("markov.py"), test_class) == plugin


def test_the_nearest_one_counts_and_none_above_the_project(
    tmp_path: Path, test_class: type
) -> None:
    (tmp_path / "markov.py").write_text("", encoding="utf-8")
    assert beside_test("markov.py", test_class) == "markov.py"
    for place in ("project", "project/tests"):
        (tmp_path / place / "markov.py").write_text("", encoding="utf-8")
    assert beside_test("markov.py", test_class) == tmp_path / "project" / "tests" / "markov.py"


def test_the_whole_project_and_what_is_no_relative_path(tmp_path: Path, test_class: type) -> None:
    project = tmp_path / "project"
    (project / "markov").mkdir()  # of that name, and no plugin
    assert beside_test("markov", test_class) == "markov"
    assert beside_test("../..", test_class) == project / "tests" / "deep" / "../.."
    assert beside_test(tmp_path / "x.py", test_class) == tmp_path / "x.py"
    assert beside_test("", test_class) == ""
    source = PluginSource("file", "x", path="x.py")
    assert beside_test(source, test_class) is source


def test_a_class_asks_for_some_checks_alone_and_no_misspelled_ones() -> None:
    class TestSome(GeneratorConformance):
        only = ("names", "schemas")

    tests = [name for name in dir(TestSome) if name.startswith("test_")]
    assert [name for name in tests if getattr(TestSome, name)] == ["test_names", "test_schemas"]
    assert all(getattr(GeneratorConformance, name) for name in tests)
    with pytest.raises(StudioError, match=r"There is no check naems\. There are: description, "):
        type("TestOdd", (GeneratorConformance,), {"only": ("naems",)})
