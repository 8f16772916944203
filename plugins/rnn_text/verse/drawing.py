"""Verse drawn under rules: many poems side by side, each weighed by what it was made to hold.

A particle filter (Gordon et al. 1993): where a rule or a given character takes the choice away, a
row counts as much less as the net expects what is left less; rows that count for little give way to
copies of others. So what stands before a given character, or before a rhyme, fits it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from aigc_studio.toolkit.sequences import sample
from rnn_text.verse.metre import Pattern
from rnn_text.verse.rules import Rules
from rnn_text.verse.voice import Floats, Numbers, State, Voice

ROWS = 16
"""So many are written side by side for each poem."""
_liking = 6.0
"""So many times likelier a character of the theme is made until it is there."""
_unlikely = -30.0
"""The most that one character can count against a row."""


@dataclass(frozen=True)
class Sheet:
    """What is to be written: `opening` is read first, `rules` say what may stand, `patterns` are
    the tone patterns that rows may keep to (none: tones are free). `breaks` are the symbols after
    each line, those of the net's choice where there is none. `theme` are symbols that are liked."""

    rules: Rules
    opening: Sequence[int]
    patterns: Sequence[Pattern] = ()
    breaks: Sequence[int] = ()
    theme: Sequence[int] = ()


@dataclass(frozen=True, kw_only=True)
class Style:
    """How characters are drawn: as `sequences.probabilities` does."""

    temperature: float = 0.8
    top_p: float = 0.95


