"""The card of a model on a few lines: what it makes, from what it learnt, how good it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aigc_studio.api import media
from aigc_studio.cli.steering import tell_controls
from aigc_studio.library.cards import data_before
from aigc_studio.library.course import card_verdict
from aigc_studio.library.evaluation import measured_on
from aigc_studio.library.measures import card_measures, control_facts, own_words, told_measures
from aigc_studio.library.summaries import card_rights, data_title
from aigc_studio.translation import _, enumerated, localized, ngettext

if TYPE_CHECKING:
    from aigc_studio.cli.console import Console
    from aigc_studio.library import ModelInfo
    from aigc_studio.library.measures import Own

MOST_CLASSES = 12
"""So many classes are named, and the others counted."""


def tell_card(model: ModelInfo, console: Console) -> None:
    """Print a card for a person. It may be of another's making: what is odd in it is left out."""
    from aigc_studio.library.identity import SHORT

    card = model.card
    origin = _("Comes with the studio") if model.shipped else _("Your own")
    console.say(f"{model.name}  ({origin})")
    for title, value in (
        (_("Generator"), model.generator),
        (_("Makes"), _makes(card)),
        (_("Learnt from"), _learnt_from(card)),
        (_("Licence"), card_rights(card) or _("not recorded")),
        (_("Credit"), _word(card, "credit")),
        (_("Trained"), _trained(card)),
        (_("Digest"), model.digest[:SHORT]),
        (_("Command"), _word(card, "command")),
    ):
        if value:
            console.say(_("{title}: {value}").format(title=title, value=value))
    tell_controls(card, console)
    metrics = card.get("metrics")
    if isinstance(metrics, Mapping) and metrics:
        console.say(_("How good it is:"))
        tell_measures(metrics, console, card)
        for sentence in filter(None, (measured_on(card), card_verdict(card))):
            console.say(sentence)
    else:
        console.say(
            _("{title}: {value}").format(title=_("Quality"), value=_("nothing was measured"))
        )
    caveats = _word(_part(card, "evaluation"), "caveats")
    if caveats:
        console.say(caveats)


def tell_measures(
    metrics: Mapping[str, Any], console: Console, card: Mapping[str, Any], own: Own | None = None
) -> None:
    """Print how good the model of this card is: in plain words first, then each measure with its
    direction. `own` are the plugin's words for those of its own."""
    card = {**card, "metrics": metrics}
    own = own_words(card, own)
    for words in card_measures(card, own):
        console.say(f"  {words}")
    for title, words in control_facts(card).values():
        console.say("  " + _("{title}: {value}").format(title=title, value=words))
    console.table((_("measure"), _("value")), told_measures(metrics, own))


def _makes(card: Mapping[str, Any]) -> str:
    frame, words = _part(card, "frame"), [media.many(_word(_part(card, "data"), "medium"))]
    if frame.get("width") and frame.get("height"):
        kinds = {"L": _("grey"), "RGB": _("colour"), "RGBA": _("colour and transparency")}
        words[0] = words[0] or media.many("image")
        words += [f"{frame['width']}×{frame['height']}", kinds.get(str(frame.get("mode")), "")]
    classes = _part(card, "controls").get("classes")
    if isinstance(classes, list | tuple) and classes:
        words.append(_("of the classes {names}").format(names=_listed(classes)))
    return " ".join(filter(None, words))


def _listed(classes: list[Any] | tuple[Any, ...]) -> str:
    names = [localized(each) if isinstance(each, str | Mapping) else str(each) for each in classes]
    more = len(names) - MOST_CLASSES
    if more > 0:
        text = ngettext("and {count} more", "and {count} more", more)
        names[MOST_CLASSES:] = [text.format(count=more)]
    return enumerated(names)


def _learnt_from(card: Mapping[str, Any]) -> str:
    data = _part(card, "data")
    words, count = [data_title(card)], data.get("examples")
    if _word(data, "pack"):
        words.append(_("sample pack {name}").format(name=_word(data, "pack")))
    if isinstance(count, int):
        text = ngettext("{count} example", "{count} examples", count)
        words.append(text.format(count=f"{count:,}"))
    for each in data_before(card):
        if _word(each, "name"):
            words.append(_("before that {name}").format(name=_word(each, "name")))
    return enumerated(filter(None, words))


def _trained(card: Mapping[str, Any]) -> str:
    steps, seconds = card.get("steps") or card.get("step"), card.get("seconds")
    weights, base, words = card.get("parameter_count"), _part(card, "base"), []
    if isinstance(steps, int):
        words.append(ngettext("{n} step", "{n} steps", steps).format(n=f"{steps:,}"))
    if isinstance(seconds, int | float) and 0 <= seconds < 1e9:
        words.append(_time(seconds))
    if isinstance(weights, int):
        words.append(ngettext("{n} weight", "{n} weights", weights).format(n=f"{weights:,}"))
    if _word(base, "name"):
        words.append(_("on top of {name}").format(name=_word(base, "name")))
    return enumerated(words)


def _time(seconds: float) -> str:
    if seconds < 90:
        whole = round(seconds)
        return ngettext("{n} second", "{n} seconds", whole).format(n=whole)
    whole = round(seconds / 60)
    return ngettext("{n} minute", "{n} minutes", whole).format(n=whole)


def _part(card: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = card.get(name)
    return part if isinstance(part, Mapping) else {}


def _word(card: Mapping[str, Any], name: str) -> str:
    return localized(card.get(name))
