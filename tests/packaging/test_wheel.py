"""The wheel, as a stranger installs it: in an environment that has never seen the checkout."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.timeout(300)
"""Building and installing takes half a minute on an idle machine, and minutes on a busy one."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it; what it depends on is lent by this one."""
    folder = tmp_path_factory.mktemp("环境") / "venv"
    venv.create(folder, with_pip=False)  # the pip that is here installs into it as well
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    # What is used of it is compiled when it is: all of it would take some seconds.
    words = ["install", "-q", "--no-deps", "--no-index", "--no-compile", str(wheel)]
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    subprocess.run([*pip, *words], check=True)
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True)
    lent = Path(site.stdout.strip()) / "lent.pth"
    # A path line lends the packages, but not the .pth files of editable installs among them.
    lent.write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


def run(python: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | variables
    return subprocess.run(
        [python, *words], capture_output=True, text=True, encoding="utf-8", env=environment,
        cwd=Path(python).parent, timeout=80,
    )  # fmt: skip


def test_everything_is_in_one_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in (
        "aigc_studio/__main__.py",
        "gan_digits/__init__.py",
        "vae_faces/__init__.py",
        "aigc_studio/resources/packs/digits.json",
        "aigc_studio/resources/translations/zh_CN/LC_MESSAGES/aigc_studio.mo",
        "aigc_studio/resources/models/gan-digits/digits/weights.safetensors",
        "aigc_studio/resources/models/gan-digits/digits/card.json",
        "aigc_studio/resources/models/vae-faces/photographs/weights.safetensors",
        "aigc_studio/resources/models/vae-faces/cartoon/weights.safetensors",
    ):
        assert name in names
    assert any(name.startswith("aigc_studio/resources/icons/") for name in names)
    written = "aigc_studio/resources/templates/"  # by `plugins new`, tests among them
    assert not any("tests" in each.split("/") for each in names if not each.startswith(written))
    assert any(each.startswith(written) and "tests" in each.split("/") for each in names)


def test_the_installed_studio_generates_with_the_model_that_came_with_it(
    python: Path, tmp_path: Path
) -> None:
    where = "import aigc_studio; print(aigc_studio.__file__)"
    installed = run(python, "-c", where)
    assert str(ROOT) not in installed.stdout
    out = tmp_path / "结果"
    words = ("generate", "gan-digits", "--prompt", "42", "--seed", "1", "--out", str(out))
    done = run(python, "-m", "aigc_studio", *words)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in out.iterdir()] == ["gan-digits-1.png"]


def test_the_installed_studio_speaks_chinese(python: Path) -> None:
    done = run(python, "-m", "aigc_studio", "nonsense", AIGC_STUDIO_LANGUAGE="zh_CN")
    assert done.returncode == 2
    assert "aigc-studio --help" in done.stderr
    assert "neither" not in done.stderr


def test_the_command_is_installed(python: Path) -> None:
    command = Path(python).with_name("aigc-studio.exe" if os.name == "nt" else "aigc-studio")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("AIGC Studio ")
