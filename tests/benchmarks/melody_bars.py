"""Bars that are recomposed: how well what follows them goes on, and how long a person waits.

Two bars of held-out tunes are made anew by the studio's own request, and the two bars behind them
are read by judges who had no part in it: a net that is trained here and now (`--minutes`; of
another seed and size, and from the left alone), or any model (`--judge FOLDER`), and an order-3
Markov chain. What is told is the share of the way from a left-only continuation's nats to those of
the true tune: 0 joins as well as somebody who does not know what follows, 1 as the tune itself.

    python tests/benchmarks/melody_bars.py --home FOLDER --tunes 30 --judge FOLDER
    python tests/benchmarks/melody_bars.py --only seconds

`--home` is a home folder that has the sample pack of fiddle tunes; without it only the time is
taken.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

from melody_models import dataset, folder_of, tune
from rows import row, tell
from surroundings import enter, new_home

if TYPE_CHECKING:
    from rnn_melody.events import Voice
    from rnn_melody.model import Model
    from rnn_melody.recomposing.gaps import Events, Gap

    from aigc_studio.api import Bars, Melody
    from aigc_studio.toolkit.sequences import Markov

PARTS = ("joined", "seconds")
COUNT, BARS, BEHIND = 4, 2, 2
LEAST_BARS = 12
HALF_WAY, SECONDS = 0.5, 1.0
_WIDTH, _SEED = 192, 20_111


def main() -> None:
    """Measure and tell."""
    arguments = parse()
    with contextlib.ExitStack() as stack:
        home = Path(arguments.home).absolute() if arguments.home else None
        enter(home if home is not None else stack.enter_context(new_home()))
        steps = {"joined": joined, "seconds": seconds}
        for part in arguments.only:
            try:
                steps[part](arguments)
            except FileNotFoundError as missing:
                sys.stderr.write(f"recomposed bars, {part}: left out, as {missing}\n")


def parse() -> argparse.Namespace:
    """What to measure, on what."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--home", default="", help="a home folder that may have the dataset")
    parser.add_argument(
        "--model", default="", help="a model's folder; else the one that came along"
    )
    parser.add_argument("--judge", default="", help="the folder of a model that judges")
    parser.add_argument("--minutes", type=float, default=3.0, help="to train a judge for")
    parser.add_argument("--tunes", type=int, default=60, help="held-out tunes, of 12 bars or more")
    parser.add_argument("--threads", type=int, default=0, help="0: as the toolkit chooses")
    parser.add_argument("--repeats", type=int, default=10)
    return parser.parse_args()


# -- how it joins ----------------------------------------------------------------------------------


def joined(arguments: argparse.Namespace) -> None:
    """The share of the way from a left-only continuation to the true tune, as judges see it."""
    from rnn_melody.composing.pen import pen_of
    from rnn_melody.model import open_model

    folder, pen = folder_of(arguments), pen_of(open_model(folder_of(arguments)))
    held_out = _tunes(arguments.tunes)
    with judge_of(arguments) as (net, chain):
        judges = Judges(net, chain)
        ways: dict[str, list[Nats]] = {"true": [], "left": [], "made": []}
        same = made = 0
        for number, (melody, bars, gap) in enumerate(held_out):
            ways["true"].append(judges.nats([_whole(gap, gap.former)], gap))
            alone = _from_the_left(pen, gap, number)
            ways["left"].append(judges.nats([_whole(gap, each) for each in alone], gap))
            tunes = list(recomposed(folder, melody, bars, seed=7 * number + 1))
            same += sum(_outside(each, melody, bars) for each in tunes)
            made += len(tunes)
            voices = [_voice_of(each, bars) for each in tunes]
            ways["made"].append(judges.nats(voices, gap))
            sys.stderr.write(f"\r{number + 1} of {len(held_out)} tunes")
        sys.stderr.write("\n")
    _tell(ways, f"{len(held_out)} held-out tunes, {COUNT} candidates each of {BARS} bars")
    what = "recomposed bars: candidates that leave all notes outside as they were"
    note = f"{made} candidates"
    tell(row(what, [same / made], "", bar=1.0, at_least=True, note=note))