@dataclass
class Rows:
    """Poems that are being written side by side. `poems` has the symbols of each one's characters,
    `weights` (rows,) is how well they fit, as logarithms; `scores` (rows,) are the net's nats for
    all their characters."""

    voice: Voice
    sheet: Sheet
    poems: list[list[int]]
    outputs: Floats
    state: State
    weights: np.ndarray[Any, np.dtype[np.float64]]
    scores: np.ndarray[Any, np.dtype[np.float64]]
    patterns: list[Pattern | None] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)

    @classmethod
    def begin(cls, voice: Voice, sheet: Sheet, count: int) -> Rows:
        """Rows that have read the opening."""
        outputs, state = voice.read(sheet.opening)
        zero = np.zeros(1)
        found = cls(voice, sheet, [[]], outputs, state, zero, zero.copy(), [None])
        found.spread(count)
        return found

    def __len__(self) -> int:
        return len(self.poems)

    def chances(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """What the net expects next: (rows, symbols), marks and the unknown left out."""
        logits = self.voice.steps.logits(self.outputs).astype(np.float64)
        logits -= logits.max(1, keepdims=True)
        chances = np.exp(logits)
        found: np.ndarray[Any, np.dtype[np.float64]] = chances / chances.sum(1, keepdims=True)
        return found

    def keep(self, rows: Sequence[int] | Numbers) -> None:
        """Go on with these rows, in this order; one may come several times."""
        chosen = np.asarray(rows, np.int64)
        self.poems = [list(self.poems[row]) for row in chosen]
        self.patterns = [self.patterns[row] for row in chosen]
        self.outputs = self.outputs[chosen]
        self.state = tuple(each[chosen] for each in self.state)
        self.weights, self.scores = self.weights[chosen], self.scores[chosen]

    def spread(self, count: int) -> None:
        """Make so many rows of the first, each with one of the tone patterns in turn."""
        self.keep(np.zeros(count, np.int64))
        if patterns := self.sheet.patterns:
            self.patterns = [patterns[n % len(patterns)] for n in range(count)]

    def write(self, numbers: Numbers) -> None:
        """Read one symbol more in each row."""
        self.outputs, self.state = self.voice.steps.advance(numbers, self.state)

    def given(self, number: int, chances: np.ndarray[Any, Any]) -> None:
        """Write a character that stands, and weigh the rows by how much it was expected."""
        if number:
            said = np.maximum(np.log(chances[:, number] + 1e-300), _unlikely)
            self.weights += said
            self.scores += said
        for poem in self.poems:
            poem.append(number)
        self.write(np.full(len(self), number, np.int64))

    def end_line(self) -> None:
        """Write what stands behind a line: as the sheet says, or as the net wants it."""
        line = len(self.breaks)
        wanted = self.sheet.breaks[line] if line < len(self.sheet.breaks) else 0
        if not wanted and self.voice.breaks.any():
            mean = (self.chances() * self.voice.breaks).sum(0)
            wanted = int(mean.argmax())
        self.breaks.append(wanted)
        if wanted:
            self.write(np.full(len(self), wanted, np.int64))

    def settle(self, rng: np.random.Generator) -> None:
        """Let rows that fit badly give way to copies of those that fit, where they are many."""
        if 1 / (self.shares() ** 2).sum() < len(self) / 2:
            self._resample(range(len(self)), rng)

    def _resample(self, rows: Sequence[int], rng: np.random.Generator) -> None:
        """As many rows as there are, copies of these by what they count; then all count alike."""
        shares = self.shares()[list(rows)].cumsum()
        points = (np.arange(len(self)) + rng.random()) / len(self) * shares[-1] * (1 - 1e-12)
        self.keep(np.array(rows)[np.minimum(np.searchsorted(shares, points), len(shares) - 1)])
        self.weights[:] = 0

    def commit(self, rng: np.random.Generator) -> None:
        """Go on with the rows that have all lines but the last in common with one drawn of them."""
        drawn = self.poems[int(rng.choice(len(self), p=self.shares()))]
        lengths = self.sheet.rules.form.lengths
        kept = len(drawn) - lengths[len(self.breaks) - 1]
        same = [row for row, poem in enumerate(self.poems) if poem[:kept] == drawn[:kept]]
        if len(same) < len(self):
            self._resample(same, rng)

    def shares(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """What each row counts: they sum to 1."""
        found: np.ndarray[Any, np.dtype[np.float64]] = np.exp(self.weights - self.weights.max())
        found /= found.sum()
        return found


def draw(
    voice: Voice,
    sheet: Sheet,
    rng: np.random.Generator,
    style: Style,
    rows: int = ROWS,
    *,
    commits: bool = False,
) -> Iterator[Rows]:
    """Write a poem in so many rows; yields them after each line, whole at last and not settled.

    With `commits` they agree on each line as soon as the next one stands, so that a poem grows.
    """
    form, given = sheet.rules.form, sheet.rules.given
    ends, first = set(form.ends), min(set(range(form.size)) - set(given), default=0)
    found = Rows.begin(voice, sheet, 1 if first else rows)
    for place in range(form.size):
        if place == first:  # what stands before is the same in all
            found.spread(rows)
        chances = found.chances()
        if place in given:
            found.given(given[place], chances)
            if place not in ends and place + 1 not in given:
                found.settle(rng)
        else:
            _draw_open(found, chances, rng, style)
        if place in ends:
            found.end_line()
            if place + 1 < form.size:
                if commits:
                    found.commit(rng)
                found.settle(rng)
            yield found


def allowed(found: Rows) -> Any:
    """Which symbols the rules allow each row next: bool (rows, symbols)."""
    rules = found.sheet.rules
    pairs = zip(found.poems, found.patterns, strict=True)
    return np.stack([rules.allowed(poem, pattern) for poem, pattern in pairs])


def _draw_open(
    found: Rows, chances: np.ndarray[Any, Any], rng: np.random.Generator, style: Style
) -> None:
    """Draw a character for each row from what the rules allow."""
    mask = allowed(found)
    if found.sheet.theme:
        chances = chances * _liked(found)
    said = np.log(chances + 1e-300)
    drawn = sample(
        np.where(mask, said, -np.inf), rng.random(len(found)),
        temperature=style.temperature, top_p=style.top_p,
    )  # fmt: skip
    found.weights += np.maximum(np.log((chances * mask).sum(1) + 1e-300), _unlikely)
    found.scores += np.maximum(said[np.arange(len(found)), drawn], _unlikely)
    for poem, number in zip(found.poems, drawn.tolist(), strict=True):
        poem.append(number)
    found.write(drawn)


def _liked(found: Rows) -> np.ndarray[Any, np.dtype[np.float64]]:
    """How much more each symbol counts (rows, symbols): those of the theme that are not there."""
    more = np.ones((len(found), len(found.voice.symbols)))
    for row, poem in enumerate(found.poems):
        more[row, list(set(found.sheet.theme) - set(poem))] = _liking
    return more
