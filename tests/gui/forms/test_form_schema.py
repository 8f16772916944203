"""What a form reads in JSON Schemas, pydantic's and others."""

from enum import Enum
from typing import Any, Literal

import pydantic
import pytest

from aigc_studio.api import Parameters, limits, parameter
from aigc_studio.ui.forms.schema import fields_of


class Mood(Enum):
    CALM = "calm"
    WILD = "wild"


class Everything(Parameters):
    share: float = parameter(
        0.5, {"en": "Share", "zh": "份额"}, minimum=0, maximum=1, step=0.05, unit="%"
    )
    rate: float = parameter(2e-4, "Rate", minimum=1e-6, maximum=0.1, scale="log")
    steps: int = parameter(10, "Steps", minimum=1)
    on: bool = parameter(True, "On", help="Whether.", group="Switches")
    loss: Literal["hinge", "classic"] = parameter(
        "hinge", "Loss", choices={"hinge": {"en": "Hinge", "zh": "铰链"}}
    )
    name: str = parameter("", "Name", advanced=True)
    heat: float | None = parameter(None, "Heat", minimum=0.1, maximum=2)
    mood: Mood = parameter(Mood.CALM, "Mood")
    rows: list[int] = parameter([], "Rows")


def fields(language: str = "en") -> Any:
    return {field.name: field for field in fields_of(Everything.model_json_schema(), language)}


def test_pydantic_schemas_are_read() -> None:
    found = fields()
    assert [found[name].kind for name in ("share", "steps", "on", "loss", "name")] == [
        "number",
        "integer",
        "boolean",
        "choice",
        "text",
    ]
    assert (found["share"].minimum, found["share"].maximum, found["share"].step) == (0, 1, 0.05)
    assert (found["share"].unit, found["share"].decimals) == ("%", 2)
    assert found["rate"].logarithmic
    assert not found["share"].logarithmic
    assert not found["steps"].bounded
    assert found["on"].group == "Switches"
    assert found["name"].advanced


def test_optional_fields_may_be_none() -> None:
    heat = fields()["heat"]
    assert (heat.kind, heat.nullable, heat.default) == ("number", True, None)
    assert (heat.minimum, heat.maximum) == (0.1, 2)


def test_enums_behind_references_are_choices() -> None:
    assert fields()["mood"].choices == (("calm", "calm"), ("wild", "wild"))
    assert fields()["mood"].default == "calm"


def test_what_has_no_control_is_left_out() -> None:
    assert "rows" not in fields()


def test_labels_in_the_language_asked_for() -> None:
    assert fields("zh_CN")["share"].label == "份额"
    assert fields("zh_CN")["loss"].choices == (("hinge", "铰链"), ("classic", "classic"))


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("share", [0, 1, 0.3], [-0.1, 1.1, "1", None, True, float("nan")]),
        ("steps", [1, 5_000_000], [0, 1.5, "3", False]),
        ("on", [True, False], [1, "yes", None]),
        ("loss", ["hinge", "classic"], ["Hinge", "", None]),
        ("heat", [None, 0.1], [0, 3]),
    ],
)
def test_values_that_fit(name: str, good: Any, bad: Any) -> None:
    field = fields()[name]
    assert all(field.accepts(value) for value in good)
    assert not any(field.accepts(value) for value in bad)


def test_exclusive_bounds_const_allof_and_type_lists() -> None:
    found = {
        field.name: field
        for field in fields_of(
            {
                "$defs": {"Size": {"type": "integer", "exclusiveMinimum": 0, "maximum": 9}},
                "properties": {
                    "size": {"allOf": [{"$ref": "#/$defs/Size"}], "default": 4, "title": "Size"},
                    "kind": {"const": "one"},
                    "maybe": {"type": ["integer", "null"], "default": None},
                    "wide": {"anyOf": [{"type": "integer"}, {"type": "number"}], "default": 1},
                    "bad": {"type": "integer", "minimum": 3, "maximum": 5, "default": 99},
                },
            }
        )
    }
    assert (found["size"].minimum, found["size"].maximum, found["size"].default) == (1, 9, 4)
    assert found["kind"].choices == (("one", "one"),)
    assert found["maybe"].nullable
    assert found["wide"].kind == "number"
    assert found["bad"].default == 3


def test_a_reference_that_goes_in_circles_ends() -> None:
    schema = {"$defs": {"A": {"$ref": "#/$defs/A"}}, "properties": {"a": {"$ref": "#/$defs/A"}}}
    assert fields_of(schema) == ()


def test_what_the_form_gives_pydantic_takes() -> None:
    values = {field.name: field.default for field in fields_of(Everything.model_json_schema())}
    assert Everything(**values) == Everything()
    with pytest.raises(pydantic.ValidationError):
        Everything(share=2)


def test_a_form_shows_so_many_choices_and_no_more() -> None:
    """Each is an entry in a list; by references a short schema may name the same ones often."""
    many = {"enum": [str(n) for n in range(limits.CHOICES)], "default": "0"}
    schema: dict[str, Any] = {
        "$defs": {"Many": many},
        "properties": {f"p{n}": {"$ref": "#/$defs/Many"} for n in range(64)} | {"q": {"enum": [1]}},
    }
    fields = fields_of(schema)
    assert sum(len(field.choices) for field in fields) <= limits.FORM_CHOICES
    assert [field.name for field in fields] == ["p0", "q"]
    several = schema["properties"] | {"p1": {"enum": [1, 2]}}
    assert {"p0", "p1", "q"} <= {each.name for each in fields_of(schema | {"properties": several})}
