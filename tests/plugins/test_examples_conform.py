"""The plugins that a stranger copies from go through the gate, and stay as short as they are."""

import re
from pathlib import Path

import pytest

from aigc_studio.testing import GeneratorConformance, check_plugin

HERE = Path(__file__).parents[2] / "docs" / "plugins" / "examples"
EMPTY = dict(
    re.findall(r"```python\n# (\w+\.py)\n(.*?)```", (HERE / "README.md").read_text("utf-8"), re.S)
)


# markov.py is the module of a distribution, whose own tests ask for all checks
# (tests/packaging/test_example_distributions.py).


class TestIntervals(GeneratorConformance):
    plugin = HERE / "intervals.py"


class TestEdges(GeneratorConformance):
    plugin = HERE / "edges.py"


@pytest.mark.slow
@pytest.mark.timeout(300)
class TestSmallVae(GeneratorConformance):
    plugin = HERE / "small_vae"
    steps = 4


@pytest.mark.parametrize("name", sorted(EMPTY))
def test_the_empty_ones_of_the_page_conform(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(EMPTY[name], encoding="utf-8")
    report = check_plugin(tmp_path / name)
    assert [each.sentence for each in report.checks if each.outcome == "failed"] == []
    assert len(EMPTY[name].splitlines()) <= 15


def test_there_is_an_empty_one_of_each_medium() -> None:
    assert sorted(EMPTY) == ["empty_melody.py", "empty_picture.py", "empty_text.py"]


@pytest.mark.parametrize(
    ("name", "most"),
    [("markov.py", 100), ("intervals.py", 80), ("edges.py", 30), ("small_vae", 150)],
)
def test_they_are_short_and_the_page_says_how_short(name: str, most: int) -> None:
    lines = sum(len(path.read_text("utf-8").splitlines()) for path in _modules(name))
    assert lines <= most
    row = next(row for row in (HERE / "README.md").read_text("utf-8").splitlines() if name in row)
    assert f"| {lines} |" in row


def _modules(name: str) -> list[Path]:
    path = HERE / name
    return sorted(path.glob("*.py")) if path.is_dir() else [path]
