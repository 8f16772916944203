"""Parameters of a request, and settings of a net as a file has them, as objects of their class."""

from __future__ import annotations

import dataclasses
import math
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

from aigc_studio.api import Parameters
from aigc_studio.api.requests import Request

_P = TypeVar("_P", bound=Parameters)
_S = TypeVar("_S")
_PLAIN = (bool, int, float, str)


def parameters_of(request: Request[Any], kind: type[_P]) -> _P:
    """The request's parameters as their own class; its defaults where a caller gave none.

    The studio always gives them; a script or a test that makes a request need not.
    """
    given = request.parameters
    return given if isinstance(given, kind) else kind(**dict(given))


def read_settings(kind: type[_S], told: Any) -> _S:
    """A dataclass from plain JSON values, such as the settings of a net out of a model's file.

    Fields are bool, int, float, str, or tuples of them; a whole number is a float as well. Names
    that the class has no field for are left out, so that a file of a later version opens. Raises
    ValueError for a value of another type, a number that is not finite, a field that is missing,
    and for what `__post_init__` does not like.
    """
    if not isinstance(told, Mapping):
        raise ValueError(f"settings are named values, not {type(told).__name__}")
    types = typing.get_type_hints(kind)
    known = [field.name for field in dataclasses.fields(kind) if field.name in told]  # type: ignore[arg-type]
    values = {name: _value(name, told[name], types[name]) for name in known}
    try:
        return kind(**values)
    except TypeError as error:
        raise ValueError(f"settings are missing: {error}") from error


def _value(name: str, value: Any, wanted: Any) -> Any:
    if typing.get_origin(wanted) is tuple:
        if not isinstance(value, list | tuple):
            raise ValueError(f"{name} must be a list")
        return tuple(_value(name, each, typing.get_args(wanted)[0]) for each in value)
    if wanted not in _PLAIN:
        raise TypeError(f"the field {name} is neither plain nor a tuple of plain values")
    if wanted is float and type(value) is int and abs(value) < 2**63:
        value = float(value)
    if type(value) is not wanted:
        raise ValueError(f"{name} must be {wanted.__name__}, not {value!r:.40}")
    if wanted is float and not math.isfinite(value):
        raise ValueError(f"{name} is not a finite number")
    return value
