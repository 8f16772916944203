"""A hook that says it takes another hook's request is told so when it is loaded."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from aigc_studio import api
from aigc_studio.worker.plugin import join
from aigc_studio.worker.signatures import misread

SOURCE = """
{future}
from aigc_studio import api

@api.hookimpl
def describe():
    return api.Description(id="mixed", title="Mixed", medium=api.Text)

@api.hookimpl
def generate(request: api.TrainRequest[int]) -> api.Action:
    yield api.Candidate(api.Text(""))

@api.hookimpl
def edit(request: api.EditRequest) -> api.Action:
    yield api.Candidate(api.Text(""))
"""


@pytest.mark.parametrize("future", ["", "from __future__ import annotations"])
def test_the_gate_warns_of_another_hooks_request(tmp_path: Path, future: str) -> None:
    path = tmp_path / "mixed_up.py"
    path.write_text(SOURCE.format(future=future), encoding="utf-8")
    plugin = join({"kind": "file", "name": "mixed_up", "path": str(path), "target": ""})
    assert plugin.warnings == (
        "generate() says that it takes a TrainRequest: what it is given is a GenerateRequest.",
    )


def test_hooks_without_a_word_and_those_that_say_any_are_right() -> None:
    def bare(request):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        yield

    def anything(request: Any) -> api.Action:
        yield api.Progress(1)

    def general(request: "api.EditRequest[int]") -> api.Action:
        yield api.Progress(1)

    plugin = SimpleNamespace(train=bare, generate=anything, edit=general, evaluate=3)
    assert misread(plugin) == ()
