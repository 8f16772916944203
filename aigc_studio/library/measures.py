"""What measures of a model are called, which way is better, and what they mean in plain words.

One table for the window and the shell. What a plugin declares (`Description.metrics`) is told in
its own words; a measure that nobody has words for has only its own name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from aigc_studio.api import limits
from aigc_studio.library.cards import part
from aigc_studio.translation import _, localized

if TYPE_CHECKING:
    from aigc_studio import api

    Own = Mapping[str, api.Measure]

Better = Literal["", "lower", "higher"]
Scale = Literal["", "shares", "nats"]
"""Measures of one scale share a chart."""


@dataclass(frozen=True)
class Measure:
    """One measure: its `name`, its `title` with the direction, which way is `better`, its `scale`,
    and what a value means in `plain` words; None where there are no such words."""

    name: Callable[[], str]
    title: Callable[[], str]
    better: Better = ""
    scale: Scale = ""
    plain: Callable[[float], str] | None = None


MEASURES: dict[str, Measure] = {
    "label_accuracy": Measure(
        lambda: _("Label accuracy"),
        lambda: _("Label accuracy (1 is always right)"),
        "higher",
        "shares",
        lambda value: _("reads right {n} times in 100").format(n=round(value * 100)),
    ),
    "frechet_distance": Measure(
        lambda: _("Fréchet distance"),
        lambda: _("Fréchet distance (less is better)"),
        "lower",
    ),
    "psnr_db": Measure(
        lambda: _("PSNR (dB)"),
        lambda: _("Peak signal to noise in dB (more is better)"),
        "higher",
    ),
    "ssim": Measure(
        lambda: _("Structural similarity"),
        lambda: _("Structural similarity (1 is the same)"),
        "higher",
        "shares",
    ),
    "nats_per_character": Measure(
        lambda: _("Nats a character"),
        lambda: _("Nats a character (less is better)"),
        "lower",
        "nats",
        lambda value: _("as unsure of each character as among {n} equally likely ones").format(
            n=_choices(value)
        ),
    ),
    "bits_per_character": Measure(
        lambda: _("Bits a character"),
        lambda: _("Bits a character (less is better)"),
        "lower",
    ),
    "perplexity_per_word": Measure(
        lambda: _("Perplexity a word"),
        lambda: _("Perplexity a word (less is better)"),
        "lower",
        plain=lambda value: _("as unsure of each word as among {n} equally likely ones").format(
            n=_choices(math.log(max(value, 1.0)))
        ),
    ),
    "distinct_2": Measure(
        lambda: _("Different pairs"),
        lambda: _("Different pairs of words or characters (as in real texts is best)"),
        scale="shares",
    ),
    "self_bleu": Measure(
        lambda: _("Likeness of samples"),
        lambda: _("Likeness of samples to each other, self-BLEU (as in real texts is best)"),
        scale="shares",
    ),
    "memorised_share": Measure(
        lambda: _("Written by heart"),
        lambda: _("Share written by heart (less is better)"),
        "lower",
        "shares",
        lambda value: _("{n} in 100 characters stand in longer runs of what it learnt from").format(
            n=round(value * 100)
        ),
    ),
    "longest_copy": Measure(
        lambda: _("Longest copy"),
        lambda: _("Characters of the longest copied run (less is better)"),
        "lower",
        plain=lambda value: _("the longest run that it copied has {n} characters").format(
            n=f"{value:,.0f}"
        ),
    ),
    "new_lines": Measure(
        lambda: _("New lines"),
        lambda: _("Share of new lines (1: none stands in the data)"),
        "higher",
        "shares",
        lambda value: _("{n} of 100 lines that it writes are new").format(n=round(value * 100)),
    ),
    "characters_per_second": Measure(
        lambda: _("Characters a second"),
        lambda: _("Characters a second (more is faster)"),
        "higher",
    ),
    "nats_per_note": Measure(
        lambda: _("Nats a note"),
        lambda: _("Nats a note (less is better)"),
        "lower",
        "nats",
        lambda value: _("as unsure of each note as among {n} equally likely ones").format(
            n=_choices(value)
        ),
    ),
    "precision": Measure(
        lambda: _("Precision"),
        lambda: _("Precision: how real (1 is best)"),
        "higher",
        "shares",
        lambda value: _("{n} in 100 lie among real ones").format(n=round(value * 100)),
    ),
    "recall": Measure(
        lambda: _("Recall"),
        lambda: _("Recall: how varied (1 is best)"),
        "higher",
        "shares",
        lambda value: _("{n} in 100 real ones lie among what it makes").format(
            n=round(value * 100)
        ),
    ),
    "told_apart": Measure(
        lambda: _("Told from real ones"),
        lambda: _("Told from real ones (0.5 is chance, less is better)"),
        "lower",
        "shares",
        lambda value: _("told from real ones {n} times in 100 (50 is chance)").format(
            n=round(value * 100)
        ),
    ),
    "diversity": Measure(
        lambda: _("Diversity"),
        lambda: _("Diversity (1 is as varied as real ones)"),
        plain=lambda value: _("{n} % as varied as real ones").format(n=round(value * 100)),
    ),
    "copied_share": Measure(
        lambda: _("Share of copies"),
        lambda: _("Share of copies (less is better, 0.01 is honest)"),
        "lower",
        "shares",
        lambda value: _("{n} in 1,000 are suspiciously near to an example").format(
            n=f"{value * 1000:.0f}"
        ),
    ),
    "judge_accuracy": Measure(
        lambda: _("The judge on real ones"),
        lambda: _("The judge on real ones (1 is always right)"),
        scale="shares",  # it tells how far the other measures can be trusted
    ),
    "images_per_second": Measure(
        lambda: _("Pictures a second"),
        lambda: _("Pictures a second (more is faster)"),
        "higher",
    ),
}
"""The measures by the names that plugins give them."""


UNLIKE, TOLD_APART, FEW_KINDS = 0.5, 0.8, 0.1
"""A smaller `precision`, a greater `told_apart`, a smaller `recall`: told before what else was
measured, and instead of what would praise it."""

CHANGES, KEEPS = "control_changes:", "control_keeps:"
"""What begins the name of a measure of one control of a model, whose name follows: in how many of
100 cases it changes what it names, and in how many all else stays."""


def own_words(card: Mapping[str, Any], own: Own | None = None) -> Own:
    """A plugin's words for the measures of its own: as it says now (`own`), and else as a card of
    one of its models keeps them, which may be of another's making. Measures of single controls are
    told by the titles that the card has for these."""
    from aigc_studio.api import Measure as Words

    found: dict[str, Words] = {}
    kept = card.get("measures")
    for each in kept[: limits.METRICS] if isinstance(kept, list) else ():
        told = each if isinstance(each, Mapping) else {}
        title, unit = localized(told.get("title"))[: limits.TITLE], told.get("unit", "")
        ways: dict[Any, Better] = {"lower": "lower", "higher": "higher"}
        if title and isinstance(unit, str):
            way = ways.get(str(told.get("better")), "")
            found[str(told.get("name"))] = Words(title=title, unit=unit[: limits.TITLE], better=way)
    return {**found, **(own or {}), **_control_words(card)}


def _control_words(card: Mapping[str, Any]) -> Own:
    """Words for what was measured of the controls of a model."""
    from aigc_studio.api import Measure as Words

    found: dict[str, Words] = {}
    titles = {
        CHANGES: _("{control}: changes when asked, in 100 cases"),
        KEEPS: _("{control}: all else stays, in 100 cases"),
    }
    for name, title in _measured_controls(card).items():
        for start, sentence in titles.items():
            words = sentence.format(control=title)
            found[start + name] = Words(title=words[: limits.TITLE], better="higher")
    return found


def _measured_controls(card: Mapping[str, Any]) -> Mapping[str, str]:
    """The titles of the controls that something was measured of, by name, as the card has them."""
    metrics = part(card, "metrics")
    if not any(str(name).startswith((CHANGES, KEEPS)) for name in metrics):
        return {}
    from aigc_studio.api.controls import read_controls

    return {
        each.name: localized(each.title) or each.name
        for each in read_controls(card).controls
        if CHANGES + each.name in metrics or KEEPS + each.name in metrics
    }


def control_facts(card: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """How well each control of a model works, by name (title, words): `Beard`, `97 of 100 change,
    95 keep all else`."""
    metrics, found = card.get("metrics"), dict[str, tuple[str, str]]()
    for name, title in _measured_controls(card).items():
        changes, keeps = (number(metrics, start + name) for start in (CHANGES, KEEPS))
        if changes is not None and keeps is not None:
            words = _("{changes} of 100 change, {keeps} keep all else")
            told = {"changes": f"{changes:.0f}", "keeps": f"{keeps:.0f}"}
            found[name] = (title, words.format(**told))
    return found


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


def measure_name(name: str, own: Own | None = None) -> str:
    """What a measure is called where there is little room."""
    known, told = MEASURES.get(name), (own or {}).get(name)
    if known is not None:
        return known.name()
    return localized(told.title) if told is not None else name.replace("_", " ")


def is_measure(name: str, own: Own | None = None) -> bool:
    """Whether a metric is one that a person may want to know: a loss is not."""
    return name in MEASURES or name in (own or {})


def better(name: str, own: Own | None = None) -> Better:
    """Which way is better; empty where that is not said."""
    known, told = MEASURES.get(name), (own or {}).get(name)
    if known is not None:
        return known.better
    return told.better if told is not None else ""


def plain_words(metrics: object, own: Own | None = None) -> list[str]:
    """What the measures mean for a person who does not know them: `reads right 99 times in 100`.

    Those of a plugin's own are told by name, value and unit: `Tilt: 2 °`. Where what is made looks
    like nothing real, that comes first, and no praise after it: a judge of classes must name one
    for noise, too, and smudges may lie in the midst of real ones.
    """
    said = {
        name: measure.plain(value)
        for name, measure in MEASURES.items()
        if measure.plain and (value := number(metrics, name)) is not None
    }
    if wrong := _fault(metrics):
        said = wrong | {name: each for name, each in said.items() if name not in {*wrong, *_PRAISE}}
    found = list(said.values())
    for name, told in (own or {}).items():
        value = number(metrics, name)
        if value is not None and name not in MEASURES and not name.startswith((CHANGES, KEEPS)):
            shown = value_words({"metrics": metrics}, name, own)
            found.append(_("{title}: {value}").format(title=localized(told.title), value=shown))
    return found


_PRAISE = {"label_accuracy", "precision"}
"""Measures that say nothing where what is made looks like nothing real."""


def _fault(metrics: object) -> dict[str, str]:
    """What is wrong with all that is made, in a sentence by the name of its measure; empty where
    nothing is, as far as it was measured."""
    faults: Sequence[tuple[str, Callable[[float], bool], str]] = (
        ("precision", lambda value: value < UNLIKE, _("only {n} in 100 look like real ones")),
        (
            "told_apart",
            lambda value: value >= TOLD_APART,
            _("easily told from real ones: {n} times in 100 (50 is chance)"),
        ),
        (
            "recall",
            lambda value: value < FEW_KINDS,
            _("only {n} in 100 real ones are like what it makes"),
        ),
    )
    for name, is_wrong, sentence in faults:
        value = number(metrics, name)
        if value is not None and is_wrong(value):
            return {name: sentence.format(n=round(value * 100))}
    return {}


def card_measures(card: Mapping[str, Any], own: Own | None = None) -> list[str]:
    """The measures of a card in plain words; `own` as the plugin says now, where it is here."""
    return plain_words(card.get("metrics"), own_words(card, own))


def told_measures(metrics: object, own: Own | None = None) -> list[tuple[str, str]]:
    """Every measure as (title, value), known ones first: for a tooltip and for details."""
    names = in_order(metrics if isinstance(metrics, Mapping) else (), own)
    there = [name for name in names if number(metrics, name) is not None]
    return [told_measure(metrics, name, own) for name in there]


def told_measure(metrics: object, name: str, own: Own | None = None) -> tuple[str, str]:
    """One measure as (title with unit and direction, value); no value where it has none."""
    value = number(metrics, name)
    return measure_title(name, own), f"{value:.4g}" if value is not None else ""


def in_order(names: Iterable[str], own: Own | None = None) -> list[str]:
    """These names in the order of their worth: those of the table, those that the plugin declares,
    each in its order, and then the others."""
    given = list(dict.fromkeys(names))
    known = [each for each in dict.fromkeys((*MEASURES, *(own or {}))) if each in given]
    return [*known, *(each for each in given if each not in known)]


def in_common(cards: Sequence[Mapping[str, Any]], own: Own | None = None) -> list[str]:
    """The measures that two of the cards or more have, and that say which way is better."""
    names = [
        {name for name in part(card, "metrics") if number(card.get("metrics"), name) is not None}
        for card in cards
    ]
    told = {name: each for card in cards for name, each in own_words(card).items()}
    words = dict(own or {}) | told | dict(own or {})
    shared = [name for name in set().union(*names) if sum(name in each for each in names) > 1]
    return [name for name in in_order(sorted(shared), words) if better(name, words)]


def rank(card: Mapping[str, Any], name: str, own: Own | None = None) -> float:
    """A number by which cards sort from best to worst by a measure; those without it are last."""
    value = number(card.get("metrics"), name)
    if value is None:
        return math.inf
    return value if better(name, own_words(card, own)) == "lower" else -value


def value_words(card: Mapping[str, Any], name: str, own: Own | None = None) -> str:
    """A measure's value with its unit, where that is not in its name; empty where it has none."""
    value, told = number(card.get("metrics"), name), (own or {}).get(name)
    if value is None:
        return ""
    unit = told.unit if told is not None and name not in MEASURES else ""
    return f"{value:.4g} {unit}".rstrip()


def number(metrics: object, name: str) -> float | None:
    """A value of a card, which may be of another's making: None unless it is a finite number."""
    value: Any = metrics.get(name) if isinstance(metrics, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return value


def _choices(nats: float) -> str:
    """The number of equally likely things that leaves one as unsure as so many nats."""
    number = math.exp(min(nats, 20.0))
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"
