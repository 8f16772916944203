"""What RNN text says of itself."""

import rnn_text
from kinds import there
from rnn_text.hooks import WORK

from aigc_studio.api import Description, Span, Text


def test_the_description_crosses_the_border() -> None:
    described = rnn_text.describe().to_json() | {"verbs": ["train", "generate", "edit"]}
    back = Description.from_json(described)
    assert back.of_verb("generate")[0].id == "generate"
    edits = [operation.id for operation in back.of_verb("edit")]
    assert {"continue", "pick", "like"} <= set(edits)
    pick = there(back.operation("pick"))
    assert pick.pick
    assert pick.live
    assert pick.selection == "required"
    assert not there(back.operation("continue")).pick


def test_every_operation_but_training_and_measuring_has_its_function() -> None:
    listed = {
        each.id for each in rnn_text.describe().operations if each.verb in ("generate", "edit")
    }
    assert listed <= set(WORK)


def test_daring_comes_first_and_the_finer_ones_are_under_advanced() -> None:
    operation = next(each for each in rnn_text.describe().operations if each.id == "generate")
    shown = [
        name
        for name, field in operation.schema["properties"].items()
        if not field["x-ui"].get("advanced")
    ]
    assert shown == ["daring", "length", "stop"]


def test_the_speech_breaks_off_where_the_caret_stands() -> None:
    starter = next(each for each in rnn_text.describe().starters if each.id == "continue")
    (piece,) = starter.pieces
    text = piece.read()
    assert isinstance(text, Text)
    assert Span(*piece.marked) == Span(len(text), len(text))
    assert not piece.made
