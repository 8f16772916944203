"""Help for what is made of symbols one after another: texts and tunes alike.

A symbol is a string here (a character, a word, `"C4 1/8"`), and a number once a `Vocabulary` knows
it. Nothing but `windows`, `swift`, `whole` and `cells` needs torch, and they are imported only when
they are asked for: a plugin that learns without torch may use all the rest.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aigc_studio.toolkit.sequences.cells import GruCell, LstmCell, PlainCell
    from aigc_studio.toolkit.sequences.chinese import simplified, traditional
    from aigc_studio.toolkit.sequences.copying import Copy, copies, find_copies, longest_copy
    from aigc_studio.toolkit.sequences.gaps import frozen_but, gathered
    from aigc_studio.toolkit.sequences.judging import judge_text, name_pieces
    from aigc_studio.toolkit.sequences.likelihood import bits, nats, perplexity
    from aigc_studio.toolkit.sequences.markov import Markov
    from aigc_studio.toolkit.sequences.overlap import chrf
    from aigc_studio.toolkit.sequences.pairing import read_pairs
    from aigc_studio.toolkit.sequences.sampling import Chances, probabilities, sample
    from aigc_studio.toolkit.sequences.swift import swift_gru
    from aigc_studio.toolkit.sequences.tunes import (
        durations,
        estimated_key,
        intervals,
        line,
        mover_distance,
        pitch_classes,
        total_variation,
    )
    from aigc_studio.toolkit.sequences.variety import distinct, self_bleu
    from aigc_studio.toolkit.sequences.vocabulary import UNKNOWN, Vocabulary
    from aigc_studio.toolkit.sequences.whole import WholeMatrix
    from aigc_studio.toolkit.sequences.windows import (
        IGNORED,
        Carried,
        Excerpts,
        Stream,
        Window,
        nats_along,
    )

_homes = {
    "cells": ("GruCell", "LstmCell", "PlainCell"),
    "chinese": ("simplified", "traditional"),
    "copying": ("Copy", "copies", "find_copies", "longest_copy"),
    "judging": ("judge_text", "name_pieces"),
    "likelihood": ("bits", "nats", "perplexity"),
    "markov": ("Markov",),
    "overlap": ("chrf",),
    "pairing": ("read_pairs",),
    "sampling": ("Chances", "probabilities", "sample"),
    "gaps": ("frozen_but", "gathered"),
    "swift": ("swift_gru",),
    "tunes": (
        "durations",
        "estimated_key",
        "intervals",
        "line",
        "mover_distance",
        "pitch_classes",
        "total_variation",
    ),
    "variety": ("distinct", "self_bleu"),
    "vocabulary": ("UNKNOWN", "Vocabulary"),
    "whole": ("WholeMatrix",),
    "windows": ("IGNORED", "Carried", "Excerpts", "Stream", "Window", "nats_along"),
}
_home_of = {name: home for home, names in _homes.items() for name in names}

__all__ = [  # noqa: RUF022  (grouped as a person reads them)
    "Vocabulary", "UNKNOWN",
    "Stream", "Excerpts", "Window", "IGNORED", "Carried", "nats_along", "swift_gru",
    "frozen_but", "gathered",
    "sample", "probabilities", "Chances",
    "WholeMatrix", "GruCell", "LstmCell", "PlainCell",
    "nats", "bits", "perplexity", "Markov", "judge_text", "name_pieces",
    "copies", "find_copies", "longest_copy", "Copy", "distinct", "self_bleu",
    "read_pairs", "chrf",
    "simplified", "traditional",
    "line", "pitch_classes", "intervals", "durations", "total_variation", "mover_distance",
    "estimated_key",
]  # fmt: skip


if not TYPE_CHECKING:  # a checker would take any name for one of these

    def __getattr__(name: str) -> Any:
        """Import a public name from its module when it is first asked for."""
        home = _home_of.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{home}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
