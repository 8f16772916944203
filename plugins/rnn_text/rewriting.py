"""Rewrite: a marked part made anew so that it fits what comes before it and after it.

A candidate is chosen among drafts of its own (`drafting`): they are written side by side, steered
to the right side by the part of the net that has read it (`right`), and the better a draft goes
over into what follows (`weighing`) the likelier it is chosen (importance resampling).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from aigc_studio.api import Candidate, EditRequest, Event, Partial, Text
from aigc_studio.toolkit import exactly, mixed_seed, parameters_of
from rnn_text.drafting import Desk
from rnn_text.ends import GRACE, End, ending
from rnn_text.gaps import gap_in
from rnn_text.model import Model, open_model
from rnn_text.pen import Pen, Style, pen_of
from rnn_text.rewriting_parameters import RewriteParameters
from rnn_text.writing import style_of

Numbers = np.ndarray[Any, np.dtype[np.int64]]

SHARES = {"shorter": 0.6, "same": 1.0, "longer": 1.6}
"""How long the new part is, of the length of the one that was there."""
NEAR = 48
"""So many of the last symbols are drafted; what comes before them is written once."""
_SHOWN = 8
"""A long part is shown again after so many symbols."""
_ALIKE = 0.7
"""Two parts that share so much of all threes of characters are the same to a reader."""
_SHORT = 6
"""Of parts with so few threes only those count as the same that are."""
_WORSE = 3.0
"""A draft that makes what follows so many nats less expected than the best one is no choice, even
if all better ones are known: they had better be alike than wrong."""
_ATTEMPTS = 3
_BOLDER = 1.4
"""How much the temperature is raised where nothing new was found."""
_SENTENCE = frozenset(".!?…。！？")


def rewrite_text(request: EditRequest) -> Iterator[Event]:
    """Yield `count` candidates for the marked part, each with how expected its symbols are.

    They differ from each other and from what stood there, as far as the model knows another way;
    candidate n depends on those before it, and not on how many are asked for.
    """
    exactly(request)
    model = open_model(request.model)
    yield from rewrite(request, model, pen_of(model))


def rewrite(request: EditRequest, model: Model, pen: Pen) -> Iterator[Event]:
    """The same with an open model and its pen."""
    wish = parameters_of(request, RewriteParameters)
    gap = gap_in(model, request.text.value, request.span)
    yield from gap.notices
    length = max(1, round(gap.length * SHARES[wish.length]))
    desk = Desk(model, pen, gap, length)
    style = style_of(wish)
    former = [gap.former]
    for number in range(request.count):
        seed = mixed_seed("rewrite", request.seed + number)
        made = _towards if len(gap.after) else _to_the_end
        last: Candidate | None = None
        for each in made(desk, style, seed, former):
            if last is not None:
                yield Partial(Text(gap.whole(str(last.artifact))), number, part=True)
            last = each
        assert last is not None
        former.append(str(last.artifact))
        yield replace(last, artifact=Text(gap.whole(str(last.artifact))))


def _towards(desk: Desk, style: Style, seed: int, former: Sequence[str]) -> Iterator[Candidate]:
    """What goes over into the right side; what there is of a long one by then comes before it.

    Drafts are not shown: which of them it will be is seen only at their ends.
    """
    settled = ""
    if desk.length > NEAR + _SHOWN:
        count = desk.length - NEAR
        page = None
        for page in desk.write(mixed_seed("far", seed), style, np.array([count])):
            if page.place % _SHOWN == 0:
                yield _candidate(page.text(0))
        assert page is not None
        settled, desk = page.text(0), desk.settle(page.written[0, : page.place])
    for attempt in range(_ATTEMPTS):
        bolder = replace(style, temperature=style.temperature * _BOLDER**attempt)
        drafts = desk.drafts(mixed_seed("near", seed, attempt), bolder)
        best = max(float(each.weight.followed.sum()) for each in drafts)
        good = [
            each
            for each in drafts
            if each.weight.followed.sum() > best - _WORSE and desk.gap.fits(settled + each.text)
        ]
        fresh = [each for each in good if not _is_known(settled + each.text, former)]
        if fresh or attempt == _ATTEMPTS - 1:
            others = [each for each in good if settled + each.text not in former]
            chosen = (fresh or others or good or drafts)[0]
            yield _candidate(settled + chosen.text, chosen.weight.typical)
            return


def _to_the_end(desk: Desk, style: Style, seed: int, former: Sequence[str]) -> Iterator[Candidate]:
    """What ends the text: as it ended before, with a sentence or with a word."""
    end = _end_like(desk.gap.former, desk.length)
    most = np.array([2 * desk.length + GRACE])
    for attempt in range(_ATTEMPTS):
        bolder = replace(style, temperature=style.temperature * _BOLDER**attempt)
        page = None
        for page in desk.write(mixed_seed("end", seed, attempt), bolder, most, end):
            if page.place % _SHOWN == 0:
                yield _candidate(page.text(0))
        assert page is not None
        text = page.text(0)
        if attempt == _ATTEMPTS - 1 or (desk.gap.fits(text) and not _is_known(text, former)):
            (weight,) = desk.weigh([page.written[0, : len(page.pieces[0])]])
            yield _candidate(text, weight.typical)
            return


def _end_like(former: str, length: int) -> End:
    """An end as that of the former part, at about this length in symbols."""
    if former.rstrip()[-1:] not in _SENTENCE:
        return ending("length", length)
    sentence, least = ending("sentence", 2 * length), round(0.6 * length)

    def end(pieces: list[str]) -> int | None:
        return None if len(pieces) <= least else sentence(pieces)

    return end


def _is_known(text: str, former: Sequence[str]) -> bool:
    """Whether a reader would take it for one of the former ones."""
    return any(_alike(each, text) for each in former)


def _alike(one: str, other: str) -> bool:
    if one.strip() == other.strip():
        return True
    first, second = _threes(one), _threes(other)
    least = _ALIKE * (len(first) + len(second)) / 2
    return min(len(first), len(second)) > _SHORT and len(first & second) >= least


def _threes(text: str) -> set[str]:
    """All that stands in a text of three characters in a row."""
    return {text[place : place + 3] for place in range(len(text) - 2)}


def _candidate(text: str, probability: float | None = None) -> Candidate:
    return Candidate(Text(text), probability=probability, part=True)
