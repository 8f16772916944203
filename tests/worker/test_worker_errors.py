"""What a plugin's own error says, and beside which field it stands."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from aigc_studio.api import Description, GeneratorError, Operation
from aigc_studio.worker.outcomes import Outcome, failed

_FORM = {"type": "object", "properties": {"length": {"type": "integer"}}}
PLUGIN: Any = SimpleNamespace(
    description=Description(
        id="some",
        title="Some",
        medium="text",
        operations=(
            Operation(id="train", verb="train", title="Train", parameters=_FORM),
            Operation(id="write", verb="generate", title="Write"),
        ),
    ),
    root=Path("/nowhere"),
)


def outcome(parameter: str) -> Outcome:
    try:
        raise GeneratorError("Too long.", zh="太长了。", parameter=parameter)
    except GeneratorError as error:
        return failed(PLUGIN, error)


@pytest.mark.parametrize("parameter", ["", "prompt", "count", "dataset", "artifact", "length"])
def test_a_field_that_is_there_is_named_to_the_person_alone(parameter: str) -> None:
    told = outcome(parameter)
    assert told.errors == ({parameter: "Too long."} if parameter else {})
    assert told.details.startswith("Traceback")


def test_the_author_hears_of_a_field_that_no_operation_has() -> None:
    told = outcome("lenght")
    assert told.errors == {"lenght": "Too long."}  # what the person reads is the sentence
    assert told.details.splitlines()[0] == (
        "The GeneratorError of Some names the parameter lenght, which none of its operations has: "
        "the sentence stands beside no field."
    )
    assert "Traceback" in told.details
