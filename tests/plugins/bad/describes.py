"""Says odd things of itself: the name that the file is installed under names the kind."""

import math
from pathlib import Path
from typing import Any, Literal

from aigc_studio.api import (
    Candidate,
    Controls,
    Description,
    Measure,
    Operation,
    Parameters,
    Text,
    hookimpl,
    parameter,
)

KIND = Path(__file__).stem.removeprefix("describes_")
MARKUP = "<b>bold</b><img src='x'>"


def _plain(**fields):
    fields = {"title": "Odd", "medium": Text} | fields
    return Description(id=KIND.replace("_", "-"), **fields)


def _operation(**fields):
    return _plain(
        operations=(Operation(**{"id": "one", "verb": "generate", "title": "One"} | fields),)
    )


def _form(schema=None, **fields):
    """Parameters of these fields, or whose schema is this."""

    class Odd(Parameters):
        __annotations__ = {name: kind for name, (kind, _value) in fields.items()}
        locals().update({name: value for name, (_kind, value) in fields.items()})

        @classmethod
        def model_json_schema(cls, *args: Any, **more: Any) -> dict[str, Any]:
            return schema if schema is not None else super().model_json_schema(*args, **more)

    return _operation(parameters=Odd)


def _deep(levels):
    inner = {"type": "integer"}
    for _level in range(levels):
        inner = {"allOf": [inner]}
    return {"type": "object", "properties": {"a": inner}}


def _circle():
    again = {"$ref": "#/$defs/A"}
    return {
        "type": "object",
        "properties": {"a": again},
        "$defs": {"A": {"allOf": [again] * 40, "anyOf": [again] * 40}},
    }


def _one(**part):
    return {"type": "object", "properties": {"a": part}}


class Unspeakable:
    def __repr__(self):
        raise RuntimeError("no words")

    __str__ = __repr__


