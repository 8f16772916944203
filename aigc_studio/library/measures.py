"""What measures of a model are called, which way is better, and what they mean in plain words.

One table for the window and the shell. A measure that is not in it has only its own name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aigc_studio.translation import _, localized

if TYPE_CHECKING:
    from aigc_studio import api

    Own = Mapping[str, api.Measure]


@dataclass(frozen=True)
class Measure:
    """One measure: its `title` with the direction, and what a value means in `plain` words; None
    where there are no such words."""

    title: Callable[[], str]
    plain: Callable[[float], str] | None = None


MEASURES: dict[str, Measure] = {
    "label_accuracy": Measure(
        lambda: _("Label accuracy (1 is always right)"),
        lambda value: _("reads right {n} times in 100").format(n=round(value * 100)),
    ),
    "frechet_distance": Measure(
        lambda: _("Fréchet distance (less is better)"),
    ),
    "psnr_db": Measure(
        lambda: _("Peak signal to noise in dB (more is better)"),
    ),
    "ssim": Measure(
        lambda: _("Structural similarity (1 is the same)"),
    ),
    "nats_per_character": Measure(
        lambda: _("Nats a character (less is better)"),
        lambda value: _("as unsure of each character as among {n} equally likely ones").format(
            n=_choices(value)
        ),
    ),
    "nats_per_note": Measure(
        lambda: _("Nats a note (less is better)"),
        lambda value: _("as unsure of each note as among {n} equally likely ones").format(
            n=_choices(value)
        ),
    ),
    "precision": Measure(
        lambda: _("Precision: how real (1 is best)"),
        lambda value: _("{n} in 100 lie among real ones").format(n=round(value * 100)),
    ),
    "recall": Measure(
        lambda: _("Recall: how varied (1 is best)"),
        lambda value: _("{n} in 100 real ones lie among what it makes").format(
            n=round(value * 100)
        ),
    ),
    "diversity": Measure(
        lambda: _("Diversity (1 is as varied as real ones)"),
        lambda value: _("{n} % as varied as real ones").format(n=round(value * 100)),
    ),
    "copied_share": Measure(
        lambda: _("Share of copies (less is better, 0.01 is honest)"),
        lambda value: _("{n} in 1,000 are suspiciously near to an example").format(
            n=f"{value * 1000:.0f}"
        ),
    ),
    "judge_accuracy": Measure(lambda: _("The judge on real ones (1 is always right)")),
    "images_per_second": Measure(lambda: _("Pictures a second (more is faster)")),
}
"""The measures by the names that plugins give them."""


def measure_title(name: str, own: Own | None = None) -> str:
    """What a measure is called, with its direction: by the studio's words, by those that the plugin
    gave for measures of its `own`, and else by its bare name."""
    known = MEASURES.get(name)
    if known is not None:
        return known.title()
    told = (own or {}).get(name)
    if told is None:
        return name.replace("_", " ")
    title = localized(told.title)
    if told.unit:
        title = _("{title} in {unit}").format(title=title, unit=told.unit)
    ways = {"lower": _("less is better"), "higher": _("more is better")}
    way = ways.get(told.better, "")
    return _("{title} ({way})").format(title=title, way=way) if way else title


def plain_words(metrics: object) -> list[str]:
    """What the measures mean for a person who does not know them: `reads right 99 times in 100`."""
    return [
        measure.plain(value)
        for name, measure in MEASURES.items()
        if measure.plain and (value := _number(metrics, name)) is not None
    ]


def told_measures(metrics: object, own: Own | None = None) -> list[tuple[str, str]]:
    """Every measure as (title, value), known ones first: for a tooltip and for details."""
    names = [*MEASURES, *(metrics if isinstance(metrics, Mapping) else ())]
    found = {name: _number(metrics, name) for name in dict.fromkeys(names)}
    there = [(name, value) for name, value in found.items() if value is not None]
    return [(measure_title(name, own), f"{value:.4g}") for name, value in there]


def _number(metrics: object, name: str) -> float | None:
    """A value of a card, which may be of another's making: None unless it is a finite number."""
    value: Any = metrics.get(name) if isinstance(metrics, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return value


def _choices(nats: float) -> str:
    """The number of equally likely things that leaves one as unsure as so many nats."""
    number = math.exp(min(nats, 20.0))
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"
