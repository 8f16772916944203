"""A poem as a person typed it: where its lines are, with or without title and punctuation."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from aigc_studio.toolkit.sequences import simplified
from rnn_text.verse.forms import Form

_run = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_aside = re.compile(r"《[^》\n]*》|【[^】\n]*】|（[^）\n]*）|\([^)\n]*\)|\[[^\]\n]*\]")
_longest_line, _most_characters = 11, 240
"""Of lines of different lengths, as in a *ci*: no longer, and no more characters than these in all.
What runs on for longer is prose, and drawing all of it anew by rules took minutes."""
NO_VERSE = {
    "en": "There is no verse in this text: a poem has two lines of Chinese characters at least, "
    "all of one length, or few and short.",
    "zh": "此文本中没有诗：诗至少有两句汉字，各句等长，或句短而少。",
}
_title_rows = 2
"""So many rows above a poem may be its title and who wrote it."""
_title_characters = 24
_ends = tuple("，。！？；、：,.!?;:")
_fewest_below = 4
"""Lines that stand below rows that are taken for a title by nothing but their own lengths."""


@dataclass(frozen=True)
class Poem:
    """The verse in a text. `places` are the code points where its characters stand, in order;
    titles, asides in brackets and punctuation are no part of it."""

    text: str
    places: tuple[int, ...]
    form: Form

    @property
    def characters(self) -> str:
        """Its characters as they were typed, one after another."""
        return "".join(self.text[place] for place in self.places)

    @property
    def plain(self) -> str:
        """Its characters in simplified script, as many."""
        return simplified(self.characters)

    @property
    def is_traditional(self) -> bool:
        """Whether it was typed in traditional characters."""
        return self.plain != self.characters

    @property
    def lines(self) -> list[str]:
        """Its lines in simplified script, without punctuation."""
        plain, found, start = self.plain, [], 0
        for length in self.form.lengths:
            found.append(plain[start : start + length])
            start += length
        return found

    def within(self, start: int, stop: int) -> tuple[int, ...]:
        """The numbers of the characters between two code points of the text."""
        return tuple(at for at, place in enumerate(self.places) if start <= place < stop)


def read_poem(text: str, forms: Collection[str] = ()) -> Poem | None:
    """The poem in a text; None where there is not as much as two lines, and for prose.

    The four regular forms are found before others; `forms` are names of more that are looked for.
    Rows above that do not fit are a title, and so are short ones above lines of one length. Lines
    that run on without punctuation are cut where a regular form would.
    """
    rows = _rows_of(text)
    first: Poem | None = None
    below: Poem | None = None
    for wanted in ("regular", "known", "any"):
        for skipped in range(min(_title_rows + 1, len(rows))):
            above = rows[:skipped]
            if any(text[row[-1][1] : row[-1][1] + 1] in _ends for row in above):
                break  # a sentence is no title
            runs = [run for row in rows[skipped:] for run in row]
            for lines in (runs, _cut(runs)):
                poem = _poem(text, lines)
                if poem is None or _is_part(above, poem.form):
                    continue
                is_known = wanted == "known" and poem.form.name in forms
                if is_known or (wanted == "regular" and poem.form.is_regular):
                    return poem
                if first is None and not skipped and _may_be_verse(poem.form):
                    first = poem
                if below is None and _is_title(above) and _is_even(poem.form):
                    below = poem
    return below or first


def _is_part(above: Sequence[Sequence[tuple[int, int]]], form: Form) -> bool:
    """Whether rows above a poem of even lines are lines of it: as long, and whole couplets."""
    lengths = [stop - start for row in above for start, stop in row]
    return bool(lengths) and len(lengths) % 2 == 0 and {*lengths} == {*form.lengths}


def _is_title(rows: Sequence[Sequence[tuple[int, int]]]) -> bool:
    """Whether rows are as short as a title; no rows are."""
    return all(sum(stop - start for start, stop in row) <= _title_characters for row in rows)


def _is_even(form: Form) -> bool:
    """Whether it is lines of one length, and several of them."""
    return len(set(form.lengths)) == 1 and len(form.lengths) >= _fewest_below


def _may_be_verse(form: Form) -> bool:
    """Whether lines of such lengths can be a poem: all as long as each other, or few and short."""
    if len(set(form.lengths)) == 1:
        return True
    return max(form.lengths) <= _longest_line and form.size <= _most_characters


def _poem(text: str, runs: list[tuple[int, int]]) -> Poem | None:
    if len(runs) < 2:
        return None
    places = tuple(place for start, stop in runs for place in range(start, stop))
    return Poem(text, places, Form(tuple(stop - start for start, stop in runs)))


def _rows_of(text: str) -> list[list[tuple[int, int]]]:
    """The runs of characters in each row that has any, by code points."""
    bare = _aside.sub(lambda found: " " * len(found[0]), text)
    rows, start = [], 0
    for row in bare.split("\n"):
        runs = [(start + found.start(), start + found.end()) for found in _run.finditer(row)]
        if runs:
            rows.append(runs)
        start += len(row) + 1
    return rows


def _cut(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Runs cut into lines of five or seven, where that makes a regular form."""
    total = sum(stop - start for start, stop in runs)
    for width in (5, 7):
        if total in (4 * width, 8 * width) and not any((b - a) % width for a, b in runs):
            return [(at, at + width) for a, b in runs for at in range(a, b, width)]
    return []
