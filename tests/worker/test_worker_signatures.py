"""A hook that says it takes another hook's request is told so when it is loaded."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from kinds import there

from aigc_studio import api
from aigc_studio.worker.plugin import PluginRefused, join
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


WRITTEN = """
from aigc_studio import api

@api.hookimpl
@api.hookimpl
def describe({describe}):
    return api.Description(id="mine", title="Mine", medium=api.Text)

@api.hookimpl
def generate({generate}):
    yield api.Candidate(api.Text(""))
"""


@pytest.mark.parametrize(
    ("describe", "generate", "said", "line"),
    [
        ("", "req", "generate() of the plugin mine takes `req`: a hook is given `request`", 10),
        ("", "request, model", "takes `model`: a hook", 10),
        ("", "request, *, device, threads", "takes `device`, `threads`: a hook", 10),
        ("request", "request", "describe() of the plugin mine takes `request`: it is given", 6),
    ],
)
def test_a_hook_that_wants_what_it_is_not_given_is_refused_with_its_line(
    tmp_path: Path, describe: str, generate: str, said: str, line: int
) -> None:
    path = tmp_path / "mine.py"
    path.write_text(WRITTEN.format(describe=describe, generate=generate), encoding="utf-8")
    with pytest.raises(PluginRefused) as refused:
        join({"kind": "file", "name": "mine", "path": str(path), "target": ""})
    assert said in refused.value.reason
    assert refused.value.reason.endswith(f"It stands in mine.py, line {line}.")
    assert there(refused.value.place).line == line


def test_a_hook_may_take_less_and_have_defaults(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(WRITTEN.format(describe="", generate="size=3, **more"), encoding="utf-8")
    assert join({"kind": "file", "name": "mine", "path": str(path), "target": ""}).warnings == ()
