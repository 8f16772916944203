"""The schema of a schema: the JSON Schema of an operation's parameters, as a form can show it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from aigc_studio.api import fitting, limits
from aigc_studio.api.fitting import Misfit
from aigc_studio.translation import _

MOST_DEFINITIONS = 256
MOST_OPTIONS = 64
MOST_LEVELS = 20_000
FAR = 2.0**64
"""A bound farther away than this is none: no number of 64 bits reaches it."""

_scalar = (str, int, float, bool, type(None))


def fit_parameters(value: Any, owner: str, remarks: list[str] | None = None) -> dict[str, Any]:
    """A JSON Schema of an object, plain and within the limits; None is one without properties.

    Raises `Misfit`.
    """
    if value is None:
        return {"type": "object", "properties": {}}
    if not isinstance(value, Mapping):
        raise fitting.wrong_type(owner, "parameters", value)
    return _Schema(owner, remarks).of(value, 0)


class _Schema:
    """Walks a schema; keeps what it does not know as plain JSON."""

    def __init__(self, owner: str, remarks: list[str] | None) -> None:
        self._owner = owner
        self._remarks = remarks
        self._at = "parameters"
        self._left = MOST_LEVELS
        self._known: dict[str, Callable[[Any, int], Any]] = {
            "properties": self._properties,
            "$defs": self._definitions,
            "allOf": self._options,
            "anyOf": self._options,
            "oneOf": self._options,
            "enum": self._choices,
            "const": self._constant,
            "default": self._default,
            "x-ui": self._shown,
            "title": self._title,
            "description": self._help,
            "type": self._type,
            "$ref": self._reference,
        }

    def of(self, value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        """One level: an object, a property, or one of several that it may be."""
        self._left -= 1
        if depth > limits.DEPTH or self._left < 0:
            sentence = _("the {field} of its {owner} is too large or too deep")
            raise Misfit(sentence.format(field=self._at, owner=self._owner))
        fitting.count(len(value), MOST_DEFINITIONS, self._owner, self._at)
        found: dict[str, Any] = {}
        for key, part in value.items():
            if not isinstance(key, str):
                raise fitting.wrong_type(self._owner, self._at, key)
            if key in _BOUNDS:
                found |= self._bound(key, part)
            elif key in self._known:
                found[key] = self._known[key](part, depth)
            else:
                found[key] = fitting.plain_json(part, self._owner, self._at)
        low, high = found.get("minimum"), found.get("maximum")
        if low is not None and high is not None and low > high:
            sentence = _("the {field} of its {owner} has a minimum above its maximum")
            raise Misfit(sentence.format(field=self._at, owner=self._owner))
        return found

    def _properties(self, value: Any, depth: int) -> dict[str, Any]:
        if depth:  # of an object in an object: no form shows it
            return self._mapping_of(value, MOST_DEFINITIONS, depth)
        properties = self._mapping(value)
        fitting.count(len(properties), limits.PARAMETERS, self._owner, _("parameters"))
        found = {}
        for key, part in properties.items():
            name = fitting.name(key, self._owner, "parameters")
            self._at = f"parameter {name}"
            found[name] = self.of(self._mapping(part), depth + 1)
        self._at = "parameters"
        return found

    def _definitions(self, value: Any, depth: int) -> dict[str, Any]:
        return self._mapping_of(value, MOST_DEFINITIONS, depth)

    def _mapping_of(self, value: Any, most: int, depth: int) -> dict[str, Any]:
        parts = self._mapping(value)
        fitting.count(len(parts), most, self._owner, self._at)
        return {
            fitting.name(key, self._owner, self._at): self.of(self._mapping(part), depth + 1)
            for key, part in parts.items()
        }

    def _options(self, value: Any, depth: int) -> list[dict[str, Any]]:
        options = self._list(value, MOST_OPTIONS)
        return [self.of(self._mapping(option), depth + 1) for option in options]

    def _choices(self, value: Any, _depth: int) -> list[Any]:
        choices = self._list(value, limits.CHOICES)
        for choice in choices:
            if not isinstance(choice, _scalar):
                raise fitting.wrong_type(self._owner, self._at, choice)
        plain = fitting.plain_json(choices, self._owner, self._at, limits.TITLE)
        return list(plain)

    def _constant(self, value: Any, _depth: int) -> Any:
        """The only choice that there is."""
        return self._choices([value], 0)[0]

    def _default(self, value: Any, _depth: int) -> Any:
        """What a field begins with: it is shown in one line."""
        return fitting.plain_json(value, self._owner, self._at, limits.SENTENCE)

    def _shown(self, value: Any, _depth: int) -> dict[str, Any]:
        """What only a form shows: words, labels of choices, a step."""
        found: dict[str, Any] = {}
        for key, part in self._mapping(value).items():
            if key in ("label", "unit", "group"):
                found[key] = fitting.words(part, self._owner, self._at, self._remarks)
            elif key == "help":
                found[key] = self._help(part, 0)
            elif key == "choices":
                found[key] = self._labels(part)
            elif key != "step":
                name = fitting.name(key, self._owner, self._at)
                found[name] = fitting.plain_json(part, self._owner, self._at)
            elif _is_number(part) and 0 < part < FAR:
                found[key] = part
        return found

    def _labels(self, value: Any) -> dict[str, Any] | None:
        if value is None:
            return None
        labels = self._mapping(value)
        fitting.count(len(labels), limits.CHOICES, self._owner, _("labels of choices"))
        return {
            str(fitting.plain_json(key, self._owner, self._at, limits.TITLE)): fitting.words(
                part, self._owner, self._at, self._remarks
            )
            for key, part in labels.items()
        }

    def _title(self, value: Any, _depth: int) -> Any:
        return fitting.words(value, self._owner, self._at, self._remarks)

    def _help(self, value: Any, _depth: int) -> Any:
        most = limits.SENTENCE
        return fitting.words(value, self._owner, self._at, self._remarks, most=most, lines=20)

    def _type(self, value: Any, _depth: int) -> Any:
        kinds = [value] if isinstance(value, str) else self._list(value, MOST_OPTIONS)
        if not all(isinstance(kind, str) for kind in kinds):
            raise fitting.wrong_type(self._owner, self._at, value)
        return fitting.plain_json(value, self._owner, self._at, limits.TITLE)

    def _reference(self, value: Any, _depth: int) -> str:
        if not isinstance(value, str):
            raise fitting.wrong_type(self._owner, self._at, value)
        return str(fitting.plain_json(value, self._owner, self._at))

    def _bound(self, key: str, value: Any) -> dict[str, Any]:
        """A bound that is infinite, or so far that no number reaches it, is none."""
        if not _is_number(value):
            raise fitting.wrong_type(self._owner, self._at, value)
        kept = math.isfinite(value) if isinstance(value, float) else True
        if not kept or abs(value) > FAR or (key == "multipleOf" and value <= 0):
            return {}
        return {key: value}

    def _mapping(self, value: Any) -> Mapping[Any, Any]:
        if not isinstance(value, Mapping):
            raise fitting.wrong_type(self._owner, self._at, value)
        return value

    def _list(self, value: Any, most: int) -> list[Any]:
        if not isinstance(value, list | tuple):
            raise fitting.wrong_type(self._owner, self._at, value)
        fitting.count(len(value), most, self._owner, _("choices"))
        return list(value)


_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
