"""What `plugins new` writes works at once: it passes the kit, builds, and has tests of its own."""

import os
import subprocess
import sys
import zipfile
from importlib import import_module
from pathlib import Path

import pytest

import aigc_studio
from aigc_studio.api import Candidate, GenerateRequest
from aigc_studio.host.scaffold import MEDIA, scaffold
from aigc_studio.testing import check_plugin

ROOT = Path(aigc_studio.__file__).parents[1]
OFFERED = (
    "description", "names", "operations", "schemas", "train", "generate", "edit", "own_seed",
    "refusals", "ranges", "odd_input", "parts", "bad_model",
)  # fmt: skip
"""What differs from medium to medium; the rest is the same code in each."""
WITH_TORCH = (
    "description", "no_torch", "names", "operations", "schemas", "train", "generate", "edit",
    "partials", "first_ones", "refusals", "parts", "bad_model", "empty_data",
    "training_ranges",
)  # fmt: skip
"""What takes no minute with torch. All passed when the templates were written; what is left out is
what the toolkit's loops see to, and they have tests of their own."""


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_plain_one_passes_all_checks(tmp_path: Path) -> None:
    report = check_plugin(scaffold("Fresh one", "text", folder=tmp_path))
    assert report.passed, str(report)
    outcomes = {each.name: each.outcome for each in report.checks}
    for name in ("train", "generate", "edit", "stop", "odd_input", "bad_model", "refusals"):
        assert outcomes[name] == "passed"


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("medium", [each for each in MEDIA if each != "text"])
def test_a_plain_one_of_another_medium_does_what_it_offers(medium: str, tmp_path: Path) -> None:
    report = check_plugin(scaffold("Fresh one", medium, folder=tmp_path), only=OFFERED)
    assert report.passed, str(report)
    outcomes = {each.name: each.outcome for each in report.checks}
    for name in ("train", "generate", "edit", "odd_input", "bad_model", "refusals"):
        assert outcomes[name] == "passed"


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("medium", MEDIA)
def test_one_with_torch_passes_the_checks(medium: str, tmp_path: Path) -> None:
    path = scaffold("Fresh net", medium, torch=True, folder=tmp_path)
    report = check_plugin(path, only=WITH_TORCH, steps=2)
    assert report.passed, str(report)
    outcomes = {each.name: each.outcome for each in report.checks}
    for name in (
        "no_torch",
        "train",
        "generate",
        "edit",
        "bad_model",
        "empty_data",
        "training_ranges",
    ):
        assert outcomes[name] == "passed"


@pytest.mark.parametrize("medium", MEDIA)
def test_without_a_model_a_plain_one_makes_something(
    medium: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = scaffold(f"At once {medium}", medium, folder=tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    module = import_module(path.stem)
    monkeypatch.delitem(sys.modules, path.stem)
    (operation,) = [each for each in module.describe().operations if each.verb == "generate"]
    request = GenerateRequest(parameters=operation.parameters(), seed=4, count=2)
    made = [each for each in module.generate(request) if isinstance(each, Candidate)]
    assert len({each.artifact.digest for each in made}) == 2
    assert made[0].artifact.medium == medium


def _run(command: list[str], cwd: Path) -> str:
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env=variables,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("torch", [False, True])
def test_a_package_becomes_a_wheel_without_the_network(tmp_path: Path, torch: bool) -> None:
    project = scaffold("Made up", "image", torch=torch, package=True, folder=tmp_path)
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", "dist"]
    _run(["-m", "pip", "wheel", "--quiet", *options, str(project)], tmp_path)
    (wheel,) = (tmp_path / "dist").iterdir()
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        about = "aigc_made_up-0.1.0.dist-info"
        points = archive.read(f"{about}/entry_points.txt").decode()
        told = archive.read(f"{about}/METADATA").decode()
    code = [name for name in names if not name.startswith(about)]
    assert code == (["made_up/__init__.py", "made_up/work.py"] if torch else ["made_up.py"])
    assert points.split() == ["[aigc_studio.plugins]", "made-up", "=", "made_up"]
    assert "License-Expression: MIT" in told
    assert "aigc-studio" not in told.replace("AIGC Studio", "").partition("\n\n")[0]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_its_own_tests_run_from_anywhere_with_plain_pytest(tmp_path: Path) -> None:
    project = scaffold("Made up", "text", package=True, folder=tmp_path / "project")
    (tmp_path / "elsewhere").mkdir()
    plain = ["-p", "no:pytestqt", "-p", "no:cacheprovider", "-q", "-rA"]
    chosen = ["-k", "description or generate or schemas", "-n", "2", "--dist", "load"]
    told = _run(["-m", "pytest", *plain, *chosen, str(project)], tmp_path / "elsewhere")
    assert "3 passed" in told
