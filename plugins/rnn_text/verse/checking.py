"""Rhyme and tones of a poem, judged by how the poets rhymed and told character by character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aigc_studio.api import (
    Annotation,
    EvaluateRequest,
    Event,
    Localized,
    Message,
    Span,
)
from rnn_text.verse.forms import Form
from rnn_text.verse.metre import Fit, fit_of
from rnn_text.verse.poems import NO_VERSE, Poem, read_poem
from rnn_text.verse.readings import (
    groups_of,
    neighbours_of,
    rhyme_of,
    tone_of_group,
    tones_of,
)

_BROKEN, _NEAR, _UNKNOWN, _KEPT = 1.0, 0.5, 0.35, 0.0
_regulated = 0.8
"""A poem that keeps to less of its best pattern is told to be in the old style."""


@dataclass(frozen=True)
class Judged:
    """What is found of a poem: its `form`; the `group` that its even lines rhyme in (empty for
    none) and how many of the `even` lines do; how it fits its nearest tone pattern (None where the
    form has none)."""

    form: Form
    group: str
    rhymed: int
    even: int
    fit: Fit | None

    @property
    def bound(self) -> int:
        """Places whose tone is bound."""
        return self.fit.bound if self.fit is not None else 0

    @property
    def kept(self) -> int:
        """Bound places that are as the pattern wants them, or may be."""
        return self.fit.bound - len(self.fit.broken) if self.fit is not None else 0


def judge_poem(text: str, forms: Sequence[str] = ()) -> Judged | None:
    """Judge the poem in a text; None where there is none."""
    poem = read_poem(text, forms)
    return None if poem is None else _judged(poem)


def _judged(poem: Poem) -> Judged:
    lines, plain = poem.lines, poem.plain
    group, count = rhyme_of(line[-1] for line in lines[1::2])
    fit = fit_of([tones_of(each) for each in plain], poem.form)
    return Judged(poem.form, group, count, len(lines) // 2, fit)


def check_verse(request: EvaluateRequest) -> Iterator[Event]:
    """Tell of each character of a poem how it sounds and whether that is as the form wants it."""
    text = request.text.value
    poem = read_poem(text)
    if poem is None:
        yield Message(NO_VERSE)
        return
    judged = _judged(poem)
    places = poem.places
    for at, letter in enumerate(poem.plain):
        value, english, chinese = _told(poem, judged, at, letter)
        told = {"en": f"{letter}: {english}.", "zh": f"{letter}：{chinese}。"}
        yield Annotation(Span(places[at], places[at] + 1), value, told)
    yield Message(_limits())
    yield Message(summary(judged))  # last, because the window shows the newest on top


def _told(poem: Poem, judged: Judged, at: int, letter: str) -> tuple[float, str, str]:
    """What is said of one character: how strongly, in English, in Chinese."""
    value, english, chinese = _tone_told(judged, at, letter)
    ends = poem.form.ends
    if at in ends[1::2]:
        rhyme = _rhyme_told(judged, letter)
        return max(value, rhyme[0]), f"{english}; {rhyme[1]}", f"{chinese}；{rhyme[2]}"
    return value, english, chinese


def _tone_told(judged: Judged, at: int, letter: str) -> tuple[float, str, str]:
    tones, wanted = tones_of(letter), None
    if judged.fit is not None and judged.fit.kept >= _regulated:
        wanted = judged.fit.pattern.places[at]
    if not tones:
        return _UNKNOWN, "its tone is not known here", "声调未知"
    english = " or ".join(sorted(_tone_names(letter, english=True)))
    chinese = "或".join(sorted(_tone_names(letter, english=False)))
    if wanted is None:
        return _KEPT, f"{english}, free here", f"{chinese}，此处不论"
    named = {"level": "平", "oblique": "仄"}[wanted]
    assert judged.fit is not None
    if at in judged.fit.broken:
        return _BROKEN, f"{english}, where the pattern wants {wanted}", f"{chinese}，此处应{named}"
    return _KEPT, f"{english}, as the pattern wants", f"{chinese}，合律（应{named}）"


def _tone_names(letter: str, *, english: bool) -> set[str]:
    names = {"level": ("level", "平"), "oblique": ("oblique", "仄")}
    return {names[tone][0 if english else 1] for tone in tones_of(letter)}


def _rhyme_told(judged: Judged, letter: str) -> tuple[float, str, str]:
    groups = groups_of(letter)
    listed = " / ".join(sorted(groups))
    if not groups:
        return _UNKNOWN, "its rhyme is not known here", "韵部未知"
    if not judged.group:
        return _BROKEN, f"no rhyme ({listed})", f"不押韵（{listed}）"
    if judged.group in groups:
        return _KEPT, f"rhymes in {judged.group}", f"押{judged.group}韵"
    if groups & neighbours_of(judged.group):
        return (
            _NEAR,
            f"a near rhyme: {listed} beside {judged.group}",
            f"邻韵：{listed}，与{judged.group}相近",
        )
    return (
        _BROKEN,
        f"does not rhyme: {listed}, not {judged.group}",
        f"出韵：{listed}，非{judged.group}",
    )


def summary(judged: Judged) -> Localized:
    """A poem in a sentence or two: its form, its rhyme, its tones."""
    title = judged.form.title
    english, chinese = (title, title) if isinstance(title, str) else (title["en"], title["zh"])
    if judged.group:
        english += f"; {judged.rhymed} of {judged.even} even lines rhyme in {judged.group}"
        chinese += f"；{judged.even} 个偶数句中 {judged.rhymed} 句押{judged.group}韵"
    else:
        english += "; the even lines do not rhyme"
        chinese += "；偶数句不押韵"
    fit = judged.fit
    if fit is None:
        return {
            "en": f"{english}; the form has no tone pattern.",
            "zh": f"{chinese}；此体裁无平仄格律。",
        }
    style_en, style_zh = _style(judged, fit)
    return {
        "en": f"{english}; {judged.kept} of {fit.bound} bound tones are kept{style_en}.",
        "zh": f"{chinese}；应论平仄的 {fit.bound} 字中 {judged.kept} 字合律{style_zh}。",
    }


def _style(judged: Judged, fit: Fit) -> tuple[str, str]:
    if judged.group and tone_of_group(judged.group) == "oblique":
        return " (an oblique rhyme: a poem in the old style)", "（押仄韵，属古体）"
    if fit.kept < _regulated:
        return " (a poem in the old style)", "（属古体）"
    unknown = len(fit.unknown)
    return (f", {unknown} are not known", f"，{unknown} 字未知") if unknown else ("", "")


def _limits() -> Localized:
    return {
        "en": "Judged by how the poets of the Tang rhymed, which was learnt from their poems, and "
        "not by today's speech. Of a character with several readings all are taken to be right: "
        "which one is meant is not known, nor are the oblique tones told apart.",
        "zh": "依唐代诗人的用韵判断（由诗作中习得），而非今音。"
        "多音字的各读音均视为可用：无法判断取哪一音，也不区分上、去、入声。",
    }
