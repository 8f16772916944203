"""What the measures of a model say, in words: what it lacks, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aigc_studio.api import Message

LITTLE = 200
"""Tunes below which a style is hardly learnt."""
_HARDLY, _WELL = 0.97, 0.8
"""Shares of the Markov chain's nats: above, it has hardly learnt; below, it has well."""
_OVER_FITTED = 0.3
_FAR = 3.0
"""How many times as far from real tunes as those are from each other is too far."""
_FLOOR = {"pitch_class_distance": 0.04, "interval_distance": 0.2, "duration_distance": 0.04}
"""Distances below which nobody hears a difference."""
_FORMLESS, _STUCK = 0.5, 1.8
_SAME = 0.7
_WHAT = {
    "pitch_class_distance": ("pitch classes", "音级"),
    "interval_distance": ("intervals", "音程"),
    "duration_distance": ("durations", "时值"),
}


def verdicts(measured: Mapping[str, float], *, tunes: int) -> Iterator[Message]:
    """Sentences on what was measured, the gravest first; one that all is well if nothing is wrong.

    `tunes` is how many it learnt from, 0 where that is not known.
    """
    found = [
        *_learnt(measured),
        *_broken(measured),
        *_by_heart(measured),
        *_fit(measured, tunes),
        *_variety(measured),
        *_form(measured),
        *_unlike(measured),
    ]
    if not found and "nats_per_note" in measured:
        found.append(_well(measured))
    yield from found


def _learnt(measured: Mapping[str, float]) -> Iterator[Message]:
    share = measured.get("of_markov")
    if share is None or share < _HARDLY:
        return
    yield _message(
        f"It has hardly learnt anything yet: a Markov chain that only counts expects the notes as "
        f"well ({share:.2f} of its nats). Train it longer.",
        "它几乎还没有学到什么：只靠计数的马尔可夫链预料音符也不比它差"
        f"（奈特数之比为 {share:.2f}）。请延长训练。",
    )


def _broken(measured: Mapping[str, float]) -> Iterator[Message]:
    whole = measured.get("whole_bars")
    if whole is not None and whole < 1:
        yield _message(
            f"Of 100 tunes only {int(whole * 100)} have as many bars as asked, each whole: this is "
            "a fault of the generator. Please report it.",
            f"100 首曲子中只有 {int(whole * 100)} 首小节数与要求一致且每小节完整："
            "这是生成器的缺陷，请反馈。",
        )


def _by_heart(measured: Mapping[str, float]) -> Iterator[Message]:
    share, longest = measured.get("copied_tunes", 0.0), measured.get("longest_run", 0.0)
    if share <= 0:
        return
    count = max(1, round(share * 100))
    yield _message(
        f"It copies: {count} of 100 tunes share a run of more than 16 intervals with a tune that "
        f"it learnt; the longest has {longest:.0f}. Take more tunes, train less long, or ask for "
        "more daring.",
        f"它在照抄：100 首曲子中有 {count} 首与学过的曲子有超过 16 个音程的相同片段，"
        f"最长的有 {longest:.0f} 个。请增加曲子、缩短训练，或提高大胆程度。",
    )


def _fit(measured: Mapping[str, float], tunes: int) -> Iterator[Message]:
    held, learnt = measured.get("nats_per_note"), measured.get("learnt_nats_per_note")
    if held is None or learnt is None or held <= 0 or (held - learnt) / held < _OVER_FITTED:
        return
    if 0 < tunes < LITTLE:
        yield _message(
            f"Too few tunes: it knows its {tunes:,} well ({learnt:.2f} nats a note) and others "
            f"much less ({held:.2f}). A style takes about {LITTLE:,}.",
            f"曲子太少：它很熟悉这 {tunes:,} 首（每音符 {learnt:.2f} 奈特），"
            f"对其他曲子则差得多（{held:.2f}）。学会一种风格约需 {LITTLE:,} 首。",
        )
    else:
        yield _message(
            f"It is over-fitted: {learnt:.2f} nats a note of what it learnt, {held:.2f} of what it "
            "has not seen. Take more tunes, train less long, or leave out more (dropout).",
            f"它过拟合了：学过的曲子每音符 {learnt:.2f} 奈特，未见的为 {held:.2f}。"
            "请增加曲子、缩短训练，或提高丢弃率（dropout）。",
        )


