"""Characters, half lines or lines of a poem made anew: form and rhyme stay, both sides fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aigc_studio.api import (
    Candidate,
    EditRequest,
    Event,
    GeneratorError,
    Localized,
    Message,
    Progress,
    Text,
)
from aigc_studio.toolkit.sequences import probabilities, traditional
from rnn_text.verse.drawing import Rows, Sheet, Style, allowed, draw
from rnn_text.verse.metre import Pattern, fit_of, patterns_of
from rnn_text.verse.parameters import RuleParameters, asked_of
from rnn_text.verse.poems import NO_VERSE, Poem, read_poem
from rnn_text.verse.readings import groups_of, rhyme_of, tones_of
from rnn_text.verse.rules import Rules
from rnn_text.verse.voice import Voice, not_known, voice_of

if TYPE_CHECKING:
    from rnn_text.model import Model

_rows = 64
"""So many ways to make a passage anew are weighed."""
_characters = 64
"""So many characters are weighed where one is made anew."""
_tries = 3
_keeping = 0.75
"""A poem keeps to a tone pattern when so much of it does; others are left as free as they are."""


@dataclass(frozen=True)
class Made:
    """A passage made anew: its symbols, and of a single character how probable it is there."""

    symbols: tuple[int, ...]
    probability: float | None = None


def rewrite_verse(request: EditRequest, model: Model) -> Iterator[Event]:
    """Make the marked characters anew in `count` different ways, the likeliest kind first."""
    voice, asked = voice_of(model), asked_of(request, RuleParameters)
    poem, marked = marked_verse(request, voice)
    yield Progress(0, request.count)
    if unknown := _unknown(voice, poem, marked):
        yield Message(unknown)
    found = 0
    for made in rewritings(voice, poem, marked, asked, request.seed, request.count):
        text = _in_place(request, poem, dict(zip(marked, _letters(voice, poem, made), strict=True)))
        yield Candidate(
            Text(text), probability=made.probability, seed=request.seed + found, part=True
        )
        found += 1
        yield Progress(found, request.count)
    if found < request.count:
        yield Message(_fewer(found))


def marked_verse(request: EditRequest, voice: Voice) -> tuple[Poem, tuple[int, ...]]:
    """The poem in the request's text, and the numbers of its marked characters.

    Raises `GeneratorError` where there is no poem, or nothing of it is marked.
    """
    poem = read_poem(request.text.value, voice.forms)
    if poem is None:
        raise GeneratorError(NO_VERSE["en"], zh=NO_VERSE["zh"])
    marked = poem.within(request.span.start, request.span.stop)
    if not marked:
        raise GeneratorError(
            "No character of the poem is marked: mark those that are to be made anew.",
            zh="没有选中诗中的任何字：请选中要重写的字。",
        )
    return poem, marked


def rewritings(
    voice: Voice, poem: Poem, marked: tuple[int, ...], asked: RuleParameters, seed: int, count: int
) -> Iterator[Made]:
    """`count` different ways to fill the marked places, fewer where there are no more."""
    plain = poem.plain
    given = {at: voice.number(each) for at, each in enumerate(plain) if at not in set(marked)}
    ends = {end: plain[end] for end in poem.form.ends[1::2] if end in given}
    groups = _kept_rhyme(ends)
    rhymes = asked.rhyme and (bool(groups) or not ends)
    rules = Rules(voice.sounds, poem.form, given, rhymes, groups)
    patterns = _patterns(poem, given, asked)
    sheet = Sheet(rules, voice.opening(poem.form), patterns)
    former = tuple(voice.number(plain[at]) for at in marked)
    if len(marked) == 1:
        yield from _characters_for(voice, sheet, marked[0], former[0], asked, seed, count)
        return
    yield from _passages(voice, sheet, marked, former, asked, seed, count)


def _kept_rhyme(ends: Mapping[int, str]) -> frozenset[str]:
    """The groups that a poem rhymes in by what stands of it; empty where it does not."""
    if len(ends) == 1:
        return groups_of(*ends.values())
    group, _count = rhyme_of(ends.values())
    return frozenset({group}) if group else frozenset()


def _patterns(poem: Poem, given: Mapping[int, int], asked: RuleParameters) -> list[Pattern]:
    """The tone pattern that a poem has; all where none of it stands, none where it has none."""
    if not asked.tones:
        return []
    if not given:
        return list(patterns_of(poem.form))
    plain = poem.plain
    fit = fit_of(
        [tones_of(each) if at in given else frozenset() for at, each in enumerate(plain)], poem.form
    )
    return [fit.pattern] if fit is not None and fit.kept >= _keeping else []


def _characters_for(
    voice: Voice, sheet: Sheet, at: int, former: int, asked: RuleParameters, seed: int, count: int
) -> Iterator[Made]:
    """Characters for one place, each weighed by all that stands before and after it."""
    found = _before(voice, sheet, at)
    chances = np.where(allowed(found)[0], found.chances()[0], 0)
    chances[former] = 0
    likely = np.argsort(-chances, kind="stable")[:_characters]
    likely = likely[chances[likely] > 0]
    if not len(likely):
        return
    rows = _after(found, likely, at)
    drawn_from = probabilities(rows.weights, temperature=asked.daring)
    told = probabilities(rows.weights)
    rng = np.random.default_rng(seed % 2**63)
    some = min(count, int((drawn_from > 0).sum()))
    for row in rng.choice(len(likely), some, replace=False, p=drawn_from):
        yield Made((int(likely[row]),), float(told[row]))


def _before(voice: Voice, sheet: Sheet, at: int) -> Rows:
    """One row that has read all that stands before a place."""
    found = Rows.begin(voice, sheet, 1)
    for place in range(at):
        _write_given(found, place)
    return found


def _after(found: Rows, symbols: np.ndarray, at: int) -> Rows:
    """A row for each symbol that may stand at a place, weighed by it and by all that follows."""
    chances = found.chances()[0, symbols]
    found.keep(np.zeros(len(symbols), np.int64))
    found.weights = np.log(chances + 1e-300)
    for poem, symbol in zip(found.poems, symbols.tolist(), strict=True):
        poem.append(symbol)
    found.write(symbols)
    form = found.sheet.rules.form
    if at in form.ends:
        found.end_line()
    for place in range(at + 1, form.size):
        _write_given(found, place)
    return found


def _write_given(found: Rows, place: int) -> None:
    found.given(found.sheet.rules.given[place], found.chances())
    if place in found.sheet.rules.form.ends:
        found.end_line()


def _passages(
    voice: Voice,
    sheet: Sheet,
    marked: tuple[int, ...],
    former: tuple[int, ...],
    asked: RuleParameters,
    seed: int,
    count: int,
) -> Iterator[Made]:
    """Passages drawn by how well they fit; tried again, more daringly, where too few differ."""
    taken, rng = {former}, np.random.default_rng(seed % 2**63)
    for attempt in range(_tries):
        style = Style(temperature=asked.daring * (1 + attempt / 2), top_p=1 if attempt else 0.95)
        *_earlier, rows = draw(voice, sheet, rng, style, _rows)
        shares: dict[tuple[int, ...], float] = {}
        for poem, share in zip(rows.poems, rows.shares().tolist(), strict=True):
            passage = tuple(poem[at] for at in marked)
            shares[passage] = shares.get(passage, 0.0) + share
        left = {each: share for each, share in shares.items() if each not in taken and share > 0}
        while left and len(taken) <= count:
            chances = np.array(list(left.values()))
            drawn = list(left)[int(rng.choice(len(left), p=chances / chances.sum()))]
            taken.add(drawn)
            del left[drawn]
            yield Made(drawn)
        if len(taken) > count:
            return


def _letters(voice: Voice, poem: Poem, made: Made) -> list[str]:
    letters = [voice.symbols[symbol] for symbol in made.symbols]
    return [traditional(each) for each in letters] if poem.is_traditional else letters


def _in_place(request: EditRequest, poem: Poem, letters: Mapping[int, str]) -> str:
    """What comes in place of the span: all in it but the characters stays."""
    start, stop = request.span.start, request.span.stop
    found = list(poem.text[start:stop])
    for at, letter in letters.items():
        found[poem.places[at] - start] = letter
    return "".join(found)


def _unknown(voice: Voice, poem: Poem, marked: tuple[int, ...]) -> Localized | None:
    stands = [each for at, each in enumerate(poem.characters) if at not in set(marked)]
    unknown = [each for each in stands if not voice.number(each)]
    return not_known(unknown) if unknown else None


def _fewer(count: int) -> dict[str, str]:
    return {
        "en": f"Only {count} different ways were found that keep form and rhyme: mark more, or let "
        "rhyme or tones go.",
        "zh": f"保持体裁与韵只找到 {count} 种写法：可多选几字，或放宽押韵、平仄。",
    }
