"""Parameters against a generator's model, with a sentence for every field that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aigc_studio.translation import _, enumerated, localized


def validate_parameters(model: Any, values: Mapping[str, Any]) -> tuple[Any, dict[str, str]]:
    """An instance of `model` (a subclass of `Parameters`) and `{}`, or None and all the errors.

    Without a model any value is refused. Strings that read as numbers are taken, as from a shell.
    """
    if model is None:
        return {}, {name: _unknown(name, {}) for name in values}
    import pydantic

    try:
        return model.model_validate(dict(values)), {}
    except pydantic.ValidationError as error:
        return None, explain(error.errors(include_url=False), model.model_json_schema())


def in_effect(schema: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that an action runs with: what was given, and the defaults of the rest.

    What is kept of an action keeps all of them, so that another default changes no meaning.
    """
    properties: Mapping[str, Any] = schema.get("properties", {})
    usual = {name: each["default"] for name, each in properties.items() if "default" in each}
    return usual | dict(given)


def wrong_values(schema: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, str]:
    """`{field: sentence}` for values that a JSON Schema's ranges and choices refuse.

    What is asked before a plugin runs; its own model may refuse more.
    """
    properties = schema.get("properties", {})
    return {
        name: _not_allowed(name, properties[name], value)
        for name, value in values.items()
        if name in properties and not _is_allowed(properties[name], value)
    }


def _is_allowed(property_: Mapping[str, Any], value: Any) -> bool:
    choices = property_.get("enum")
    if choices and value not in choices:
        return False
    if isinstance(value, bool) or not isinstance(value, int | float):
        return True
    low, high = property_.get("minimum", value), property_.get("maximum", value)
    above, below = property_.get("exclusiveMinimum"), property_.get("exclusiveMaximum")
    inside = low <= value <= high
    return bool(inside and (above is None or value > above) and (below is None or value < below))


def _not_allowed(name: str, property_: Mapping[str, Any], value: Any) -> str:
    return _("{label} must be {allowed}, not {value}.").format(
        label=label_of(name, property_), allowed=allowed_values(property_), value=_short(value)
    )


def explain(problems: list[Any], schema: Mapping[str, Any]) -> dict[str, str]:
    """Pydantic's list of errors as `{field: sentence}`, in the spoken language."""
    properties = schema.get("properties", {})
    errors: dict[str, str] = {}
    for problem in problems:
        name = str(problem["loc"][0]) if problem["loc"] else "parameters"
        errors.setdefault(name, _sentence(name, problem, properties))
    return errors


def _sentence(name: str, problem: Any, properties: Mapping[str, Any]) -> str:
    if problem["type"] == "extra_forbidden":
        return _unknown(name, properties)
    property_ = properties.get(name, {})
    label = label_of(name, property_)
    if problem["type"] == "missing":
        return _("{label} is missing. Give it a value.").format(label=label)
    if problem["type"] in ("value_error", "assertion_error"):
        reason = str(problem["msg"]).split(", ", 1)[-1].rstrip(".")
        return _("{label}: {reason}.").format(label=label, reason=reason)
    return _not_allowed(name, property_, problem.get("input"))


def _unknown(name: str, properties: Mapping[str, Any]) -> str:
    if not properties:
        return _("There is no parameter {name}: this operation has none.").format(name=name)
    names = enumerated(properties)
    return _("There is no parameter {name}. There are: {names}.").format(name=name, names=names)


def label_of(name: str, property_: Mapping[str, Any]) -> str:
    """What a form calls the field, in the spoken language."""
    label: Any = property_.get("x-ui", {}).get("label") or property_.get("title") or name
    return localized(label)


def allowed_values(property_: Mapping[str, Any]) -> str:
    """What a field of a JSON Schema may hold, in words."""
    choices = property_.get("enum") or [property_.get("const")] * ("const" in property_)
    if choices:
        return _("one of {choices}").format(choices=enumerated(map(str, choices)))
    kind = property_.get("type")
    if kind == "boolean":
        return _("on or off")
    if kind == "string":
        return _allowed_text(property_)
    if kind == "integer":
        return _range(property_, _("a whole number"))
    return _range(property_, _("a number"))


def _allowed_text(property_: Mapping[str, Any]) -> str:
    if "maxLength" in property_:
        return _("text of at most {count} characters").format(count=property_["maxLength"])
    return _("text")


def _range(property_: Mapping[str, Any], kind: str) -> str:
    low = property_.get("minimum", property_.get("exclusiveMinimum"))
    high = property_.get("maximum", property_.get("exclusiveMaximum"))
    if low is not None and high is not None:
        return _("{kind} from {low} to {high}").format(
            kind=kind, low=_number(low), high=_number(high)
        )
    if low is not None:
        return _("{kind} of at least {low}").format(kind=kind, low=_number(low))
    if high is not None:
        return _("{kind} of at most {high}").format(kind=kind, high=_number(high))
    return kind


def _number(value: float) -> str:
    return f"{value:g}" if abs(value) < 1e6 else str(int(value))


def _short(value: Any) -> str:
    text = str(value)
    return f"“{text[:40]}…”" if len(text) > 40 else (text if text.strip() else "“”")
