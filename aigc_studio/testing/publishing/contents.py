"""What is in the wheel: models that are whole, the plugin itself, and nothing that strayed in."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from aigc_studio.api import documents, limits
from aigc_studio.api.documents import Damaged
from aigc_studio.files import bytes_below
from aigc_studio.testing.bench import Bench
from aigc_studio.testing.publishing.papers import Papers
from aigc_studio.testing.publishing.written import tell
from aigc_studio.testing.report import NotApplicable, Violation
from aigc_studio.translation import _, enumerated
from aigc_studio.wire.model_folder import CARD, check_card, model_fault

STRAY = ("__pycache__", ".git", ".DS_Store", ".env", ".ipynb_checkpoints", ".venv", "Thumbs.db",
         ".mypy_cache", ".ruff_cache", ".pytest_cache", "node_modules")  # fmt: skip
PICKLES = (".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib")
LARGE = 100 << 20
BUILD_SECONDS = 180.0


def check_models(bench: Bench) -> str | None:
    """The models that come with it can be opened, and have their cards beside them."""
    about = bench.about
    if not about.models:
        raise NotApplicable(_("No models come with it."))
    place = Path(bench.record.home) / about.models
    folders = sorted(each for each in place.glob("*") if each.is_dir())
    if not folders:
        sentence = _("Its Description names the folder {name}, and no model is in it.")
        raise Violation(sentence.format(name=about.models))
    for folder in folders:
        fault = model_fault(folder)
        problem = f"{fault.kind} {fault.file}".strip() if fault else _card_problem(folder)
        if problem:
            sentence = _("The model {name} that comes with it cannot be opened: {problem}.")
            raise Violation(sentence.format(name=folder.name, problem=problem))
    return _("{n} MB").format(n=round(sum(map(bytes_below, folders)) / (1 << 20), 1))


def _card_problem(folder: Path) -> str:
    try:
        check_card(documents.read(folder / CARD, limits.CARD_BYTES))
    except (OSError, Damaged) as error:
        return f"{CARD}: {documents.reason(error)}"
    return ""


def check_files(bench: Bench) -> str:
    """The wheel has the plugin, its models and our entry point in it, and nothing that strayed.

    It is built from a copy, with what builds it here; nothing is fetched.
    """
    papers = bench.papers
    if papers is None:
        raise NotApplicable(_("It is not a package."))
    names, size = _built(bench, papers) if papers.folder else _installed(papers)
    faults, advice = list(_missing(bench, names)), []
    stray = [each for each in names if set(PurePosixPath(each).parts) & set(STRAY)]
    if papers.folder and stray:
        faults.append(_("Leave {names} out of the wheel.").format(names=enumerated(stray, 3)))
    if papers.folder and any(each.startswith(("tests/", "test/")) for each in names):
        faults.append(_("Leave the folder tests out of the wheel: every package has one."))
    pickled = [each for each in names if each.lower().endswith(PICKLES)]
    if pickled:
        sentence = _("{names} may run any program when opened: keep weights as safetensors.")
        advice.append(sentence.format(names=enumerated(pickled, 3)))
    if size > LARGE:
        sentence = _("The wheel has {n} MB: let people fetch what is large when they need it.")
        advice.append(sentence.format(n=size >> 20))
    tell(faults, advice)
    return _("{count} files, {n} MB").format(count=len(names), n=round(size / (1 << 20), 1))


def _missing(bench: Bench, names: Sequence[str]) -> list[str]:
    """What is not in the wheel and must be."""
    module = bench.record.source.target.partition(":")[0].replace(".", "/")
    module = module or bench.record.source.name
    found = {f"{module}.py", f"{module}/__init__.py"} & set(names)
    faults = []
    if not found:
        sentence = _("The module {name} is not in the wheel: name it where the wheel is described.")
        faults.append(sentence.format(name=module.replace("/", ".")))
    if not any(each.endswith(".dist-info/entry_points.txt") for each in names):
        faults.append(_("The wheel has no entry point: the studio would not find the plugin."))
    models = bench.about.models
    if models and not any(f"/{models}/" in f"/{each}" for each in names):
        sentence = _("Its models are not in the wheel: have the folder {name} packed with it.")
        faults.append(sentence.format(name=models))
    return faults


def _built(bench: Bench, papers: Papers) -> tuple[list[str], int]:
    """The names in the wheel that the project makes, and its size. Raises `NotApplicable` where
    its backend is not here, and `Violation` where it fails."""
    backend = papers.backend.partition(".")[0]
    if backend and importlib.util.find_spec(backend) is None:
        sentence = _("{name} builds it, and is not installed here: install it to have this tried.")
        raise NotApplicable(sentence.format(name=backend))
    assert papers.folder is not None
    copy, out = bench.folder("build") / "project", bench.folder("wheel")
    shutil.copytree(papers.folder, copy, ignore=shutil.ignore_patterns(*STRAY, "build", "dist"))
    command = [sys.executable, "-m", "pip", "wheel", str(copy), "--no-deps", "--no-index",
               "--no-build-isolation", "--no-cache-dir", "-q", "-w", str(out)]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, timeout=BUILD_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        sentence = _("Its wheel was not built after {seconds} seconds.")
        raise Violation(sentence.format(seconds=round(BUILD_SECONDS))) from None
    (*_others, wheel) = [None, *out.glob("*.whl")]
    if done.returncode or wheel is None:
        said = done.stderr.decode("utf-8", "replace")
        last = [line.strip() for line in said.splitlines() if line.strip()] or [""]
        sentence = _("Its wheel cannot be built: {problem}")
        raise Violation(sentence.format(problem=_telling(last)), said)
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist(), wheel.stat().st_size


def _telling(lines: Sequence[str]) -> str:
    """The line of what pip printed that says why."""
    errors = [each for each in lines if "Error" in each or each.startswith("error:")]
    return (errors or list(lines))[-1][:200]


def _installed(papers: Papers) -> tuple[list[str], int]:
    files = importlib.metadata.distribution(papers.name).files or []
    there = [each for each in files if "__pycache__" not in each.parts]
    return [each.as_posix() for each in there], sum(each.size or 0 for each in there)
