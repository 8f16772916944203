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
from shells import Popen

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "plugins" / "examples"
FIRST = "markov"
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

    @property
    def is_first(self) -> bool:
        """Whether all of it is truly done in processes of its own; the others are forked."""
        return self.project.name == FIRST

    def run(self, *words: str) -> str:
        name, _module = self.point  # those that came with the studio are described elsewhere
        popen = subprocess.Popen if self.is_first else Popen
        command = ("-m", "aigc_studio", *words)
        return python(self.home, *command, popen=popen, AIGC_STUDIO_PLUGINS=name)

    def build(self, wheels: Path) -> None:
        """Have a wheel of it, as pip makes it; the first through pip itself."""
        pip = ("-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index")
        if self.is_first:
            python(self.home, *pip, "--wheel-dir", str(wheels), str(self.project))
            return
        built = "import sys, setuptools.build_meta as made; made.build_wheel(sys.argv[1])"
        python(self.home, "-c", built, str(wheels), cwd=self.project)

    def listed(self) -> dict[str, Any]:
        """What `plugins list` says of the plugins that did not come with the studio."""
        plugins = json.loads(self.run("plugins", "list", "--json"))["plugins"]
        own = ("gan-digits", "rnn-melody", "rnn-text", "vae-faces")
        return {each["id"]: each for each in plugins if each["id"] not in own}


def python(
    home: Path,
    *words: str,
    cwd: Path | None = None,
    popen: type[subprocess.Popen[Any]] = subprocess.Popen,
    **variables: str,
) -> str:
    """What a Python of the studio's environment prints; it must end well."""
    paths = os.pathsep.join(map(str, [ROOT, ROOT / "plugins", ROOT / "tests"]))
    environment = os.environ | {"AIGC_STUDIO_HOME": str(home), "PYTHONPATH": paths} | variables
    pipe = subprocess.PIPE
    with popen(
        [sys.executable, *words], stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe,
        encoding="utf-8", env=environment, cwd=cwd or home,
    ) as process:  # fmt: skip
        said, complained = process.communicate()
    assert process.returncode == 0, f"{said}\n{complained}"
    return str(said)


@pytest.fixture(scope="module", params=FOLDERS)
def stranger(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stranger]:
    folder = tmp_path_factory.mktemp(f"他人 {request.param}")
    project, home, wheels = folder / request.param, folder / "home", folder / "wheels"
    leftovers = shutil.ignore_patterns("__pycache__", "build", "dist", "*.egg-info", ".*_cache")
    shutil.copytree(EXAMPLES / request.param, project, ignore=leftovers)
    home.mkdir()
    wheels.mkdir()
    Stranger(project, home, wheels).build(wheels)
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
