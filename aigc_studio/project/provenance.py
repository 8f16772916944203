"""Provenance: what made an artifact. The same for the same work: no clock, no path."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, get_args

from aigc_studio.api import limits
from aigc_studio.api.artifacts import Image, Medium
from aigc_studio.api.selections import Bars, Mask, Selection, Span
from aigc_studio.files import canonical_json

_LATER = ("controls", "latents")
"""Fields that are written only where there is something in them."""
OWN = ("seed", "composite", "edited", "stopped")
"""The fields in which the artifacts of one request, and what became of them, differ."""


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Which generator, model, parameters, seed, selection and parents made an artifact.

    `seed` is the candidate's own. `controls` are those of the model's that were set. `selection` is
    `selection_to_json`'s value or None. `parents` are digests of the artifacts that went in,
    `latents` those of the latents of results that it was to be like. `composite`: material that no
    generator made is in it. `edited`: a hand changed it afterwards. `stopped`: it is what there was
    when its making ended before it was finished. Raises `ValueError` for fields of a wrong type.
    """

    medium: Medium
    generator: str
    verb: str = "generate"
    operation: str = ""
    generator_version: str = ""
    api_version: int = 1
    studio_version: str = ""
    model: str = ""
    model_digest: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    controls: Mapping[str, float | str] = field(default_factory=dict)
    prompt: str = ""
    seed: int = 0
    selection: Mapping[str, Any] | None = None
    parents: tuple[str, ...] = ()
    latents: tuple[str, ...] = ()
    composite: bool = False
    edited: bool = False
    stopped: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "parents", tuple(self.parents))
        object.__setattr__(self, "latents", tuple(self.latents))
        if not self.studio_version:
            from aigc_studio import __version__

            object.__setattr__(self, "studio_version", __version__)
        _check(self)
        # As JSON would give them back: a tuple that became a list must not make it another.
        for name in ("parameters", "controls"):
            plain = json.loads(canonical_json(dict(getattr(self, name))))
            object.__setattr__(self, name, plain)

    def __hash__(self) -> int:
        return hash((self.making, *(getattr(self, name) for name in OWN)))

    @cached_property
    def making(self) -> tuple[Any, ...]:
        """All but the fields that are an artifact's `OWN`: equal for all of one request.

        Kept, and handed on by `own`: a step on thousands asks each of them while its window waits.
        """
        parts = (self.parameters, self.controls, self.selection)
        words = (self.medium, self.generator, self.verb, self.operation, self.generator_version)
        model = (self.api_version, self.studio_version, self.model, self.model_digest)
        made_of = (self.prompt, self.parents, self.latents)
        return (*words, *model, *made_of, *map(canonical_json, map(_plain, parts)))

    def own(self, seed: int, composite: bool, edited: bool, stopped: bool = False) -> Provenance:
        """The same with fields of an artifact's own. Raises `ValueError` for wrong types."""
        values = (seed, composite, edited, stopped)
        if type(seed) is not int or not all(type(each) is bool for each in values[1:]):
            raise ValueError("not a provenance")
        # Not `replace`: thousands are read when a project is opened, and all else was checked.
        other = copy(self)
        for name, value in zip(OWN, values, strict=True):
            object.__setattr__(other, name, value)
        return other

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, every field; `controls` and `latents` only where there are some."""
        value = {each.name: getattr(self, each.name) for each in fields(self)}
        value |= {"parents": list(self.parents), "parameters": dict(self.parameters)}
        value |= {"controls": dict(self.controls), "latents": list(self.latents)}
        # Without them it is what earlier versions wrote, and counts as the same.
        return {name: part for name, part in value.items() if part or name not in _LATER}

    @classmethod
    def from_json(cls, value: Any) -> Provenance:
        """Read what `to_json` gave; fields of a later version are passed over.

        Raises `ValueError` for anything else.
        """
        if not isinstance(value, Mapping) or "generator" not in value:
            raise ValueError("not a provenance")
        known = {each.name for each in fields(cls)}
        try:
            return cls(**{key: part for key, part in value.items() if key in known})
        except TypeError as error:
            raise ValueError(f"not a provenance: {error}") from error

    @property
    def generated_alone(self) -> bool:
        """Whether nothing but generators made it: no material of a person's, no hand afterwards."""
        return not (self.composite or self.edited)

    def without_prompt(self) -> Provenance:
        """The same without the words that the person typed."""
        return replace(self, prompt="")

    def edited_by_hand(self) -> Provenance:
        """The same for an artifact that a hand has changed since."""
        return replace(self, edited=True)


def selection_to_json(selection: Selection | None) -> dict[str, Any] | None:
    """What a provenance says of a selection: its bounds, or the digest of a mask's pixels."""
    if isinstance(selection, Mask):
        return {"kind": "mask", "digest": Image(selection.pixels).digest}
    if isinstance(selection, Span):
        return {"kind": "span", "start": selection.start, "stop": selection.stop}
    if isinstance(selection, Bars):
        return {"kind": "bars", "first": selection.first, "last": selection.last}
    return None


def _plain(value: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return dict(value) if value is not None else None


def _check(provenance: Provenance) -> None:
    if provenance.medium not in get_args(Medium):
        raise ValueError(f"not a medium: {provenance.medium!r:.40}")
    for each in fields(provenance):
        value = getattr(provenance, each.name)
        kind = {"str": str, "int": int, "bool": bool}.get(str(each.type))
        # True is an int to isinstance, and not to us.
        if kind is not None and type(value) is not kind:
            raise ValueError(f"{each.name} of a provenance is not a {each.type}: {value!r:.40}")
    if not isinstance(provenance.parameters, Mapping):
        raise ValueError("the parameters of a provenance are not a mapping")
    if not all(isinstance(each, str) for each in provenance.parents + provenance.latents):
        raise ValueError("the parents of a provenance are not digests")
    _check_controls(provenance.controls)
    _check_selection(provenance.selection)
    check_depth(dict(provenance.parameters))


def check_depth(value: Any, left: int = limits.DEPTH) -> None:
    """Raise `ValueError` when lists and mappings lie deeper in each other than JSON may that is
    read.
    """
    if not isinstance(value, dict | list | tuple):
        return
    if not left:
        raise ValueError("values lie too deep in each other")
    for part in value.values() if isinstance(value, dict) else value:
        check_depth(part, left - 1)


def _check_controls(controls: Any) -> None:
    plain = isinstance(controls, Mapping) and all(
        isinstance(name, str) and type(value) in (int, float, str)
        for name, value in controls.items()
    )
    if not plain or len(controls) > limits.CONTROLS:
        raise ValueError(f"not the values of controls: {controls!r:.40}")


def _check_selection(selection: Any) -> None:
    if selection is None:
        return
    names = {"mask": (), "span": ("start", "stop"), "bars": ("first", "last")}
    kind = selection.get("kind") if isinstance(selection, Mapping) else None
    if kind not in names or not all(type(selection.get(name)) is int for name in names[kind]):
        raise ValueError(f"not a selection: {selection!r:.40}")
