"""A plugin's own Python that lacks what a worker needs: exactly what, and how to get it."""

import os
import shlex
import sys
import tomllib
import venv
from pathlib import Path

import pytest
from kinds import there

from aigc_studio import needs
from aigc_studio.host.describing import describe
from aigc_studio.host.plugin_files import source_at

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(os.name != "posix", reason="a link is a Python there"),
]
ECHO = Path(__file__).parents[1] / "plugins" / "echo.py"


def plugin_with(tmp_path: Path, interpreter: Path) -> Path:
    path = tmp_path / "own.py"
    path.write_bytes(ECHO.read_bytes())
    path.with_suffix(".plugin.json").write_text(f'{{"interpreter": "{interpreter}"}}', "utf-8")
    return path


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with nothing but itself."""
    folder = tmp_path_factory.mktemp("own") / "bare"
    venv.create(folder, with_pip=False, symlinks=True)
    return folder


def test_what_is_missing_is_named_with_the_line_that_gets_it(tmp_path: Path, bare: Path) -> None:
    python = bare / "bin" / "python"
    record = describe(there(source_at(plugin_with(tmp_path, python))))
    assert record.state == "failed"
    wanted = [f"{name}>={least}" for name, (_module, least) in needs.WORKER.items()]
    assert record.reason == (
        f"The Python {python} of the plugin own lacks pluggy, pydantic, numpy, pillow. Install it "
        f"with: {shlex.join([str(python), '-m', 'pip', 'install', *wanted])}"
    )


def test_only_what_is_missing_or_too_old_is_named(tmp_path: Path, bare: Path) -> None:
    (place,) = (bare / "lib").glob("python*/site-packages")
    for module in ("pluggy", "pydantic", "numpy"):
        (place / f"{module}.py").touch()
    about = place / "pydantic-1.10.2.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: pydantic\nVersion: 1.10.2\n")
    record = describe(there(source_at(plugin_with(tmp_path, bare / "bin" / "python"))))
    assert "of the plugin own lacks pydantic 2.9 (1.10.2), pillow. Install it" in record.reason
    assert record.reason.endswith("pip install 'pydantic>=2.9' 'pillow>=11.0'")


def test_a_python_that_is_too_old_is_told_so(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_text("#!/bin/sh\necho 'Unknown option: -P' >&2\nexit 2\n", "utf-8")
    old.chmod(0o755)
    record = describe(there(source_at(plugin_with(tmp_path, old))))
    assert (
        record.reason == f"The Python {old} of the plugin own is too old: 3.11 or newer is needed."
    )


def test_the_studios_own_needs_are_the_same() -> None:
    document = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    project = document["project"]
    assert set(needs.requirements()) <= set(project["dependencies"])
    assert project["requires-python"] == ">=" + ".".join(map(str, needs.PYTHON))
    assert needs.lacking() == {}
    assert sys.version_info >= needs.PYTHON
