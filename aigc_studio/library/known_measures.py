"""The measures that the studio has words for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from aigc_studio.translation import _

Better = Literal["", "lower", "higher", "one"]
"""Which way a measure is better: `one` where it is best at 1, and worse above as well as below."""
Scale = Literal["", "shares", "nats"]
"""Measures of one scale share a chart."""


@dataclass(frozen=True)
class Measure:
    """One measure: its `name`, its `title` with the direction, which way is `better`, its `scale`,
    and what a value means in `plain` words; None where there are no such words."""

    name: Callable[[], str]
    title: Callable[[], str]
    better: Better = ""
    scale: Scale = ""
    plain: Callable[[float], str] | None = None


MEASURES: dict[str, Measure] = {
    "label_accuracy": Measure(
        lambda: _("Label accuracy"),
        lambda: _("Label accuracy (1 is always right)"),
        "higher",
        "shares",
        lambda value: _("reads right {n} times in 100").format(n=round(value * 100)),
    ),
    "frechet_distance": Measure(
        lambda: _("Fréchet distance"),
        lambda: _("Fréchet distance (less is better)"),
        "lower",
    ),
    "psnr_db": Measure(
        lambda: _("PSNR (dB)"),
        lambda: _("Peak signal to noise in dB (more is better)"),
        "higher",
    ),
    "ssim": Measure(
        lambda: _("Structural similarity"),
        lambda: _("Structural similarity (1 is the same)"),
        "higher",
        "shares",
    ),
    "nats_per_character": Measure(
        lambda: _("Nats a character"),
        lambda: _("Nats a character (less is better)"),
        "lower",
        "nats",
        lambda value: _("as unsure of each character as among {n} equally likely ones").format(
            n=_choices(value)
        ),
    ),
    "bits_per_character": Measure(
        lambda: _("Bits a character"),
        lambda: _("Bits a character (less is better)"),
        "lower",
    ),
    "perplexity_per_word": Measure(
        lambda: _("Perplexity a word"),
        lambda: _("Perplexity a word (less is better)"),
        "lower",
        plain=lambda value: _("as unsure of each word as among {n} equally likely ones").format(
            n=_choices(math.log(max(value, 1.0)))
        ),
    ),
    "distinct_2": Measure(
        lambda: _("Different pairs"),
        lambda: _("Different pairs of words or characters (as in real texts is best)"),
        scale="shares",
    ),
    "self_bleu": Measure(
        lambda: _("Likeness of samples"),
        lambda: _("Likeness of samples to each other, self-BLEU (as in real texts is best)"),
        scale="shares",
    ),
    "memorised_share": Measure(
        lambda: _("Written by heart"),
        lambda: _("Share written by heart (less is better)"),
        "lower",
        "shares",
        lambda value: _("{n} in 100 characters stand in longer runs of what it learnt from").format(
            n=round(value * 100)
        ),
    ),
    "longest_copy": Measure(
        lambda: _("Longest copy"),
        lambda: _("Characters of the longest copied run (less is better)"),
        "lower",
        plain=lambda value: _("the longest run that it copied has {n} characters").format(
            n=f"{value:,.0f}"
        ),
    ),
    "new_lines": Measure(
        lambda: _("New lines"),
        lambda: _("Share of new lines (1: none stands in the data)"),
        "higher",
        "shares",
        lambda value: _("{n} of 100 lines that it writes are new").format(n=round(value * 100)),
    ),
    "characters_per_second": Measure(
        lambda: _("Characters a second"),
        lambda: _("Characters a second (more is faster)"),
        "higher",
    ),
    "nats_per_note": Measure(
        lambda: _("Nats a note"),
        lambda: _("Nats a note (less is better)"),
        "lower",
        "nats",
        lambda value: _("as unsure of each note as among {n} equally likely ones").format(
            n=_choices(value)
        ),
    ),
    "precision": Measure(
        lambda: _("Precision"),
        lambda: _("Precision: how real (1 is best)"),
        "higher",
        "shares",
        lambda value: _("{n} in 100 lie among real ones").format(n=round(value * 100)),
    ),
    "recall": Measure(
        lambda: _("Recall"),
        lambda: _("Recall: how varied (1 is best)"),
        "higher",
        "shares",
        lambda value: _("{n} in 100 real ones lie among what it makes").format(
            n=round(value * 100)
        ),
    ),
    "told_apart": Measure(
        lambda: _("Told from real ones"),
        lambda: _("Told from real ones (0.5 is chance, less is better)"),
        "lower",
        "shares",
        lambda value: _("told from real ones {n} times in 100 (50 is chance)").format(
            n=round(value * 100)
        ),
    ),
    "diversity_within": Measure(
        lambda: _("Diversity within a class"),
        lambda: _("Diversity within a class (1 is as varied as real ones)"),
        "one",
        plain=lambda value: _("those of one class are {n} % as varied as real ones").format(
            n=round(value * 100)
        ),
    ),
    "diversity": Measure(
        lambda: _("Diversity"),
        lambda: _("Diversity (1 is as varied as real ones)"),
        "one",
        plain=lambda value: _("{n} % as varied as real ones").format(n=round(value * 100)),
    ),
    "copied_share": Measure(
        lambda: _("Share of copies"),
        lambda: _("Share of copies (less is better, 0.01 is honest)"),
        "lower",
        "shares",
        lambda value: _("{n} in 1,000 are suspiciously near to an example").format(
            n=f"{value * 1000:.0f}"
        ),
    ),
    "judge_accuracy": Measure(
        lambda: _("The judge on real ones"),
        lambda: _("The judge on real ones (1 is always right)"),
        scale="shares",  # it tells how far the other measures can be trusted
    ),
    "images_per_second": Measure(
        lambda: _("Pictures a second"),
        lambda: _("Pictures a second (more is faster)"),
        "higher",
    ),
}
"""The measures by the names that plugins give them."""


def _choices(nats: float) -> str:
    """The number of equally likely things that leaves one as unsure as so many nats."""
    number = math.exp(min(nats, 20.0))
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"
