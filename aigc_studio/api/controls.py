"""What a model can be steered by: classes, sliders, choices and pads, as its card tells them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from aigc_studio.api import fitting, limits
from aigc_studio.api.fitting import Misfit
from aigc_studio.translation import Localized, _, enumerated, localized

_OWNER = "Control"


@dataclass(frozen=True, kw_only=True)
class Control:
    """One thing that a model can be steered by: a slider, or a choice where `options` are named.

    A slider gives a number from `low` to `high`, and `default` is where it does nothing. A choice
    gives one of `options`, or nothing where none is chosen; `titles` says what an option is called
    where that is more than its name. Raises `ValueError` for a range that is none, and for a
    default outside it.
    """

    name: str
    title: Localized = ""
    low: float = -1.0
    high: float = 1.0
    default: float = 0.0
    options: tuple[str, ...] = ()
    help: Localized = ""
    titles: Mapping[str, Localized] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", tuple(self.options))
        numbers = (self.low, self.default, self.high)
        if not all(map(math.isfinite, numbers)):
            raise ValueError(f"the numbers of the control {self.name!r} must be finite")
        if not self.options and not (self.low <= self.default <= self.high != self.low):
            raise ValueError(
                f"the control {self.name!r} needs low <= default <= high, and low < high"
            )

    def title_of(self, option: str) -> str:
        """What an option is called in the spoken language."""
        return localized(self.titles.get(option, "")) or option


@dataclass(frozen=True, kw_only=True)
class Controls:
    """What can be steered: names of classes, controls, and pads (two sliders under one finger).

    `pads` are pairs of names of sliders: the first goes to the right, the second up. `latent_axes`
    is how many numbers the latent of one result has. `attributes` are names of what examples have.
    """

    classes: tuple[str, ...] = ()
    latent_axes: int = 0
    attributes: tuple[str, ...] = ()
    controls: tuple[Control, ...] = ()
    pads: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of_card(cls, card: Mapping[str, Any]) -> Controls:
        """What a model's card says it can be steered by, whoever wrote the card: what does not fit
        is left out, and nothing is raised."""
        return read_controls(card)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, as a model's card has them under `controls`."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        for control in plain["controls"]:
            if not control["titles"]:
                del control["titles"]
        return plain

    def find(self, name: str) -> Control | None:
        """The control with this name, or None."""
        return next((each for each in self.controls if each.name == name), None)

    def problems(self, given: Mapping[str, Any]) -> dict[str, str]:
        """`{name: sentence}` for what this model cannot be given; empty where all fits."""
        found = {name: self._problem(name, value) for name, value in given.items()}
        return {name: sentence for name, sentence in found.items() if sentence}

    def _problem(self, name: str, value: Any) -> str:
        control = self.find(name)
        if control is None and not self.controls:
            sentence = _("This model has no control {name}: it has none at all.")
            return sentence.format(name=fitting.plain_words(name))
        if control is None:
            sentence = _("This model has no control {name}. It has {names}.")
            names = enumerated([each.name for each in self.controls])
            return sentence.format(name=fitting.plain_words(name), names=names)
        if control.options:
            if value in control.options:
                return ""
            sentence = _("{name} must be one of {choices}.")
            choices = enumerated([control.title_of(each) for each in control.options])
            return sentence.format(name=name, choices=choices)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and control.low <= value <= control.high:
            return ""
        sentence = _("{name} must be a number from {low} to {high}.")
        return sentence.format(name=name, low=f"{control.low:g}", high=f"{control.high:g}")


def read_controls(card: Mapping[str, Any], remarks: list[str] | None = None) -> Controls:
    """What a model's card says it can be steered by, whoever wrote the card.

    What does not fit is left out, with a phrase in `remarks`; nothing is raised.
    """
    try:
        return fit_controls(card.get("controls", {}), remarks)
    except Misfit as error:
        fitting.remark(remarks, str(error))
        return Controls()


def fit_controls(value: Any, remarks: list[str] | None = None) -> Controls:
    """Controls as JSON, with plain values within the limits.

    Single controls and pads that do not fit are left out, with a phrase in `remarks`. Raises
    `Misfit` for another fault.
    """
    if not isinstance(value, Mapping):
        raise fitting.wrong_type("Controls", "controls", value)
    listed = fitting.listed(value.get("controls", []), "Controls", "controls", limits.CONTROLS)
    controls: dict[str, Control] = {}
    for each in listed:
        try:
            control = _fit_control(each, remarks)
            if controls.setdefault(control.name, control) is not control:
                sentence = _("two of its Controls are called {name}: the second is left out")
                fitting.remark(remarks, sentence.format(name=control.name))
        except ValueError as error:
            fitting.remark(remarks, str(error))
    axes = fitting.whole(value.get("latent_axes", 0), "Controls", "latent_axes", 0, 1_000_000)
    return Controls(
        classes=_names(value, "classes"),
        latent_axes=axes,
        attributes=_names(value, "attributes"),
        controls=tuple(controls.values()),
        pads=_fit_pads(value.get("pads", []), controls, remarks),
    )


def _names(value: Mapping[str, Any], field: str) -> tuple[str, ...]:
    names = fitting.listed(value.get(field, []), "Controls", field, limits.CHOICES)
    return tuple(fitting.text(each, "Controls", field) for each in names)


def _fit_control(value: Any, remarks: list[str] | None) -> Control:
    if not isinstance(value, Mapping):
        raise fitting.wrong_type("Controls", "controls", value)
    options = fitting.listed(value.get("options", []), _OWNER, "options", limits.CHOICES)
    numbers = {
        name: fitting.number(value.get(name, usual), _OWNER, name)
        for name, usual in (("low", -1.0), ("high", 1.0), ("default", 0.0))
    }
    return Control(
        name=fitting.name(value.get("name"), _OWNER, "name"),
        title=fitting.words(value.get("title", ""), _OWNER, "title", remarks),
        options=tuple(fitting.text(each, _OWNER, "options") for each in options),
        titles=_fit_titles(value.get("titles", {}), options, remarks),
        help=fitting.words(value.get("help", ""), _OWNER, "help", remarks, most=limits.SENTENCE),
        **numbers,
    )


def _fit_titles(
    value: Any, options: Sequence[Any], remarks: list[str] | None
) -> dict[str, Localized]:
    if not isinstance(value, Mapping):  # nobody loses a control for a translation
        fitting.remark(remarks, str(fitting.wrong_type(_OWNER, "titles", value)))
        return {}
    known = [option for option in options if isinstance(option, str) and option in value]
    return {each: fitting.words(value[each], _OWNER, "titles", remarks) for each in known}


def _fit_pads(
    value: Any, controls: Mapping[str, Control], remarks: list[str] | None
) -> tuple[tuple[str, str], ...]:
    pads = []
    for each in fitting.listed(value, "Controls", "pads", limits.CONTROLS):
        sliders = each if isinstance(each, list | tuple) else ()
        known = [
            name for name in sliders if isinstance(name, str) and name in controls
            and not controls[name].options
        ]  # fmt: skip
        if len(sliders) == 2 and len(set(known)) == 2:
            pads.append((known[0], known[1]))
        else:
            fitting.remark(remarks, _("a pad of its Controls does not name two of its sliders"))
    return tuple(pads)