KINDS = {
    # what stands in another place, or in no form
    "title_none": lambda: _plain(title=None),
    "title_number": lambda: _plain(title=5),
    "title_list": lambda: _plain(title=["a"]),
    "title_of_number": lambda: _plain(title={"en": 5}),
    "title_empty_mapping": lambda: _plain(title={}),
    "title_object": lambda: _plain(title=Unspeakable()),
    "version_object": lambda: _plain(version=object()),
    "api_version_text": lambda: _plain(api_version="1"),
    "api_version_none": lambda: _plain(api_version=None),
    "controls_none": lambda: _plain(controls=None),
    "controls_classes": lambda: _plain(controls=Controls(classes=(5, None))),
    "controls_many": lambda: _plain(controls=Controls(classes=tuple(map(str, range(5000))))),
    "controls_axes": lambda: _plain(controls=Controls(latent_axes="many")),
    "models_number": lambda: _plain(models=5),
    "metrics_number": lambda: _plain(metrics=5),
    "metrics_of_words": lambda: _plain(metrics={"tilt": "degrees"}),
    "metrics_wordless": lambda: _plain(metrics={"tilt": Measure(title="")}),
    "metrics_better": lambda: _plain(metrics={"tilt": Measure(title="T", better="up")}),
    "packs": lambda: _plain(sample_packs=(5, None)),
    "homepage": lambda: _plain(homepage={"a": 1}),
    "licence": lambda: _plain(licence=9),
    "operations_many": lambda: _plain(
        operations=tuple(Operation(id=f"o{n}", verb="generate", title="O") for n in range(5000))
    ),
    "operations_twins": lambda: _plain(
        operations=(Operation(id="a", verb="generate", title="A"),) * 2
    ),
    "operation_title_none": lambda: _operation(title=None),
    "operation_title_number": lambda: _operation(title=5),
    "operation_title_of_number": lambda: _operation(title={"en": 5}),
    "operation_artifacts": lambda: _operation(artifacts="x"),
    "operation_selection": lambda: _operation(selection="maybe"),
    "operation_prompt": lambda: _operation(prompt=7),
    "operation_example": lambda: _operation(prompt_example=9),
    "parameters_many": lambda: _form(**{f"p{n}": (int, parameter(1, f"P{n}")) for n in range(300)}),
    "parameters_nan": lambda: _form(a=(float, parameter(math.nan, "A"))),
    "parameters_default_long": lambda: _form(a=(str, parameter("x" * 1_000_000, "A"))),
    "parameters_default_huge": lambda: _form(a=(int, parameter(10**30, "A"))),
    "parameters_inverted": lambda: _form(_one(type="integer", minimum=10, maximum=1)),
    "schema_list": lambda: _form([]),
    "schema_deep": lambda: _form(_deep(500)),
    "schema_enum_many": lambda: _form(_one(enum=list(range(5000)))),
    "schema_enum_odd": lambda: _form(_one(enum=[{"a": 1}, ["b"]])),
    "parameters_default_texts": lambda: _form(a=(str, parameter("x" * 2001, "A"))),
    "title_unseen": lambda: _plain(title="\u200b\u2060"),
    "title_empty": lambda: _plain(title=""),
    "title_unseen_words": lambda: _plain(title={"en": " ", "zh": "\u200b"}),
    "operation_title_unseen": lambda: _operation(title="\u200b"),
    "schema_const_list": lambda: _form(_one(const=[1])),
    "schema_const_object": lambda: _form(_one(anyOf=[{"const": {"a": 1}}, {"const": 5}])),
    "schema_bound": lambda: _form(_one(type="integer", minimum="low")),
    "schema_property": lambda: _form({"type": "object", "properties": {"a": 5}}),
    "schema_properties": lambda: _form({"type": "object", "properties": ["a"]}),
    "schema_names": lambda: _form({"type": "object", "properties": {5: {}}}),
    "schema_shown": lambda: _form(_one(type="integer", **{"x-ui": ["label"]})),
    "schema_reference": lambda: _form(_one(**{"$ref": 5})),
    "schema_options": lambda: _form(_one(anyOf=[5])),
    "schema_type": lambda: _form(_one(type={"a": 1})),
    "schema_object": lambda: _form(_one(default=Unspeakable())),
}
"""Those that cannot be used."""

FINE = {
    # what is mended, left out or cut, so that the rest can be used
    "summary_number": lambda: _plain(summary=5),
    "summary_long": lambda: _plain(summary="s" * (30 << 20)),
    "title_long": lambda: _plain(title="T" * 1_000_000),
    "title_lines": lambda: _plain(title="a\nb\0\u202e\ud800"),
    "title_markup": lambda: _operation(title=MARKUP, help=MARKUP),
    "title_half": lambda: _plain(title={"en": "Half", "zh": None}, summary={"zh": 5, "en": "s"}),
    "version_number": lambda: _plain(version=2),
    "operation_help": lambda: _operation(help={"en": None}, prompt_help=5),
    "operation_long": lambda: _operation(title="O" * 100_000, prompt_example="e" * 100_000),
    "parameters_words": lambda: _form(
        a=(int, parameter(1, 5, help={"en": 5}, unit=["s"], group=MARKUP)),
        b=(float, parameter(1.0, MARKUP, help=MARKUP, step=math.nan, maximum=math.inf)),
        c=(Literal["x", "y"], parameter("x", "C" * 5000, choices={"x": 5, "y": MARKUP})),
        d=(int, parameter(0, "D", minimum=-(10**30), maximum=10**30)),
        e=(float, parameter(0.0, "E", minimum=-1.7e308, maximum=1.7e308)),
    ),
    "schema_circle": lambda: _form(_circle()),
    "schema_empty": lambda: _form({}),
}


@hookimpl
def describe():
    return (KINDS | FINE)[KIND]()


@hookimpl
def generate(request):
    yield Candidate(Text(request.prompt))
