"""Controls in the shell: `--control NAME=VALUE`, and what a model can be steered by, as a table."""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Control, Controls, Description, Operation, StudioError
from aigc_studio.api.controls import read_controls
from aigc_studio.api.spelling import Spellings
from aigc_studio.cli import asking
from aigc_studio.translation import _, enumerated, in_a_row, localized
from aigc_studio.wire.checks import controls_of

if TYPE_CHECKING:
    from aigc_studio.cli.console import Console
    from aigc_studio.library import ModelInfo


def parse_controls(
    arguments: argparse.Namespace,
    description: Description,
    operation: Operation,
    model: ModelInfo | None,
) -> dict[str, float | str]:
    """The controls that `--control NAME=VALUE` moves from where they do nothing, typed as the
    model's card says.

    Raises `StudioError` for an operation that none steer, and with all names that the model has not
    and all values out of range at once.
    """
    if not arguments.controls:
        return {}
    if not operation.controls:
        steered = [each.id for each in description.of_verb(operation.verb) if each.controls]
        raise StudioError(_not_steered(operation, steered))
    known = controls_of(description, model.folder if model else None)
    given = dict(_pair(word, known) for word in arguments.controls)
    problems = known.problems(given)
    if problems:
        asking.refuse_wrong({"controls": in_a_row(problems.values())})
    usual = {each.name: each.default for each in known.controls if not each.options}
    return {name: value for name, value in given.items() if usual.get(name) != value}


def _not_steered(operation: Operation, steered: list[str]) -> str:
    if not steered:
        sentence = _("{operation} is not steered by controls: leave --control out.")
        return sentence.format(operation=operation.id)
    sentence = _("{operation} is not steered by controls. These are: {names}.")
    return sentence.format(operation=operation.id, names=enumerated(steered))


def _pair(word: str, known: Controls) -> tuple[str, float | str]:
    name, equals, value = word.partition("=")
    if not equals:
        raise StudioError(_("--control needs NAME=VALUE, not {word}.").format(word=word))
    spellings = Spellings([each.name for each in known.controls])
    # A card may call a control what it likes, with a sign of equality in it too.
    ends = [place for place, letter in enumerate(word) if letter == "="]
    for end in reversed(ends):
        place = spellings.find(word[:end].strip())
        if place is not None:
            control = known.controls[place]
            return control.name, _typed(control, word[end + 1 :].strip())
    return name.strip(), value


def _typed(control: Control, value: str) -> float | str:
    """A number for a slider, an option for a choice; as it was typed where it is neither."""
    if control.options:
        for names in (control.options, [control.title_of(each) for each in control.options]):
            place = Spellings(names).find(value)
            if place is not None:
                return control.options[place]
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    return number if math.isfinite(number) else value


def tell_controls(card: Mapping[str, Any], console: Console) -> None:
    """Print what a model can be steered by: each control with its range and what it does."""
    known = read_controls(card)
    if not known.controls:
        return
    console.say(_("What it can be steered by (--control NAME=VALUE):"))
    console.table(
        (_("control"), _("range"), _("what it does")),
        [(each.name, _range(each), _about(each)) for each in known.controls],
    )


def _range(control: Control) -> str:
    if control.options:
        return " | ".join(_option(control, each) for each in control.options)
    return f"{control.low:g} … {control.high:g}"


def _option(control: Control, option: str) -> str:
    """An option as it may be typed, with what it is called where that says something else."""
    title = control.title_of(option)
    return option if title == option else _("{title} ({way})").format(title=option, way=title)


def _about(control: Control) -> str:
    title, words = localized(control.title), localized(control.help)
    if not title or not words:
        return title or words
    return _("{title}: {value}").format(title=title, value=words)
