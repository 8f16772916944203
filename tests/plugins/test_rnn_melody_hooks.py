"""What RNN melody says of itself."""

import rnn_melody
from rnn_melody.hooks import WORK

from aigc_studio.api import Description


def test_the_description_crosses_the_border() -> None:
    described = rnn_melody.describe().to_json() | {"verbs": ["train", "generate", "edit"]}
    back = Description.from_json(described)
    edits = [operation.id for operation in back.of_verb("edit")]
    assert edits == ["recompose", "continue", "vary", "answer", "transpose", "like"]
    assert {each.operation for each in back.starters} == {"generate", "recompose"}


def test_every_operation_has_its_function() -> None:
    listed = {each.id for each in rnn_melody.describe().operations if each.verb != "train"}
    assert listed <= set(WORK)
