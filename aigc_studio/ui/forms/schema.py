"""What a form shows of a JSON Schema: its fields, read without pydantic and without Qt."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from aigc_studio.api import limits
from aigc_studio.translation import localized

Kind = Literal["integer", "number", "boolean", "choice", "text"]

_FINEST = 12
_MOST_PIECES = 200


@dataclass(frozen=True, kw_only=True)
class Field:
    """One parameter as a form shows it.

    `minimum` and `maximum` are included; None where there is no bound. `choices` are pairs of a
    value and its label. `nullable` fields may have the value None.
    """

    name: str
    kind: Kind
    label: str
    default: Any
    help: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    logarithmic: bool = False
    choices: tuple[tuple[Any, str], ...] = ()
    group: str = ""
    advanced: bool = False
    nullable: bool = False

    @property
    def bounded(self) -> bool:
        """Whether it has both ends, so that a slider can show it."""
        return self.minimum is not None and self.maximum is not None

    @property
    def stride(self) -> float:
        """The smallest change a slider makes: as given, or about a hundredth of the range."""
        if self.step:
            return self.step
        if self.kind == "integer":
            return 1.0
        if self.minimum is None or self.maximum is None or self.maximum <= self.minimum:
            return 0.1
        width = (self.maximum - self.minimum) / 99
        return float(10.0 ** math.floor(math.log10(width))) if width > 1e-300 else 0.1

    @property
    def decimals(self) -> int:
        """Digits after the point that a value on the stride needs."""
        if self.kind == "integer":
            return 0
        from decimal import Decimal

        exponent = Decimal(repr(self.stride)).normalize().as_tuple().exponent
        return min(_FINEST, max(0, -int(exponent)))

    def accepts(self, value: Any) -> bool:
        """Whether `value` can be shown: remembered values of an older version may not."""
        if value is None:
            return self.nullable
        if self.kind == "choice":
            return any(
                value == choice and type(value) is type(choice) for choice, _ in self.choices
            )
        if self.kind == "boolean":
            return isinstance(value, bool)
        if self.kind == "text":
            return isinstance(value, str)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        whole = self.kind == "number" or value == int(value) if math.isfinite(value) else False
        above = self.minimum is None or value >= self.minimum
        return whole and above and (self.maximum is None or value <= self.maximum)


def fields_of(schema: Mapping[str, Any], language: str = "") -> tuple[Field, ...]:
    """The fields of an object's JSON Schema, in order.

    Reads `$ref` into `$defs`, `allOf`, `anyOf` with null, `enum`, `const`, and the extras under
    `x-ui` that `api.parameter` writes. Fields of other types are left out: they keep their default;
    so are those with more choices than one form can show (`limits.FORM_CHOICES`).
    """
    definitions = schema.get("$defs", {})
    found: list[Field] = []
    left = limits.FORM_CHOICES
    for name, part in schema.get("properties", {}).items():
        field = _field(name, part, definitions, language)
        if field is not None and len(field.choices) <= left:
            left -= len(field.choices)
            found.append(field)
    return tuple(found)


def _field(
    name: str, part: Mapping[str, Any], definitions: Mapping[str, Any], language: str
) -> Field | None:
    part, nullable = _resolved(part, definitions)
    extras = part.get("x-ui") or {}
    choices = _choices(part, extras, language)
    kind = _kind(part, choices)
    if kind is None:
        return None
    low, high, step = _bounds(part, kind, extras.get("step"))
    field = Field(
        name=name,
        kind=kind,
        label=localized(extras.get("label") or part.get("title") or name, language or None),
        default=None,
        help=localized(extras.get("help") or part.get("description") or "", language or None),
        unit=localized(extras.get("unit") or "", language or None),
        minimum=low,
        maximum=high,
        step=step,
        logarithmic=extras.get("scale") == "log" and low is not None and low > 0,
        choices=choices,
        group=localized(extras.get("group") or "", language or None),
        advanced=bool(extras.get("advanced")),
        nullable=nullable,
    )
    return _with_default(field, part)


def _with_default(field: Field, part: Mapping[str, Any]) -> Field:
    from dataclasses import replace

    default = part.get("default")
    if "default" not in part or not field.accepts(default):
        plain: dict[Kind, Any] = {
            "integer": int(max(field.minimum or 0, 0)),
            "number": float(max(field.minimum or 0, 0)),
            "boolean": False,
            "choice": field.choices[0][0] if field.choices else "",
            "text": "",
        }
        default = None if field.nullable else plain[field.kind]
        if default is not None and not field.accepts(default) and field.maximum is not None:
            default = type(default)(field.maximum)
    return replace(field, default=default)


def _resolved(
    part: Mapping[str, Any],
    definitions: Mapping[str, Any],
    depth: int = 0,
    budget: list[int] | None = None,
) -> tuple[dict[str, Any], bool]:
    """The part with references and combinations folded in, and whether it may be null.

    References may go round in circles, and each circle through several ways: after `_MOST_PIECES`
    it is enough.
    """
    whole = dict(part)
    nullable = False
    budget = [_MOST_PIECES] if budget is None else budget
    budget[0] -= 1
    if depth > 8 or budget[0] < 0:
        return whole, nullable
    pieces: list[Mapping[str, Any]] = []
    reference = whole.pop("$ref", None)
    if isinstance(reference, str):
        pieces.append(definitions.get(reference.rsplit("/", 1)[-1], {}))
    pieces += whole.pop("allOf", [])
    options = [*whole.pop("anyOf", []), *whole.pop("oneOf", [])]
    real = [option for option in options if option.get("type") != "null"]
    nullable = len(real) < len(options)
    if real and all("const" in option or "enum" in option for option in real):
        whole["enum"] = [value for o in real for value in o.get("enum", [o.get("const")])]
    elif real:
        pieces.append(_widest(real))
    for piece in pieces:
        resolved, also = _resolved(piece, definitions, depth + 1, budget)
        nullable = nullable or also
        whole = resolved | whole
    if isinstance(whole.get("type"), list):
        kinds = [kind for kind in whole["type"] if kind != "null"]
        nullable = nullable or len(kinds) < len(whole["type"])
        whole["type"] = kinds[0] if kinds else None
    return whole, nullable


def _widest(options: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Of several types, the one that can hold the others: number before integer."""
    order = ("number", "integer", "boolean", "string")
    ranked = [o for kind in order for o in options if o.get("type") == kind]
    return (ranked or options)[0]


def _choices(
    part: Mapping[str, Any], extras: Mapping[str, Any], language: str
) -> tuple[tuple[Any, str], ...]:
    values = [part["const"]] if "const" in part else list(part.get("enum", ()))
    labels = extras.get("choices") or {}
    return tuple(
        (value, localized(labels.get(value, str(value)), language or None))
        for value in values
        if value is not None
    )


def _kind(part: Mapping[str, Any], choices: tuple[tuple[Any, str], ...]) -> Kind | None:
    if choices:
        return "choice"
    kinds: dict[Any, Kind] = {
        "integer": "integer",
        "number": "number",
        "boolean": "boolean",
        "string": "text",
    }
    return kinds.get(part.get("type"))


def _bounds(
    part: Mapping[str, Any], kind: Kind, step: float | None
) -> tuple[float | None, float | None, float | None]:
    step = step or part.get("multipleOf")
    low, high = part.get("minimum"), part.get("maximum")
    nudge = step or (1 if kind == "integer" else 1e-6)
    if low is None and "exclusiveMinimum" in part:
        low = part["exclusiveMinimum"] + nudge
    if high is None and "exclusiveMaximum" in part:
        high = part["exclusiveMaximum"] - nudge
    return low, high, step
