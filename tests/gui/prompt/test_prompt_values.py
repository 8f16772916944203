"""Prompts as plain values: why an edit cannot be done, and the same as a shell command."""

import shlex

import pytest
from gui.targets import selected

from aigc_studio.api import Description, Medium, Operation
from aigc_studio.cli.parser import build_parser
from aigc_studio.ui.prompt.values import Prompt, command_line, why_not
from aigc_studio.ui.target import Target


@pytest.mark.parametrize(
    ("medium", "words"), [("image", "mask"), ("text", "words"), ("melody", "bars")]
)
def test_what_to_mark_is_said_for_every_medium(medium: Medium, words: str) -> None:
    about = Description(id="x", title="X", medium=medium, verbs=("edit",))
    needs = Operation(id="e", verb="edit", title="E", artifacts=1, selection="required")
    target = selected(medium)
    assert words in why_not(needs, about, target)
    assert why_not(needs, about, selected(medium, marked=True)) == ""
    assert why_not(needs, about, selected(medium, 3))


def test_two_items_for_two_inputs() -> None:
    about = Description(id="x", title="X", medium="image", verbs=("edit",))
    morph = Operation(id="m", verb="edit", title="M", artifacts=2)
    for number, fits in ((0, False), (1, False), (2, True), (3, False)):
        assert (why_not(morph, about, selected("image", number)) == "") is fits


def test_an_edit_that_takes_nothing_needs_nothing() -> None:
    about = Description(id="x", title="X", medium="image", verbs=("edit",))
    free = Operation(id="f", verb="edit", title="F", artifacts=0)
    assert why_not(free, about, Target()) == ""


def test_commands_are_what_the_shell_takes() -> None:
    prompt = Prompt(
        generator="tunes", operation="recompose", verb="edit", prompt="a b", parameters={"on": True}
    )
    assert (
        len(build_parser().parse_args(shlex.split(command_line(prompt, inputs=2))[1:]).inputs) == 2
    )
    words = shlex.split(command_line(prompt, "melody", selection=True))[1:]
    parsed = build_parser().parse_args(words)
    assert parsed.bars == "FIRST:LAST"
    assert parsed.prompt == "a b"
    assert parsed.operation == "recompose"


def test_a_prompt_with_quotes_comes_through_the_shell() -> None:
    prompt = Prompt(generator="x", operation="generate", prompt='it\'s "2" & 你好', count=3)
    words = shlex.split(command_line(prompt))[1:]
    parsed = build_parser().parse_args(words)
    assert parsed.prompt == prompt.prompt
    assert parsed.count == 3
