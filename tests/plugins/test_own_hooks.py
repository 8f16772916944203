"""What each of our generators says of itself, and that saying it costs nothing."""

import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import gan_digits
import pytest
import rnn_melody
import rnn_text
import vae_faces

from aigc_studio.api import Operation
from aigc_studio.api.hookspecs import HOOKS

OURS = (gan_digits, rnn_melody, rnn_text, vae_faces)
PLAIN = {"key", "mode", "instrument", "keep", "place", "to"}
"""Of tunes: what their choices are called says all."""
DESCRIBED = """
import sys
from importlib import import_module
import_module(sys.argv[1]).describe().to_json()
sys.exit(int(any(name in sys.modules for name in sys.argv[2:])))
"""


@pytest.fixture(params=OURS, ids=lambda each: each.__name__)
def plugin(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_describing_imports_nothing_large(plugin: ModuleType) -> None:
    of_pictures = plugin in (gan_digits, vae_faces)  # their starters are drawn
    large = ["torch"] if of_pictures else ["torch", "numpy"]
    path = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    words = [sys.executable, "-c", DESCRIBED, plugin.__name__, *large]
    assert subprocess.run(words, env=path, check=False).returncode == 0


def test_the_hooks_stay_hooks_when_everything_is_imported(plugin: ModuleType) -> None:
    for found in pkgutil.walk_packages(plugin.__path__, f"{plugin.__name__}."):
        import_module(found.name)
    assert all(callable(getattr(plugin, name)) for name in HOOKS)


def test_the_readme_names_every_module(plugin: ModuleType) -> None:
    (folder,) = map(Path, plugin.__path__)
    told = (folder / "README.md").read_text("utf-8")
    assert [each.name for each in folder.glob("[!_]*.py") if f"`{each.name}`" not in told] == []


def spoken(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every localized string in a JSON value, with where it stands."""
    if isinstance(value, dict) and "en" in value:
        yield path, value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from spoken(part, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for number, part in enumerate(value):
            yield from spoken(part, f"{path}[{number}]")


def test_every_string_is_in_both_languages(plugin: Any) -> None:
    found = dict(spoken(plugin.describe().to_json()))
    assert len(found) > 40
    for path, value in found.items():
        assert value.get("zh"), path
        if re.search(r"[^\W\d_]{2}", value["en"]):  # not 6/8, or A
            assert re.search("[\u4e00-\u9fff]", value["zh"]), path


def operations() -> Iterator[Any]:
    for each in OURS:
        for operation in each.describe().operations:
            yield pytest.param(operation, id=f"{each.__name__}-{operation.id}")


@pytest.mark.parametrize("operation", [*operations()])
def test_every_parameter_says_what_it_is(operation: Operation) -> None:
    for name, field in operation.schema.get("properties", {}).items():
        told = field["x-ui"]
        assert told["label"]["en"], name
        assert name in PLAIN or told["help"]["en"], name
        if "enum" in field:
            assert set(told["choices"]) == set(field["enum"]), name
