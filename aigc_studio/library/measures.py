"""What measures of a model are called, which way is better, and what they mean in plain words.

One table for the window and the shell. What a plugin declares (`Description.metrics`) is told in
its own words; a measure that nobody has words for has only its own name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from aigc_studio.api import limits
from aigc_studio.library.cards import part
from aigc_studio.library.known_measures import MEASURES, Better
from aigc_studio.translation import _, enumerated, localized

if TYPE_CHECKING:
    from aigc_studio import api

    Own = Mapping[str, api.Measure]

ALIKE, UNLIKE, TOLD_APART, FEW_KINDS = 0.7, 0.5, 0.8, 0.1
"""A smaller `diversity` (within a class where that is known), a smaller `precision`, a greater
`told_apart`, a smaller `recall`: told before what else was measured, and instead of what would
praise it."""

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
        ways: dict[Any, Literal["", "lower", "higher"]] = {"lower": "lower", "higher": "higher"}
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
    ways = {"lower": _("less is better"), "higher": _("more is better")}
    way = enumerated(filter(None, (told.unit, ways.get(told.better))))
    return _("{title} ({way})").format(title=title, way=way) if way else title


def measure_name(name: str, own: Own | None = None) -> str:
    """What a measure is called where there is little room."""
    known, told = MEASURES.get(name), (own or {}).get(name)
    if known is not None:
        return known.name()
    return localized(told.title) if told is not None else name.replace("_", " ")


def is_measure(name: str, own: Own | None = None) -> bool:
    """Whether a metric is one that a person may want to know: a loss is not."""
    return name in MEASURES or (name in (own or {}) and not is_loss(name))


def is_loss(name: str) -> bool:
    """Whether a metric is what learning makes small: a curve for whoever looks under the hood."""
    return "loss" in name.lower()


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
        untold = {*wrong, *PRAISE, *(VARIETY if VARIETY[0] in wrong else ())}
        said = wrong | {name: each for name, each in said.items() if name not in untold}
    found = list(said.values())
    for name, told in (own or {}).items():
        value = number(metrics, name)
        is_told = is_measure(name, own) and name not in MEASURES
        if value is not None and is_told and not name.startswith((CHANGES, KEEPS)):
            shown = value_words({"metrics": metrics}, name, own)
            found.append(_("{title}: {value}").format(title=localized(told.title), value=shown))
    return found


VARIETY = ("diversity_within", "diversity")
"""What says how varied all that is made is; within a class is the stricter."""


def looks_unreal(card: Mapping[str, Any]) -> bool:
    """Whether what the model of this card makes looks like nothing real, as far as it was
    measured: it wants more training before it is of use."""
    return bool(_fault(card.get("metrics")))


def variety_name(names: Collection[str]) -> str:
    """Which of these measures says how varied all that is made is; empty where none does."""
    return next((each for each in VARIETY if each in names), "")


def lost_variety(card: Mapping[str, Any]) -> bool:
    """Whether what the model of this card makes was clearly more varied in its training than it is
    now, and is much alike now (mode collapse): training on does not bring that back."""
    metrics, course = part(card, "metrics"), part(card, "course")
    name = variety_name([each for each in metrics if number(metrics, each) is not None])
    now, most = number(metrics, name), number(course, "most_varied")
    if now is None or most is None or course.get("variety") != name:
        return False
    return now < min(ALIKE, most / 2)


PRAISE = {"label_accuracy", "precision"}
"""Measures that say nothing where what is made looks like nothing real."""


def _fault(metrics: object) -> dict[str, str]:
    """What is wrong with all that is made, in a sentence by the name of its measure; empty where
    nothing is, as far as it was measured."""
    variety = variety_name([each for each in VARIETY if number(metrics, each) is not None])
    faults: Sequence[tuple[str, Callable[[float], bool], str]] = (
        (variety, lambda value: value < ALIKE, _("much alike: only {n} % as varied as real ones")),
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


def most_worth(names: Sequence[str], count: int) -> list[str]:
    """So many of these names in the order of their worth; how varied is among them where it is
    known, since nothing else tells a model that makes one good thing again and again."""
    variety = variety_name(names)
    if not variety or variety in names[:count]:
        return list(names[:count])
    return [*names[: count - 1], variety]


def rank(card: Mapping[str, Any], name: str, own: Own | None = None) -> float:
    """A number by which cards sort from best to worst by a measure; those without it are last."""
    value = number(card.get("metrics"), name)
    if value is None:
        return math.inf
    way = better(name, own_words(card, own))
    return abs(value - 1) if way == "one" else value if way == "lower" else -value


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