def _tell(ways: dict[str, list[Nats]], note: str) -> None:
    net, chain = (fmean(getattr(each, name) for each in ways["true"]) for name in ("net", "chain"))
    what = f"recomposed bars: share of the way to the true tune, {BEHIND} bars behind them"
    if net < chain:
        note = f"{note}; {_nats_of(ways, 'net')}"
        tell(
            row(f"{what}, by a net of its own", [_way(ways, "net", "mean")], "", bar=HALF_WAY,
                at_least=True, note=note),
            row("· of the candidate that comes first", [_way(ways, "net", "first")], "",
                at_least=True),
        )  # fmt: skip
    else:
        # It hardly tells left-only bars from the true ones: a share of nothing is noise.
        words = (
            f"{net:.2f} nats an event, a chain {chain:.2f}: give it more --minutes, or a --judge"
        )
        sys.stderr.write(f"The net that judges learnt too little ({words}): it is not heard\n")
    first = f"{_way(ways, 'chain', 'first'):.2f} of the first; {_nats_of(ways, 'chain')}"
    words = f"{what}, by an order-3 Markov chain"
    tell(row(words, [_way(ways, "chain", "mean")], "", at_least=True, note=first))


@dataclass(frozen=True)
class Nats:
    """What the events behind a gap cost a judge, each: of all candidates, and of the first."""

    net: float
    chain: float
    net_first: float
    chain_first: float


@dataclass(frozen=True)
class Judges:
    """Those who read what follows: a net, and a chain that counts."""

    net: Model
    chain: Markov

    def nats(self, voices: Sequence[Voice], gap: Gap) -> Nats:
        """How unexpected the bars behind the gap are in each voice, on average."""
        from rnn_melody.judging.scoring import Reading, nats_of_readings, told
        from rnn_melody.signs import inputs_of, numbers_of

        signs = self.net.signs
        readings = [Reading(voice, *inputs_of(voice, signs)) for voice in voices]
        stop = [bar.stop for bar in gap.bars if bar.start >= gap.stop][:BEHIND][-1]
        by_net, by_chain = list[float](), list[float]()
        for number, nats in nats_of_readings(self.net, readings):
            # An event that the judge has no sign for is several: the places are the signs'.
            _tones, _lengths, places = numbers_of(voices[number], signs)
            behind = (places >= gap.stop) & (places < stop)
            by_net.append(float(nats[behind].mean()))
            counted = self.chain.nats([told(readings[number], signs)])
            by_chain.append(float(counted[behind].mean()))
        return Nats(fmean(by_net), fmean(by_chain), by_net[0], by_chain[0])


def _way(ways: dict[str, list[Nats]], judge: str, which: str) -> float:
    """The share of the way from the left-only continuations to the true tunes."""
    true, left = (fmean(getattr(each, judge) for each in ways[name]) for name in ("true", "left"))
    name = judge if which == "mean" else f"{judge}_first"
    made = fmean(getattr(each, name) for each in ways["made"])
    return (left - made) / (left - true)


def _nats_of(ways: dict[str, list[Nats]], judge: str) -> str:
    left, made, true = (
        fmean(getattr(each, judge) for each in ways[name]) for name in ("left", "made", "true")
    )
    return f"{left:.2f} nats an event behind left-only bars, {made:.2f} behind these, {true:.2f}"


def _tunes(count: int) -> list[tuple[Melody, Bars, Gap]]:
    """Held-out tunes, with two bars of each and what stands around them."""
    from rnn_melody.recomposing.gaps import gap_of

    from aigc_studio.api import Bars

    part = dataset("test")
    drawn = random.Random(0)
    numbers = list(range(len(part)))
    drawn.shuffle(numbers)
    found = list[tuple["Melody", "Bars", "Gap"]]()
    for number in numbers:
        melody = tune(part[number])
        if melody.bar_count < LEAST_BARS:
            continue
        first = drawn.randrange(5, melody.bar_count - BARS)
        bars = Bars(first, first + BARS - 1)
        gap = gap_of(melody, bars)
        if gap.after and gap.former and gap.begin < gap.stop:
            found.append((melody, bars, gap))
        if len(found) == count:
            break
    return found


def _from_the_left(pen: Any, gap: Gap, seed: int) -> list[Events]:
    """What the writer writes when it does not know what follows."""
    from rnn_melody.composing.sheet import Style
    from rnn_melody.recomposing.joining import Desk
    from rnn_melody.recomposing.keeping import Keeping

    drafts = Desk(pen, gap, Style(), Keeping(())).drafts(1_000 * seed, towards=False)
    return [each.events for each in drafts[:COUNT]]


def _whole(gap: Gap, events: Events) -> Voice:
    """The tune with these events in the gap."""
    before = zip(gap.before.pitches, gap.before.durations, gap.before.places, strict=True)
    pitches, durations, places = zip(*before, *events, *gap.after, strict=True)
    return replace(gap.before, pitches=pitches, durations=durations, places=places)


