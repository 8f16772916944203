"""Parameters: pydantic models from which the window draws forms and the shell its flags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast

import pydantic

from aigc_studio.translation import Localized

_Value = TypeVar("_Value")


class Parameters(pydantic.BaseModel):
    """The parameters of an operation: subclass it and give every field a `parameter`.

    Field types: `int`, `float`, `bool`, `str` and `Literal[...]` of strings. Unknown names are
    refused, and all errors are reported at once.
    """

    model_config = pydantic.ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def parameter(
    default: _Value,
    label: Localized,
    *,
    help: Localized = "",
    unit: Localized = "",
    minimum: float | None = None,
    maximum: float | None = None,
    step: float | None = None,
    scale: Literal["linear", "log"] = "linear",
    choices: Mapping[str, Localized] | None = None,
    group: Localized = "",
    advanced: bool = False,
) -> _Value:
    """A field of `Parameters`: its default, and all that a form shows of it.

    `minimum` and `maximum` are both included. `choices` labels the values of a `Literal`.
    In the JSON Schema the extras stand under `x-ui`.
    """
    extras = {
        "label": label,
        "help": help,
        "unit": unit,
        "step": step,
        "scale": scale,
        "choices": dict(choices) if choices else None,
        "group": group,
        "advanced": advanced,
    }
    shown: Any = {key: value for key, value in extras.items() if value not in ("", None, False)}
    field: Any = pydantic.Field(
        default=default, ge=minimum, le=maximum, json_schema_extra={"x-ui": shown}
    )
    return cast(_Value, field)  # what a checker sees is the value that the field will have
