"""What an author's editor and type checker know: the right passes, each wrong line is an error."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import aigc_studio
from aigc_studio import folders
from aigc_studio.host.scaffold import MEDIA

HERE = Path(aigc_studio.__file__).parent

RIGHT = """
from collections.abc import Iterator
from random import Random
from typing import Literal, assert_type

import numpy as np

from aigc_studio import api
from aigc_studio.toolkit import Memory, candidates, counting_loop


class Wish(api.Parameters):
    heat: float = api.parameter(1, "Temperature", minimum=0, maximum=2)
    kind: Literal["a", "b"] = api.parameter("a", {"en": "Kind", "zh": "种类"})
    sure: bool = api.parameter(True, "Sure")


@api.hookimpl
def describe() -> api.Description:
    operation = api.Operation(id="write", verb="generate", title="Write", parameters=Wish)
    return api.Description(id="right", title="Right", medium=api.Text, operations=(operation,))


@api.hookimpl
def generate(request: api.GenerateRequest[Wish]) -> api.Action:
    assert_type(request.parameters, Wish)
    assert_type(request.parameters.kind, Literal["a", "b"])
    assert_type(request.latents, tuple[bytes, ...])
    yield api.Candidate(api.Text(request.prompt), probability=request.parameters.heat)


@api.hookimpl
def edit(request: api.EditRequest[Wish]) -> Iterator[api.Event]:
    assert_type(request.text.part(request.span), str)
    assert_type(request.image.pixels.dtype, np.dtype[np.uint8])
    assert_type(request.mask, api.Mask)
    assert_type(request.melody.part(request.bars), api.Melody)

    def made(rng: Random) -> api.Image:
        return request.image

    return candidates(request, made, part=True)


class Known(Memory):
    def learn(self, example: api.Example) -> None:
        assert_type(example.artifact, api.Image | api.Text | api.Melody)


class Thing:
    @api.hookimpl
    def train(self, request: api.TrainRequest) -> api.Action:
        assert_type(request.dataset[0], api.Example)
        return counting_loop(request, Known())


assert_type(list(generate(api.GenerateRequest(parameters=Wish()))), list[api.Event])
"""

WRONG = """
from typing import Literal

from aigc_studio import api, toolkit


class Wish(api.Parameters):
    heat: float = api.parameter(0.8, "Temperature", minimum="none")  # arg-type
    size: int = api.parameter(0.5, "Size")  # assignment
    kind: Literal["a", "b"] = api.parameter("c", "Kind")  # arg-type
    sure: bool = api.parameter("yes", "Sure")  # assignment


@api.hookimpl  # type-var
def describe() -> str:
    return "wrong"


@api.hookimpl
def generate(request: api.GenerateRequest[Wish]) -> api.Action:
    yield 3  # misc
    yield api.Candidate("text")  # arg-type
    yield api.Candidate(api.Text(""), probability="high")  # arg-type
    yield api.Progress("1")  # arg-type
    request.parameters.warmth  # attr-defined
    request.parameters.heat.upper()  # attr-defined
    request.artifacts  # attr-defined


@api.hookimpl
def edit(request: api.EditRequest) -> api.Action:
    request.text.pixels  # attr-defined
    request.span.first  # attr-defined
    yield api.Candidate(request.mask)  # arg-type


@api.hookimpl  # type-var
def train(request: api.TrainRequest, other: int) -> api.Action:
    yield api.Checkpoint("folder", 1)  # arg-type


@api.hookimpl  # type-var
def evaluate(request: api.EvaluateRequest) -> int:
    return 3


api.Operation(id="a", verb="draw", title="A")  # arg-type
api.Operation(id="a", verb="edit", title="A", selction="none")  # call-arg
api.Description(id="a", title="A", medium=int)  # arg-type
api.Nothing  # attr-defined
toolkit.nothing  # attr-defined
"""


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_checker_passes_the_right_and_finds_each_wrong_line(tmp_path: Path) -> None:
    (tmp_path / "right.py").write_text(RIGHT, encoding="utf-8")
    (tmp_path / "wrong.py").write_text(WRONG, encoding="utf-8")
    templates = [folders.resources_folder() / "templates" / f"{each}.py" for each in MEDIA]
    for each in templates:  # what `plugins new` writes is right as well
        shutil.copy(each, tmp_path)
    told = _mypy(tmp_path, "right.py", "wrong.py", *(each.name for each in templates))
    found = re.findall(r"^(\w+\.py):(\d+): error: .*\[([\w-]+)\]$", told, re.MULTILINE)
    lines = enumerate(WRONG.splitlines(), 1)
    wanted = [
        ("wrong.py", str(number), line.partition("  # ")[2] or line.partition("# ")[2])
        for number, line in lines
        if "# " in line
    ]
    assert found == wanted, told


SETTINGS = """
[mypy]
strict = true
follow_imports = silent
cache_dir = cache
[mypy-torch.*,safetensors.*,PIL.*,rich.*,markdown_it.*,pydantic.v1.*,pydantic.deprecated.*]
follow_imports = skip
[mypy-numpy.f2py.*,numpy.fft.*,numpy.linalg.*,numpy.ma.*,numpy.polynomial.*,numpy.testing.*]
# Torch would take a minute to read, and the others a third of what is left: no line is about them.
follow_imports = skip
"""


def _mypy(folder: Path, *files: str) -> str:
    (folder / "mypy.ini").write_text(SETTINGS, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--no-error-summary", "--no-pretty", *files]
    # From the sources: what is installed for the developers may be another checkout of them.
    path = {"MYPYPATH": str(HERE.parent), "PATH": "", "HOME": str(folder)}
    done = subprocess.run(
        command, cwd=folder, env=path, capture_output=True, encoding="utf-8", check=False
    )
    assert not done.stderr, done.stderr
    return done.stdout


def test_the_package_says_that_it_has_types() -> None:
    assert (HERE / "py.typed").is_file()
