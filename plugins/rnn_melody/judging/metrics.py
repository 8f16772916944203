"""What the measures of this generator are called. Imported to describe it: no torch, no numpy."""

from __future__ import annotations

from typing import Literal

from aigc_studio.api import Measure


def _measure(
    en: str, zh: str, unit: str = "", better: Literal["", "lower", "higher"] = ""
) -> Measure:
    return Measure(title={"en": en, "zh": zh}, unit=unit, better=better)


METRICS = {
    "of_markov": _measure(
        "Nats a note as a share of the Markov chain's", "每音符奈特数与马尔可夫链之比", "", "lower"
    ),
    "markov_nats_per_note": _measure(
        "An order-3 Markov chain under the same conditions", "同条件下的三阶马尔可夫链", "nat"
    ),
    "unigram_nats_per_note": _measure(
        "A unigram under the same conditions", "同条件下的一元模型", "nat"
    ),
    "learnt_nats_per_note": _measure(
        "Nats a note of what it learnt from", "对学过的曲子的每音符奈特数", "nat"
    ),
    "whole_bars": _measure(
        "Tunes with as many bars as asked, each whole", "小节数与要求一致且每小节完整的曲子比例",
        "", "higher",
    ),
    "key_fit": _measure("Time in the scale of the key", "落在调内音阶上的时值比例"),
    "key_fit_unseen": _measure("The same of real tunes", "真实曲子落在调内音阶上的时值比例"),
    "pitch_class_distance": _measure(
        "Pitch classes: how far from real tunes", "音级：与真实曲子的差距", "", "lower"
    ),
    "pitch_class_distance_unseen": _measure(
        "Pitch classes: real tunes from real tunes", "音级：真实曲子之间的差距"
    ),
    "interval_distance": _measure(
        "Intervals: semitones from real tunes", "音程：与真实曲子相差的半音数", "", "lower"
    ),
    "interval_distance_unseen": _measure(
        "Intervals: real tunes from real tunes", "音程：真实曲子之间相差的半音数"
    ),
    "duration_distance": _measure(
        "Durations: quarter notes from real tunes", "时值：与真实曲子相差的四分音符数", "", "lower"
    ),
    "duration_distance_unseen": _measure(
        "Durations: real tunes from real tunes", "时值：真实曲子之间相差的四分音符数"
    ),
    "range": _measure("Range in semitones", "音域（半音）"),
    "range_unseen": _measure("Range of real tunes", "真实曲子的音域（半音）"),
    "repeats_4": _measure("As it was 4 bars before", "与 4 小节前相同的比例"),
    "repeats_4_unseen": _measure("The same of real tunes, 4 bars", "真实曲子与 4 小节前相同的比例"),
    "repeats_8": _measure("As it was 8 bars before", "与 8 小节前相同的比例"),
    "repeats_8_unseen": _measure("The same of real tunes, 8 bars", "真实曲子与 8 小节前相同的比例"),
    "openings": _measure("Tunes that begin as no other does", "开头与众不同的曲子比例"),
    "openings_unseen": _measure("The same of real tunes, openings", "开头与众不同的真实曲子比例"),
    "longest_run": _measure(
        "Intervals of the longest run that stands in a tune it learnt",
        "与学过的曲子相同的最长片段（音程数）", "", "lower",
    ),
    "longest_run_unseen": _measure(
        "The same of real tunes that it has not seen", "未见的真实曲子的最长相同片段（音程数）"
    ),
    "copied_tunes": _measure(
        "Tunes with a run of more than 16 copied intervals",
        "照抄超过 16 个音程的曲子比例",
        "",
        "lower",
    ),
    "tunes_per_second": _measure("Tunes a second", "每秒曲子数", "", "higher"),
}  # fmt: skip
"""The measures of its own, by name; `nats_per_note` and `diversity` have words of the studio's."""
