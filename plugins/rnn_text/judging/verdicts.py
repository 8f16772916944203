"""What the measures of a model say, in words: what it lacks, and what to do about it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from aigc_studio.api import Message

LITTLE = 100_000
"""Characters below which a voice is hardly learnt."""
_OVER_FITTED, _UNDER_FITTED = 0.25, 0.03
_HARDLY = 0.9
"""Share of the nats of whoever only counts letters: above, it has hardly learnt, and nothing else
that is measured says anything."""
_BY_HEART = 0.05
_SAME = 0.7


def verdicts(
    measured: Mapping[str, float], *, characters: int, least: int, symbols: int
) -> Iterator[Message]:
    """Sentences on what was measured, the gravest first; one that all is well if nothing is wrong.

    `characters` is how much it learnt from, `least` from what length on a run is a copy, `symbols`
    how many there are in its alphabet.
    """
    found = [*_by_heart(measured, least), *_fit(measured, characters), *_alike(measured)]
    nats = measured.get("nats_per_character")
    counted = measured.get("unigram_nats_per_character", math.inf)
    if nats is not None and nats > _HARDLY * min(counted, math.log(max(symbols, 2))):
        found = [_message(
            "It has hardly learnt anything yet: whoever only counts how often each letter comes "
            "expects the next one nearly as well. Train it longer.",
            "它几乎还没有学到什么：只数每个字符出现的次数，猜下一个字符也差不多一样准。"
            "请延长训练。",
        )]  # fmt: skip
    if not found and nats is not None:
        found.append(
            _message(
                "It is about as sure of what it has not seen as of what it learnt, and does not "
                "write by heart.",
                "它对未见文本与学过的文本把握相近，也没有照抄。",
                "info",
            )
        )
    yield from found


def _by_heart(measured: Mapping[str, float], least: int) -> Iterator[Message]:
    share, usual = (measured.get(f"memorised_share{end}", 0.0) for end in ("", "_unseen"))
    if share < max(_BY_HEART, 2 * usual):
        return
    yield _message(
        f"It writes by heart: {share:.0%} of its characters stand in runs of {least} or more of "
        f"what it learnt from (of texts that it has not seen: {usual:.0%}). Take more text, train "
        "less long, or leave out more (dropout).",
        f"它在照抄：{share:.0%} 的字符处于长度不少于 {least}、训练文本中也有的片段中"
        f"（未见文本为 {usual:.0%}）。请增加文本、缩短训练，或提高丢弃率（dropout）。",
    )


def _fit(measured: Mapping[str, float], characters: int) -> Iterator[Message]:
    held, learnt = (
        measured.get(name) for name in ("nats_per_character", "learnt_nats_per_character")
    )
    if held is None or learnt is None or held <= 0:
        return
    gap = (held - learnt) / held
    if gap > _OVER_FITTED and 0 < characters < LITTLE:
        yield _message(
            f"Too little text: it knows its {characters:,} characters well ({learnt:.2f} nats "
            f"each) and others much less ({held:.2f}). A voice takes about {LITTLE:,}.",
            f"文本太少：它很熟悉这 {characters:,} 个字符（每字符 {learnt:.2f} nat），"
            f"对其他文本则差得多（{held:.2f}）。学会一种文风约需 {LITTLE:,} 个字符。",
        )
    elif gap > _OVER_FITTED:
        yield _message(
            f"It is over-fitted: {learnt:.2f} nats a character of what it learnt, {held:.2f} of "
            "what it has not seen. Take more text, or leave out more (dropout).",
            f"它过拟合了：学过的文本每字符 {learnt:.2f} nat，未见的为 {held:.2f}。"
            "请增加文本，或提高丢弃率（dropout）。",
        )
    elif gap < _UNDER_FITTED:
        yield _message(
            "It is no surer of what it learnt than of other texts: longer training, or a wider "
            "net, may still help.",
            "它对学过的文本并不比对其他文本更有把握：延长训练或加宽网络可能仍有帮助。",
            "info",
        )


def _alike(measured: Mapping[str, float]) -> Iterator[Message]:
    mine, usual = (measured.get(f"distinct_2{end}", 0.0) for end in ("", "_unseen"))
    if usual and mine < _SAME * usual:
        yield _message(
            f"What it writes repeats itself: {mine:.0%} of the pairs are different, {usual:.0%} in "
            "texts that it has not seen. Ask for more daring.",
            f"它写的内容有重复：{mine:.0%} 的二元组互不相同，未见文本中为 {usual:.0%}。"
            "可提高大胆程度。",
        )


def _message(en: str, zh: str, level: str = "warning") -> Message:
    return Message({"en": en, "zh": zh}, "info" if level == "info" else "warning")
