"""Plugins that were written for a former version of the plugin interface still work."""

from pathlib import Path

import pytest

from aigc_studio.api import API_VERSION
from aigc_studio.testing import check_plugin

HERE = Path(__file__).parent / "versions"
PLUGINS = sorted(
    each.relative_to(HERE).as_posix()
    for version in HERE.iterdir()
    if version.is_dir()
    for each in version.iterdir()
    if each.suffix == ".py" or (each / "__init__.py").is_file()
)
# What the interface carries; what a plugin does with time and damage is looked at elsewhere.
ONLY = (
    "description", "no_torch", "names", "operations", "schemas", "train", "generate", "edit",
    "partials", "latents", "evaluate", "first_ones", "refusals", "controls", "parts",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("plugin", PLUGINS)
def test_it_works_as_it_was_written(plugin: str) -> None:
    report = check_plugin(HERE / plugin, only=ONLY)
    assert report.passed, str(report)
    outcomes = {each.name: each.outcome for each in report.checks}
    assert "passed" in (outcomes["generate"], outcomes["edit"])


def test_there_are_some_of_each_version_and_medium() -> None:
    assert sorted(each.name for each in HERE.iterdir() if each.is_dir()) == [
        str(version) for version in range(1, API_VERSION + 1)
    ]
    assert [each for each in PLUGINS if each.startswith("1/")] == [
        "1/edges.py", "1/intervals.py", "1/markov.py", "1/small_vae",
    ]  # fmt: skip