def _variety(measured: Mapping[str, float]) -> Iterator[Message]:
    diversity = measured.get("diversity")
    mine, usual = (measured.get(f"openings{end}", 1.0) for end in ("", "_unseen"))
    if diversity is not None and diversity < _SAME:
        yield _message(
            f"Its tunes are much alike: {diversity:.0%} as varied as real ones. Ask for more "
            "daring, or learn from more tunes.",
            f"它写的曲子彼此很像：多样性只有真实曲子的 {diversity:.0%}。"
            "可提高大胆程度，或用更多曲子训练。",
        )
    elif mine < _SAME * usual:
        yield _message(
            f"Its tunes often begin alike: {mine:.0%} begin as no other does, of real tunes "
            f"{usual:.0%}. Ask for more daring.",
            f"它写的曲子常有相同的开头：{mine:.0%} 的开头与众不同，真实曲子为 {usual:.0%}。"
            "可提高大胆程度。",
        )


def _form(measured: Mapping[str, float]) -> Iterator[Message]:
    pairs = [(measured.get(f"repeats_{n}"), measured.get(f"repeats_{n}_unseen")) for n in (4, 8)]
    told = [(mine, real) for mine, real in pairs if mine is not None and real]
    if not told:
        return
    mine, real = (sum(column) / len(told) for column in zip(*told, strict=True))
    if mine < _FORMLESS * real:
        yield _message(
            f"Its tunes have little form: {mine:.0%} is as it was 4 or 8 bars before, in real "
            f"tunes {real:.0%}. Longer training helps, or less daring.",
            f"它写的曲子缺少曲式：{mine:.0%} 与 4 或 8 小节前相同，真实曲子为 {real:.0%}。"
            "延长训练或降低大胆程度会有帮助。",
        )
    elif mine > _STUCK * real:
        yield _message(
            f"Its tunes go in circles: {mine:.0%} is as it was 4 or 8 bars before, in real tunes "
            f"{real:.0%}. Ask for more daring.",
            f"它写的曲子在兜圈子：{mine:.0%} 与 4 或 8 小节前相同，真实曲子为 {real:.0%}。"
            "可提高大胆程度。",
        )


def _unlike(measured: Mapping[str, float]) -> Iterator[Message]:
    far = [
        words
        for name, words in _WHAT.items()
        if measured.get(name, 0.0) > max(_FLOOR[name], _FAR * measured.get(f"{name}_unseen", 0.0))
    ]
    if not far:
        return
    *before, last = far
    english, chinese = (
        f"{comma.join(each[side] for each in before)}{joint if before else ''}{last[side]}"
        for side, comma, joint in ((0, ", ", " and "), (1, "、", "和"))
    )
    yield _message(
        f"What it writes has other {english} than real tunes.",
        f"它写的曲子的{chinese}与真实曲子不同。",
    )


def _well(measured: Mapping[str, float]) -> Message:
    share = measured.get("of_markov")
    beside, beside_zh = "", ""
    if share is not None and share < _WELL:
        beside = "It is much surer of notes that it has not seen than a chain that only counts "
        beside += f"({share:.2f} of its nats). "
        beside_zh = f"对未见的音符，它比只靠计数的链更有把握（奈特数之比为 {share:.2f}）。"
    return _message(
        f"{beside}Its tunes are whole, varied and new, and much as real ones are.",
        f"{beside_zh}它写的曲子完整、多样而新颖，与真实曲子相近。",
        "info",
    )


def _message(en: str, zh: str, level: str = "warning") -> Message:
    return Message({"en": en, "zh": zh}, "info" if level == "info" else "warning")