def _voice_of(melody: Melody, bars: Bars) -> Voice:
    """A tune that was changed, as far as the judges read it."""
    from rnn_melody.recomposing.gaps import gap_of

    gap = gap_of(melody, bars)
    return _whole(gap, gap.former)


def recomposed(folder: Path, melody: Melody, bars: Bars, seed: int) -> Iterator[Melody]:
    """The tune with each of the candidates in it, as the studio puts them there."""
    import rnn_melody

    from aigc_studio.api import Candidate, EditRequest, Melody

    request = EditRequest(
        operation="recompose", model=folder, artifacts=(melody,), selections=(bars,),
        count=COUNT, seed=seed,
    )  # fmt: skip
    for event in rnn_melody.edit(request):
        if isinstance(event, Candidate) and isinstance(event.artifact, Melody):
            yield melody.replaced(bars, event.artifact)


def _outside(made: Melody, former: Melody, bars: Bars) -> bool:
    """Whether all that is not in the bars is as it was."""
    start, stop = former.ticks(bars)

    def others(melody: Melody) -> list[Any]:
        return [note for note in melody.notes if not start <= note.start < stop]

    return others(made) == others(former) and made.length == former.length


# -- who judges ------------------------------------------------------------------------------------


@contextlib.contextmanager
def judge_of(arguments: argparse.Namespace) -> Iterator[tuple[Model, Markov]]:
    """A net that had no part in what it judges, and a chain that counted the same tunes."""
    from rnn_melody.judging.scoring import chain_of, counted_of
    from rnn_melody.model import open_model

    data = dataset("train")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(arguments.judge) if arguments.judge else _trained(arguments, Path(folder))
        if not path.is_dir():
            raise FileNotFoundError(f"there is no model {path.name}")
        net = open_model(path)
        learnt = (counted_of(tune(one), net.signs) for one in data)
        yield net, chain_of([each for each in learnt if each], net.signs)


def _trained(arguments: argparse.Namespace, folder: Path) -> Path:
    """A net of another seed and size that only reads from the left."""
    import rnn_melody
    from rnn_melody.training.parameters import TrainParameters

    from aigc_studio.api import Checkpoint, TrainRequest

    work = folder / "work"
    work.mkdir()
    request = TrainRequest(
        operation="train", dataset=dataset("train"), minutes=arguments.minutes, folder=work,
        threads=arguments.threads or 2, seed=_SEED,
        parameters=TrainParameters.model_validate({"width": _WIDTH, "recomposing": "no"}),
    )  # fmt: skip
    best: Path | None = None
    for event in rnn_melody.train(request):
        if isinstance(event, Checkpoint) and (event.best or best is None):
            best = event.path
    if best is None:
        raise FileNotFoundError("the training left no judge")
    return best


# -- how long it takes -----------------------------------------------------------------------------


def seconds(arguments: argparse.Namespace) -> None:
    """A whole request, warm: four candidates of two bars of a tune of 32 bars."""
    import rnn_melody
    from rnn_melody.composing.parameters import GenerateParameters

    from aigc_studio.api import Bars, Candidate, EditRequest, GenerateRequest, Melody

    folder, wish = folder_of(arguments), {"metre": "6/8", "bars": 32}
    parameters = GenerateParameters.model_validate(wish)
    made = rnn_melody.generate(GenerateRequest(model=folder, seed=3, parameters=parameters))
    melody = next(
        each.artifact
        for each in made
        if isinstance(each, Candidate) and isinstance(each.artifact, Melody)
    )
    took, first = list[float](), list[float]()
    for number in range(arguments.repeats + 2):
        bars = Bars(3 + 2 * number % 24, 4 + 2 * number % 24)
        request = EditRequest(
            operation="recompose", model=folder, artifacts=(melody,), selections=(bars,),
            count=COUNT, seed=number,
        )  # fmt: skip
        began, seen = time.perf_counter(), list[float]()
        for event in rnn_melody.edit(request):
            if isinstance(event, Candidate):
                seen.append(time.perf_counter() - began)
        took.append(time.perf_counter() - began)
        first.append(seen[0])
    what = f"recompose {BARS} bars, {COUNT} candidates, warm"
    tell(
        row(what, took[2:], "s", bar=SECONDS),
        row("· the first of them", first[2:], "s"),
    )


if __name__ == "__main__":
    main()
