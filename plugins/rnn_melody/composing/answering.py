"""Answer: a phrase as long as another that answers it, and comes home to the keynote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from aigc_studio.api import Bars, EditRequest, Event, GeneratorError, Melody
from aigc_studio.toolkit import exactly, parameters_of
from rnn_melody.composing.continuing import heard_style, unseen
from rnn_melody.composing.inserting import Joint, last_sounding_bar
from rnn_melody.composing.page import Page, Part, Steering
from rnn_melody.composing.parameters import AnswerParameters
from rnn_melody.composing.pen import Pen, pen_of
from rnn_melody.composing.side_by_side import Press, Task, style_of
from rnn_melody.composing.varying import beside_notes
from rnn_melody.copying import read_known
from rnn_melody.events import Voice, metre_name
from rnn_melody.model import open_model
from rnn_melody.network.steps import Floats
from rnn_melody.signs import FIRST_TONE, HOLD_SIGN, REST_SIGN, numbers_of
from rnn_melody.voices import key_at, voice_until

_PHRASE = 4
"""So many bars are answered where none are selected."""
_SHORT = 2.0
"""How much less likely (nats) a last note is that is shorter than a third of its bar."""


def answer_phrase(request: EditRequest) -> Iterator[Event]:
    """Yield `count` answers to the selected bars, or to the last four."""
    exactly(request)
    model = open_model(request.model)
    pen, wish = pen_of(model), parameters_of(request, AnswerParameters)
    melody, chosen = request.melody, next(iter(request.selections), None)
    if not melody.notes:
        raise GeneratorError(
            "There is no phrase to answer: draw some notes first, or generate a tune.",
            zh="没有可以应答的乐句：请先画几个音，或生成一首曲子。",
        )
    last = last_sounding_bar(melody)
    phrase = request.bars if isinstance(chosen, Bars) else Bars(max(1, last - _PHRASE + 1), last)
    instead = wish.place == "instead" and isinstance(chosen, Bars)
    lengths = tuple(stop - start for start, stop in melody.bars[phrase.first - 1 : phrase.last])
    joint = Joint(melody, phrase.last, lengths)
    key, said = key_at(melody, joint.tick - 1)
    yield from [said] if said else []
    yield from unseen(model, [metre_name(joint.metre)])
    voice = joint.voice(key)
    bars = joint.bars(voice)
    style = heard_style(style_of(wish), voice.pitches)

    def made(page: Page, row: int, upto: int | None) -> Melody:
        notes, count = joint.notes(page, row, upto)
        if not instead:
            return joint.joined(notes, count)
        back = joint.tick
        inside = [replace(note, start=note.start - back) for note in notes if note.start >= back]
        part = melody.part(phrase)
        return replace(part, notes=(*beside_notes(part), *inside))

    task = Task(
        sheet=pen.sheet(voice, bars, style), style=style, made=made, part=instead,
        steer=_answering(pen, voice_until(melody, phrase.last, key), phrase, wish.rhythm),
        parted=lambda found: found if instead else _behind(found, phrase.last),
    )  # fmt: skip
    press = Press(pen, read_known(request.model), wish.known == "drawn-anew")
    yield from press.events([task] * request.count, request.seed)


def _behind(melody: Melody, after: int) -> Melody:
    count = melody.bar_count
    return melody.part(Bars(after + 1, count)) if count > after else Melody()


def _answering(pen: Pen, voice: Voice, phrase: Bars, strength: float) -> Steering:
    """What leads to the phrase's rhythm, but for the last bar, and there to the keynote."""
    signs = pen.model.signs
    tones, lengths, places = numbers_of(voice, signs)
    begin = voice.bars[-(phrase.last - phrase.first + 1)].start
    there = {
        int(place) - begin: (int(tone), int(length))
        for tone, length, place in zip(tones, lengths, places, strict=True)
        if place >= begin
    }
    home = np.arange(signs.tones)
    home = (home >= FIRST_TONE) & ((home - FIRST_TONE + signs.lowest) % 12 == 0)

    def steer(page: Page, part: Part, logits: Floats) -> None:
        final = page.bars == len(page.frame.bars) - 1
        from_here = page.frame.bars[page.bars_read].start if page.frame.bars else 0
        for place, at in enumerate(page.places.tolist()):
            heard = there.get(at - from_here)
            if part == "length":
                if heard is not None and not final[place]:
                    _lean(logits[place], heard[1], strength)
                elif final[place]:
                    ends = pen.units == page.remaining[place]
                    nominal = page.frame.bars[-1].nominal
                    logits[place, ends & (pen.units < nominal / 3)] -= _SHORT
            elif at + int(pen.units[page.lengths[place]]) == page.sheet.end:
                logits[place, ~home] = -np.inf
            elif heard is not None and not final[place] and heard[0] in (REST_SIGN, HOLD_SIGN):
                _lean(logits[place], heard[0], strength)
            elif heard is not None and not final[place] and strength >= 1:
                logits[place, [REST_SIGN, HOLD_SIGN]] = -np.inf

    return steer


def _lean(logits: Floats, symbol: int, strength: float) -> None:
    """Give a symbol this share of all chances, and the others the rest."""
    if not np.isfinite(logits[symbol]) or strength <= 0:
        return
    chances = np.exp(logits - logits.max())
    chances *= (1 - strength) / chances.sum()
    chances[symbol] += strength
    with np.errstate(divide="ignore"):
        logits[:] = np.log(chances)
