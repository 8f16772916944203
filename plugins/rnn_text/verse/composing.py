"""Poems made: complete in the asked form, from a beginning, about a theme, or as an acrostic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from aigc_studio.api import Candidate, Event, GenerateRequest, Localized, Message, Partial, Text
from aigc_studio.toolkit.sequences import traditional
from rnn_text.verse.drawing import Rows, Sheet, Style, draw
from rnn_text.verse.layout import laid_out
from rnn_text.verse.metre import patterns_of
from rnn_text.verse.parameters import ComposeParameters, RuleParameters, asked_of
from rnn_text.verse.readings import groups_of, rhyme_of
from rnn_text.verse.rules import Rules
from rnn_text.verse.voice import Voice, voice_of
from rnn_text.verse.wishes import Wish, wish_of

if TYPE_CHECKING:
    from rnn_text.model import Model

FORM = "form"
"""The control of a model's card that says which form a poem has."""


def compose(request: GenerateRequest, model: Model) -> Iterator[Event]:
    """Make `count` poems; each grows by what all that are weighed for it have in common."""
    voice, asked = voice_of(model), asked_of(request, ComposeParameters)
    form, said = str(request.controls.get(FORM, "")), set[str]()
    for number in range(request.count):
        wish = wish_of(voice, request.prompt, asked.words, form, request.seed + number)
        notices = [each for each in wish.notices if str(each) not in said]
        said.update(map(str, notices))
        if notices:
            yield Message(_in_one(notices))
        shown = ""
        for lines in compose_one(voice, wish, asked, request.seed + number):
            text = laid_out(lines, asked.layout)
            if text != shown and sum(map(len, lines)) < wish.form.size:
                yield Partial(Text(text), number)
            shown = text
        yield Candidate(Text(shown), seed=request.seed + number)


def _in_one(notices: Sequence[Localized]) -> Localized:
    """All that a person should know at once: of several messages the window shows one on top."""
    told = [{"en": each, "zh": each} if isinstance(each, str) else each for each in notices]
    return {"en": " ".join(each["en"] for each in told), "zh": "".join(each["zh"] for each in told)}


def compose_one(voice: Voice, wish: Wish, asked: RuleParameters, seed: int) -> Iterator[list[str]]:
    """Make a poem; yields its lines as far as they are settled, and whole at last."""
    rng = np.random.default_rng(seed % 2**63)
    wish = _placed(voice, wish, rng)
    numbers = {place: voice.number(each) for place, each in wish.given.items()}
    theme = [voice.number(each) for each in wish.theme]
    rules = Rules(voice.sounds, wish.form, numbers, asked.rhyme, rhyme_groups(wish))
    patterns = list(patterns_of(wish.form)) if asked.tones else []
    rng.shuffle(patterns)
    sheet = Sheet(rules, voice.opening(wish.form, theme), patterns, theme=theme)
    rows: Rows | None = None
    for rows in draw(voice, sheet, rng, Style(temperature=asked.daring), commits=True):
        yield lines_in(voice, wish, _agreed(rows))
    assert rows is not None
    row = int(rng.choice(len(rows), p=rows.shares()))
    yield lines_in(voice, wish, rows.poems[row])


def _placed(voice: Voice, wish: Wish, rng: np.random.Generator) -> Wish:
    """For a model that learnt no themes: the theme stands in one of the first lines."""
    if not wish.theme or voice.has_themes or wish.given:
        return wish
    form, word = wish.form, wish.theme[:2]
    line = int(rng.integers(0, min(3, len(form.lengths))))
    feet = max(1, (form.lengths[line] - len(word)) // 2)
    start = form.ends[line] - form.lengths[line] + 1 + 2 * int(rng.integers(0, feet))
    given = {start + at: each for at, each in enumerate(word)}
    return Wish(form, given, wish.theme, wish.is_traditional, wish.notices)


def rhyme_groups(wish: Wish) -> frozenset[str]:
    """The groups in which a poem rhymes by the even lines' ends that stand; empty where none do."""
    ends = [wish.given[end] for end in wish.form.ends[1::2] if end in wish.given]
    if len(ends) == 1:
        return groups_of(ends[0])
    group, _count = rhyme_of(ends)
    return frozenset({group}) if group else frozenset()


def _agreed(rows: Rows) -> list[int]:
    """What all rows that count have in common from the beginning on."""
    poems = [poem for poem, share in zip(rows.poems, rows.shares(), strict=True) if share > 0]
    found = []
    for symbols in zip(*poems, strict=True):
        if len(set(symbols)) > 1:
            break
        found.append(symbols[0])
    return found


def lines_in(voice: Voice, wish: Wish, symbols: list[int]) -> list[str]:
    """The lines of a poem as far as it goes, in the script of the wish; what was typed stays."""
    letters = [
        wish.given.get(place) or _written(voice.symbols[number], wish.is_traditional)
        for place, number in enumerate(symbols)
    ]
    lines, start = [], 0
    for length in wish.form.lengths:
        if start < len(letters):
            lines.append("".join(letters[start : start + length]))
        start += length
    return lines


def _written(symbol: str, is_traditional: bool) -> str:
    return traditional(symbol) if is_traditional else symbol
