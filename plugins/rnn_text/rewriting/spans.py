"""Rewrite: a marked part made anew so that it fits what comes before it and after it.

A candidate is chosen among drafts of its own (`drafting`): they are written side by side, steered
to the right side by the part of the net that has read it (`right`), and the better a draft goes
over into what follows (`weighing`) the likelier it is chosen (importance resampling).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from aigc_studio.api import Candidate, EditRequest, Event, Partial, Progress, Text
from aigc_studio.toolkit import exactly, mixed_seed, parameters_of
from rnn_text.model import Model, open_model
from rnn_text.rewriting.drafting import Desk
from rnn_text.rewriting.filling import Filled, Filling
from rnn_text.rewriting.gaps import gaps_in
from rnn_text.rewriting.parameters import RewriteParameters
from rnn_text.writing.pen import Pen, Style, pen_of
from rnn_text.writing.prompts import notices
from rnn_text.writing.side_by_side import style_of

SHARES = {"shorter": 0.6, "same": 1.0, "longer": 1.6}
"""How long the new part is, of the length of the one that was there."""


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
    gaps = gaps_in(model, request.text.value, request.span)
    yield from notices(reading for gap in gaps for reading in gap.readings)
    lengths = [max(1, round(gap.length * SHARES[wish.length])) for gap in gaps]
    fillings = [
        # An empty line between others stays empty.
        Filling(Desk(model, pen, gap, length)) if gap.former or len(gaps) == 1 else None
        for gap, length in zip(gaps, lengths, strict=True)
    ]
    for number in range(request.count):
        yield Progress(number, request.count)
        last = None
        for each in _filled(fillings, style_of(wish), request.seed + number):
            if last is not None:
                yield Partial(Text(last.text), number, part=True)
            last = each
        if last is not None:
            yield Candidate(Text(last.text), probability=last.chance, part=True)


def _filled(fillings: Sequence[Filling | None], style: Style, seed: int) -> Iterator[Filled]:
    """What there is of one candidate by then: a line after the other, where there are several."""
    done, chances = "", list[float]()
    for number, filling in enumerate(fillings):
        head = done + "\n" if number else ""
        done = head
        for each in filling.fill(style, mixed_seed("rewrite", seed, number)) if filling else ():
            done = head + each.text
            if each.chance is None:
                yield Filled(done)
            else:
                chances.append(max(each.chance, 1e-9))
        if number < len(fillings) - 1:
            yield Filled(done)
    yield Filled(done, math.exp(sum(map(math.log, chances)) / len(chances)) if chances else 1.0)
