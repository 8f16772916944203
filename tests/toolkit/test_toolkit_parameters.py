"""Parameters that most trainings have."""

import pydantic
import pytest

from aigc_studio import toolkit
from aigc_studio.api import Parameters


class Training(Parameters):
    learning_rate: float = toolkit.learning_rate(
        2e-3, most=1e-2, more={"en": "Few take less.", "zh": "少则更低。"}
    )
    batch_size: int = toolkit.batch_size(16, "Pictures.", least=4, most=64)
    dropout: float = toolkit.dropout(-1.0, "-1: by itself.", least=-1.0)


def test_their_defaults_and_ranges_are_those_asked_for() -> None:
    assert Training().model_dump() == {"learning_rate": 2e-3, "batch_size": 16, "dropout": -1.0}
    schema = Training.model_json_schema()["properties"]
    assert (schema["learning_rate"]["minimum"], schema["learning_rate"]["maximum"]) == (1e-5, 1e-2)
    assert (schema["batch_size"]["minimum"], schema["batch_size"]["maximum"]) == (4, 64)
    with pytest.raises(pydantic.ValidationError):
        Training(batch_size=3)


def test_what_belongs_to_one_plugin_stands_behind_what_all_say() -> None:
    told = Training.model_json_schema()["properties"]["learning_rate"]["x-ui"]
    assert told["help"]["en"].endswith("it takes long. Few take less.")
    assert told["help"]["zh"].endswith("过低则很慢。少则更低。")
    assert told["group"] == toolkit.TRAINING
    assert told["advanced"] is True


def test_a_word_in_one_language_stands_in_both() -> None:
    class Plain(Parameters):
        learning_rate: float = toolkit.learning_rate(1e-3, more="Really.")

    told = Plain.model_json_schema()["properties"]["learning_rate"]["x-ui"]["help"]
    assert told["en"].endswith("long. Really.")
    assert told["zh"].endswith("慢。Really.")
