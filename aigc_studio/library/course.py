"""How a training went on what it was measured on, and what that says in a sentence.

Of any generator that measures its checkpoints: the first of its measures that says which way is
better is followed. Nothing is guessed: with fewer than four looks nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from aigc_studio.library.cards import part
from aigc_studio.library.known_measures import MEASURES
from aigc_studio.library.measures import (
    ALIKE,
    PRAISE,
    VARIETY,
    better,
    in_order,
    number,
    own_words,
    variety_name,
)
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.library.measures import Own

MOST = 48
"""Looks that are kept of a training; of more the older ones are thinned out."""
_FEWEST = 4
_WAYS = ("lower", "higher")
"""Variety (`one`) is no measure of how well a model knows what it has not seen."""
_CLEAR = 0.01
"""Differences smaller than this part of the best value say nothing."""

Turn = Literal["", "worse", "improving", "settled"]
Look = tuple[int, Mapping[str, float]]
"""A step, and what was measured there."""


@dataclass(frozen=True)
class Course:
    """The values of one measure along a training: steps and values, the oldest first. `minutes` is
    how long it was to last in all `steps`; None where it goes by steps."""

    name: str = ""
    direction: str = ""
    points: Sequence[tuple[int, float]] = ()
    steps: int = 0
    minutes: float | None = None

    @property
    def best(self) -> int:
        """The number of the best point."""
        sign = 1 if self.direction == "lower" else -1
        return min(range(len(self.points)), key=lambda n: sign * self.points[n][1])

    @property
    def turn(self) -> Turn:
        """Whether it got worse after its best, clearly and each time that was looked; was still
        getting better at its last look; or neither."""
        if len(self.points) < _FEWEST:
            return ""
        best, last = self.best, len(self.points) - 1
        top = self.points[best][1]
        clear = _CLEAR * abs(top)
        away = [abs(value - top) for _step, value in self.points[best + 1 :]]
        if self._tells and len(away) >= 2 and away[-1] > clear and away == sorted(away):
            return "worse"
        before = self.points[max(0, last - max(1, last // 3))][1]
        if best == last and abs(before - top) > clear:
            return "improving"
        return "settled"

    @property
    def _tells(self) -> bool:
        """Whether it ever was clearly another than at first: else nothing was learnt by which a
        turn could be told (`toolkit.Best` says as much)."""
        first = self.points[0][1]
        return any(abs(value - first) > _CLEAR * abs(first) for _step, value in self.points)

    def told(self, *, over: bool = False) -> str:
        """What that says; empty where it says nothing. `over`: the training has ended."""
        if self.turn == "worse":
            since = self._since(self.points[self.best][0])
            if MEASURES.get(self.name) is not None and MEASURES[self.name].scale == "nats":
                sentence = _(
                    "Over-fitting since {time}: it did better then on what it has not seen."
                )
            else:
                sentence = _(
                    "It was best at {time}; since then it does worse on what it has not seen."
                )
            return sentence.format(time=since)
        if self.turn == "improving" and over:
            return _("It was still getting better at its end: more minutes help.")
        return ""

    def _since(self, step: int) -> str:
        if self.minutes and self.steps:
            minute = self.minutes * step / self.steps
            return _("minute {n}").format(n=f"{minute:.0f}" if minute >= 2 else f"{minute:.1f}")
        return _("step {n}").format(n=f"{step:,}")


def course_of(
    looks: Iterable[Look], own: Own | None = None, *, steps: int = 0, minutes: float | None = None
) -> Course:
    """The course of the first measure that most looks have and that says which way is better."""
    looks = list(looks)
    names = in_order(dict.fromkeys(name for _step, measured in looks for name in measured), own)
    for name in names:
        points = [(step, each[name]) for step, each in looks if name in each]
        if better(name, own) in _WAYS and 2 * len(points) > len(looks):
            last = points[-1][0]
            return Course(name, better(name, own), points, max(steps, last), minutes)
    return Course()


def card_course(looks: Iterable[Look], document: Mapping[str, Any]) -> dict[str, Any]:
    """What the card of a model says of how its training went, and how varied what it made was at
    best; empty where it was looked at less than twice."""
    looks = list(looks)
    own = own_words({"measures": document.get("measures", [])})
    found, told = course_of(looks, own), _most_varied(looks)
    if len(found.points) > 1:
        told |= {"measure": found.name, "better": found.direction}
        told["points"] = [[step, value] for step, value in found.points]
        minutes = document.get("minutes")
        told |= {"minutes": minutes} if minutes else {}
    return {"course": told} if told else {}


def _most_varied(looks: Sequence[Look]) -> dict[str, Any]:
    name = variety_name({each for _step, measured in looks for each in measured})
    values = [measured[name] for _step, measured in looks if name in measured]
    return {"variety": name, "most_varied": max(values)} if len(values) > 1 else {}


def known_by_now(measured: Mapping[str, float], looks: Iterable[Look]) -> dict[str, float]:
    """What was measured last of a training that goes on, without what cannot be known yet.

    All that is made is much alike at first, before anything is learnt, and what would praise it
    says nothing then. That it is so is known once it was clearly more varied before (mode
    collapse), or once so many looks found it so that it would have grown by now: in their second
    half it was no more varied than in their first.
    """
    name = variety_name(measured)
    now = measured.get(name, 1.0)
    values = [each[name] for _step, each in looks if name in each]
    if now >= ALIKE or (values and now < max(values) / 2):
        return dict(measured)
    middle = len(values) // 2
    if len(values) >= _FEWEST and max(values[middle:]) <= (1 + _CLEAR) * max(values[:middle]):
        return dict(measured)
    untold = {*VARIETY, *PRAISE}
    return {each: value for each, value in measured.items() if each not in untold}


def card_verdict(card: Mapping[str, Any]) -> str:
    """What the course of a model's training says, in a sentence; empty where it says nothing.

    The card may be of another's making.
    """
    name, found = card_points(card)
    if not found:
        return ""
    told = part(card, "course")
    minutes, way = number(told, "minutes"), str(told.get("better", ""))
    return Course(name, way, found, found[-1][0], minutes).told(over=True)


def card_points(card: Mapping[str, Any]) -> tuple[str, list[tuple[int, float]]]:
    """The measure that was followed in a model's training, and its values by step.

    The card may be of another's making: what is odd in it is left out.
    """
    told = part(card, "course")
    points = told.get("points")
    found = [
        (int(step), float(value))
        for each in (points[-MOST:] if isinstance(points, list) else ())
        if isinstance(each, list | tuple) and len(each) == 2
        for step, value in [each]
        if number({"n": step}, "n") is not None and number({"n": value}, "n") is not None
    ]
    return str(told.get("measure", "")), found


def note(looks: Sequence[Look], step: int, measured: Mapping[str, float]) -> list[Look]:
    """The looks with one more; one that goes back, after a resume, takes away those behind it."""
    if not measured:
        return list(looks)
    kept = [each for each in looks if each[0] < step]
    if len(kept) >= MOST:
        kept = kept[: MOST // 2 : 2] + kept[MOST // 2 :]
    return [*kept, (step, dict(measured))]
