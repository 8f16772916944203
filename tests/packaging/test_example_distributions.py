"""The example distributions, as a stranger has them: built, installed, seen, checked, tested.

Each is a copy outside the checkout; its wheel is built offline and goes into a home that is empty.
An author's own continuous integration needs the same five lines (docs/plugins/howto).
"""

import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from quick_checks import SLOW

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "plugins" / "examples"
FOLDERS = sorted(path.parent.name for path in EXAMPLES.glob("*/pyproject.toml"))
QUICK = "description,no_torch,names,operations,schemas,generate"
"""What is asked of the installed one; its own test class asks for all."""
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.processes]


@dataclass(frozen=True)
class Stranger:
    """Somebody with a home of their own, who has the project of a plugin, and a wheel of it."""

    project: Path
    home: Path
    wheel: Path

    @property
    def told(self) -> dict[str, Any]:
        whole = tomllib.loads((self.project / "pyproject.toml").read_text("utf-8"))
        return dict(whole["project"])

    @property
    def point(self) -> tuple[str, str]:
        ((name, module),) = self.told["entry-points"]["aigc_studio.plugins"].items()
        return str(name), str(module)

    def run(self, *words: str) -> str:
        name, _module = self.point  # those that came with the studio are described elsewhere
        return python(self.home, "-m", "aigc_studio", *words, AIGC_STUDIO_PLUGINS=name)

    def listed(self) -> dict[str, Any]:
        """What `plugins list` says of the plugins that did not come with the studio."""
        plugins = json.loads(self.run("plugins", "list", "--json"))["plugins"]
        own = ("gan-digits", "rnn-melody", "rnn-text", "vae-faces")
        return {each["id"]: each for each in plugins if each["id"] not in own}


def python(home: Path, *words: str, cwd: Path | None = None, **variables: str) -> str:
    """What a Python of the studio's environment prints; it must end well."""
    paths = os.pathsep.join(map(str, [ROOT, ROOT / "plugins", ROOT / "tests"]))
    environment = os.environ | {"AIGC_STUDIO_HOME": str(home), "PYTHONPATH": paths} | variables
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, encoding="utf-8",
        env=environment, cwd=cwd or home, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module", params=FOLDERS)
def stranger(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stranger]:
    folder = tmp_path_factory.mktemp(f"他人 {request.param}")
    project, home, wheels = folder / request.param, folder / "home", folder / "wheels"
    leftovers = shutil.ignore_patterns("__pycache__", "build", "dist", "*.egg-info", ".*_cache")
    shutil.copytree(EXAMPLES / request.param, project, ignore=leftovers)
    home.mkdir()
    pip = ("-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index")
    python(home, *pip, "--wheel-dir", str(wheels), str(project))
    (wheel,) = wheels.glob("*.whl")
    yield Stranger(project, home, wheel)
    shutil.rmtree(folder, ignore_errors=True)


def test_the_wheel_has_the_plugin_and_nothing_of_the_studio(stranger: Stranger) -> None:
    names = zipfile.ZipFile(stranger.wheel).namelist()
    (name, module) = stranger.point
    tops = {each.split("/")[0] for each in names if ".dist-info" not in each}
    assert tops <= {module, f"{module}.py"}
    assert any(each.endswith("licenses/LICENSE") for each in names)
    assert stranger.told["dependencies"] == []
    assert stranger.told["license"]
    assert name == stranger.told["name"].removeprefix("aigc-")


def test_it_is_installed_seen_and_checked(stranger: Stranger) -> None:
    name, _module = stranger.point
    assert stranger.listed() == {}
    stranger.run("plugins", "install", str(stranger.wheel), "--yes")
    seen = stranger.listed()
    assert [(each["id"], each["state"]) for each in seen.values()] == [(name, "ready")]
    assert seen[name]["version"] == stranger.told["version"]
    told = stranger.run("plugins", "check", name, "--only", QUICK, "--steps", "2")
    assert "✗" not in told
    assert told.count("✓") >= 5


def test_its_own_tests_pass(stranger: Stranger) -> None:
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "forked"]
    if stranger.point[0] != "markov":  # with torch, some checks take seconds each
        words += ["-k", f"not ({' or '.join(f'test_{each}' for each in sorted(SLOW))})"]
    told = python(stranger.home, *words, cwd=stranger.project)
    assert " passed" in told
    assert "failed" not in told


@pytest.mark.parametrize("folder", FOLDERS)
def test_it_says_what_it_is(folder: str) -> None:
    for name in ("README.md", "LICENSE", "pyproject.toml"):
        assert (EXAMPLES / folder / name).stat().st_size > 200
    assert list((EXAMPLES / folder / "tests").glob("test_*.py"))


def test_the_chain_of_the_tutorial_is_the_one_of_the_wheel() -> None:
    single, packed = EXAMPLES / "markov.py", EXAMPLES / "markov" / "aigc_markov.py"
    assert single.read_text("utf-8") == packed.read_text("utf-8")
