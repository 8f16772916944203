"""Our plugins stand where a stranger's do: on the public names of `api` and `toolkit`, no more."""

import ast
import pkgutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import aigc_studio
from aigc_studio import api, toolkit
from aigc_studio.toolkit import sequences

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = sorted(
    path.parent.name for path in (ROOT / "plugins").glob("*/__init__.py") if path.is_file()
)
PUBLIC: dict[str, set[str] | None] = {
    "aigc_studio": {"api", "toolkit"},
    "aigc_studio.api": set(api.__all__),
    "aigc_studio.toolkit": set(toolkit.__all__),
    "aigc_studio.toolkit.measures": None,
    "aigc_studio.toolkit.pictures": None,
    "aigc_studio.toolkit.sequences": set(sequences.__all__),
}
"""What may be imported, by module; None for all that has no underscore."""


def private_imports(source: str) -> Iterator[str]:
    """What a plugin's module imports of the studio that it may not, and ways round imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name.startswith("aigc_studio"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("aigc_studio"):
            module = node.module or ""
            public = PUBLIC.get(module, set())
            for each in node.names:
                hidden = each.name.startswith("_") if public is None else each.name not in public
                if hidden:
                    yield f"{module}.{each.name}"
        elif isinstance(node, ast.Call):
            told = [each.value for each in node.args if isinstance(each, ast.Constant)]
            yield from (str(each) for each in told if str(each).startswith("aigc_studio"))


@pytest.mark.parametrize("name", PLUGINS)
def test_a_plugin_imports_public_names_only(name: str) -> None:
    found = {
        path.name: list(private_imports(path.read_text("utf-8")))
        for path in (ROOT / "plugins" / name).rglob("*.py")
    }
    assert {path: names for path, names in found.items() if names} == {}


def test_the_plugins_that_others_copy_do_as_well() -> None:
    examples = (ROOT / "docs" / "plugins" / "examples").rglob("*.py")
    # Their tests are no plugins, and have the kit.
    modules = [path for path in examples if path.parent.name != "tests"]
    found = {str(path): list(private_imports(path.read_text("utf-8"))) for path in modules}
    assert len(found) >= 10
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "line",
    [
        "import aigc_studio.files",
        "import aigc_studio.translation as words",
        "from aigc_studio import folders",
        "from aigc_studio.translation import _",
        "from aigc_studio.api import files",
        "from aigc_studio.api.kinds import record",
        "from aigc_studio.toolkit.checkpoints import all_finite",
        "from aigc_studio.toolkit.pictures import _fitted",
        "def f():\n    from aigc_studio.late import module",
        "import importlib\nimportlib.import_module('aigc_studio.locks')",
        "__import__('aigc_studio.files')",
    ],
)
def test_what_a_stranger_cannot_have_is_found(line: str) -> None:
    assert list(private_imports(line))


def settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_every_plugin_is_packed_registered_and_watched() -> None:
    told = settings()
    contracts = {each["name"]: each for each in told["tool"]["importlinter"]["contracts"]}
    public = contracts["A plugin imports of the studio only api and toolkit"]
    window = contracts["The window and its floors never import the worker or the toolkit"]
    without_qt = contracts["No Qt below jobs, in the shell, in workers or in plugins"]
    wheel = told["tool"]["hatch"]["build"]["targets"]["wheel"]
    places: dict[str, list[str]] = {
        "entry points": list(told["project"]["entry-points"]["aigc_studio.plugins"].values()),
        "wheel": [Path(each).name for each in wheel["packages"]],
        "root packages": told["tool"]["importlinter"]["root_packages"],
        "the plugin contract": public["source_modules"],
        "the window's contract": window["forbidden_modules"],
        "the contract about Qt": without_qt["source_modules"],
    }
    for place, names in places.items():
        assert set(PLUGINS) <= set(names), place
    assert "plugins" in told["tool"]["mypy"]["files"]


def test_a_new_floor_of_the_house_is_forbidden_to_plugins_from_the_start() -> None:
    contracts = settings()["tool"]["importlinter"]["contracts"]
    (public,) = [each for each in contracts if each["name"].startswith("A plugin imports")]
    floors = {f"aigc_studio.{each.name}" for each in pkgutil.iter_modules(aigc_studio.__path__)}
    assert floors - set(public["forbidden_modules"]) == {"aigc_studio.api", "aigc_studio.toolkit"}


@pytest.mark.parametrize("package", [api, toolkit], ids=lambda each: each.__name__)
def test_a_public_name_is_there_and_no_module_hides_it(package: ModuleType) -> None:
    # A module that is called as one of its names takes that name's place once it is imported.
    modules = {each.name for each in pkgutil.iter_modules(package.__path__)}
    # Those that are public themselves are what they are called.
    public = {name for name in PUBLIC if name.startswith(f"{package.__name__}.")}
    hiding = {f"{package.__name__}.{name}" for name in modules & set(package.__all__)}
    assert hiding == public
    for name in package.__all__:
        assert isinstance(getattr(package, name), ModuleType) == (name in modules)
        assert getattr(package, name) is not None
