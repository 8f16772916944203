"""What a model composes: bars, copies, and how like real tunes it is."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from melody_models import dataset, folder_of, several, title, tune
from rows import row, tell

from aigc_studio.api import Candidate, GenerateRequest, Melody

METRES = ("4/4", "2/2", "2/4", "3/4", "6/8", "9/8", "12/8", "3/8", "6/4", "3/2", "5/4", "7/8")
LENGTHS = (1, 2, 3, 4, 5, 8, 12, 16, 24, 32)
COPIED_OF, OF_REAL = 100, 300
_BLOCK = 20


def bars(arguments: argparse.Namespace) -> None:
    """As many as asked and each whole, over all metres, those never seen among them."""
    from rnn_melody.judging.traits import whole_bars

    folder, good, made = folder_of(arguments), 0, 0
    kinds = [(metre, count) for count in LENGTHS for metre in METRES]
    each = -(-arguments.tunes // len(kinds))
    for number, (metre, count) in enumerate(kinds):
        for made_tune in compose(folder, each, seed=1000 * number, metre=metre, bars=count):
            is_whole = whole_bars(made_tune, count) and _is_in(made_tune, metre)
            good, made = good + is_whole, made + 1
            if not is_whole:
                sys.stderr.write(f"not whole: {count} bars of {metre}\n")
    note = f"{made:,} tunes of {LENGTHS[0]} to {LENGTHS[-1]} bars in {len(METRES)} metres"
    what = "tunes with exactly as many bars as asked, each whole"
    tell(row(what, [good / made], "", bar=1.0, at_least=True, note=note))


def _is_in(tune: Melody, metre: str) -> bool:
    return all(f"{each.numerator}/{each.denominator}" == metre for each in tune.metres)


def copied(arguments: argparse.Namespace) -> None:
    """Runs of intervals that stand in a tune that was learnt, found by a search through all."""
    from rnn_melody.copying import MOST_SHARED, read_known, steps_of

    folder, training, held_out = folder_of(arguments), dataset("train"), dataset("test")
    learnt = [steps_of(tune(each)) for each in training]
    runs = [longest(each, learnt) for each in compose(folder, COPIED_OF, seed=5_000)]
    raw = [longest(each, learnt) for each in compose(folder, COPIED_OF, seed=5_000, known="marked")]
    real = [tune(each) for each in several(held_out, OF_REAL)]
    usual = [longest(each, learnt) for each in real]
    over = sum(each > MOST_SHARED for each in runs)
    note = f"{COPIED_OF} tunes of 16 bars as people get them; longest run {max(runs)}"
    tell(
        row("tunes that share a run of more than 16 intervals with one that was learnt", [over],
            "tunes", bar=0.0, note=note),
        row("· the same before such are drawn anew", [sum(each > MOST_SHARED for each in raw)],
            "tunes", note=f"of {COPIED_OF}; longest run {max(raw)}"),
        row("· longest run shared", runs, "intervals"),
        row("real tunes of other families: longest run shared", usual, "intervals", peer=True,
            note=f"{OF_REAL} that were held out"),
    )  # fmt: skip
    known = read_known(folder)
    if not known:
        sys.stderr.write("The model keeps no digests of what it learnt.\n")
        return
    same = sum(
        known.longest_run(each).intervals == run for each, run in zip(real, usual, strict=True)
    )
    tell(row("· the model's digests say what the search says", [same / len(real)], "",
             note="runs of fewer than 10 intervals count as none"))  # fmt: skip
    _false_alarms()


def _false_alarms() -> None:
    """How often real tunes under different titles share such a run."""
    import itertools

    from rnn_melody.copying import steps_of

    from aigc_studio.library.melodies.families import RUN, alike, normalised_title, shared

    everything = [*dataset("train"), *dataset("test")]
    lines = [steps_of(tune(each)) for each in everything]
    titles = [normalised_title(title(each)) for each in everything]
    families = set(alike(lines))
    for length in (RUN - 4, RUN, RUN + 1):
        pairs = {
            (one, two)
            for places in shared(lines, length)
            for one, two in itertools.combinations(sorted({number for number, _at in places}), 2)
            if titles[one] != titles[two]
        }
        tunes = {number for pair in pairs for number in pair}
        told = f"real tunes that share {length} intervals with one of another title"
        apart = len({n for pair in pairs - families for n in pair})
        note = f"{len(pairs):,} pairs; {apart / len(lines):.3f} where variants do not count"
        tell(row(told, [len(tunes) / len(lines)], "", peer=True, note=note))


def likeness(arguments: argparse.Namespace) -> None:
    """What evaluate says of the composed tunes, beside real ones."""
    import rnn_melody
    from rnn_melody.judging.metrics import METRICS

    from aigc_studio.api import EvaluateRequest, Message, Metric
    from aigc_studio.translation import localized

    request = EvaluateRequest(
        operation="evaluate", model=folder_of(arguments), dataset=dataset("test"), device="cpu"
    )
    found: dict[str, float] = {}
    for event in rnn_melody.evaluate(request):
        if isinstance(event, Metric):
            found[event.name] = event.value
        if isinstance(event, Message):
            sys.stderr.write(f"{localized(event.text)}\n")
    for name, value in found.items():
        if not name.endswith("_unseen"):
            beside = found.get(f"{name}_unseen")
            words = localized(METRICS[name].title) if name in METRICS else name
            note = f"real tunes: {beside:.4g}" if beside is not None else ""
            tell(row(words, [value], "", note=note))


def longest(composed: Melody, learnt: Sequence[Sequence[int]]) -> int:
    """The longest run of intervals that a tune shares with others (their intervals), of enough
    different ones, found by a search."""
    from rnn_melody.copying import DIFFERENT, SHORTEST, steps_of

    from aigc_studio.toolkit.sequences import copies

    steps = steps_of(composed)
    found = copies(steps, learnt, SHORTEST)
    return max(
        (len(each) for each in found if len(set(steps[each.start : each.stop])) >= DIFFERENT),
        default=0,
    )


def compose(folder: Path, count: int, *, seed: int, **wish: object) -> Iterator[Melody]:
    """Tunes as people get them."""
    import rnn_melody
    from rnn_melody.composing.parameters import GenerateParameters

    for first in range(0, count, _BLOCK):
        request = GenerateRequest(
            model=folder, seed=seed + first, count=min(_BLOCK, count - first),
            parameters=GenerateParameters.model_validate(wish),
        )  # fmt: skip
        for event in rnn_melody.generate(request):
            if isinstance(event, Candidate) and isinstance(event.artifact, Melody):
                yield event.artifact
