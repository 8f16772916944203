"""Nats a note of a model on tunes that it has not seen, beside chains that only count."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rows import Reference, row, tell
from surroundings import ROOT, of_pack

if TYPE_CHECKING:
    from rnn_melody.judging.scoring import Reading

    from aigc_studio.api import Dataset, Example, Melody

OF_MARKOV, NATS, MEGABYTES = 0.75, 1.9, 4.0
MODELS = ROOT / "resources" / "models" / "rnn-melody"
PACK = "fiddle-tunes"
THREADS = 2


def loss(arguments: argparse.Namespace) -> None:
    """The model that came along on the families that were held out."""
    model = folder_of(arguments)
    training, held_out = dataset("train"), dataset("test")
    _tell_loss(model, training, held_out, "the shipped model")


def training(arguments: argparse.Namespace) -> None:
    """The same of a model that is trained anew, for so many minutes."""
    if not arguments.train:
        raise FileNotFoundError("no minutes were given (--train)")
    import rnn_melody

    from aigc_studio.api import Checkpoint, TrainRequest

    data = dataset("train")
    with tempfile.TemporaryDirectory() as folder:
        request = TrainRequest(
            operation="train", dataset=data, minutes=arguments.train, folder=Path(folder) / "work",
            threads=arguments.threads or THREADS,
        )  # fmt: skip
        request.folder.mkdir()
        began, best = time.perf_counter(), None
        for event in rnn_melody.train(request):
            if isinstance(event, Checkpoint) and (event.best or best is None):
                best = event.path
        took = (time.perf_counter() - began) / 60
        if best is None:
            raise FileNotFoundError("the training left no model")
        _tell_loss(best, data, dataset("test"), f"trained anew, {took:.1f} minutes")


def size(arguments: argparse.Namespace) -> None:
    """Bytes of the shipped models together."""
    files = [each for each in MODELS.rglob("*") if each.is_file()]
    if not files:
        raise FileNotFoundError("no model came along")
    total = sum(each.stat().st_size for each in files) / 1e6
    tell(row("the model of tunes that comes along", [total], "MB", bar=MEGABYTES))


def _tell_loss(folder: Path, training: Dataset, held_out: Dataset, what: str) -> None:
    from rnn_melody.judging.scoring import (
        chain_nats,
        chain_of,
        counted_of,
        nats_of_readings,
        nats_per_note,
    )
    from rnn_melody.model import open_model

    model = open_model(folder)
    unseen = readings(model, held_out)
    learnt = [each for one in training if (each := counted_of(tune(one), model.signs))]
    check_apart(training, held_out)
    net = nats_per_note((float(nats.sum()) for _n, nats in nats_of_readings(model, unseen)), unseen)
    chains = {order: chain_of(learnt, model.signs, order) for order in (3, 0)}
    markov, unigram = (chain_nats(chains[order], unseen, model.signs) for order in (3, 0))
    events = sum(each.counted for each in unseen)
    note = f"{len(unseen):,} tunes of families held out, {events:,} notes and rests"
    peer = "an interpolated order-3 Markov chain under the same conditions"
    tell(
        row(f"nats a note, {what}", [net], "nats", bar=NATS, note=note),
        row("· beside a Markov chain", [net], "nats", bar=OF_MARKOV,
            beside=Reference(peer, [markov], 1.0),
            note="events, metre, place in the bar, mode, tonic and bars left as for the net"),
        row(peer, [markov], "nats", peer=True),
        row("a unigram under the same conditions", [unigram], "nats", peer=True),
    )  # fmt: skip


def readings(model: Any, part: Dataset) -> list[Reading]:
    """The tunes of a part as a model reads them."""
    from rnn_melody.judging.scoring import reading_of

    from aigc_studio.api import Melody

    found = (
        reading_of(each.artifact, model.signs) for each in part if isinstance(each.artifact, Melody)
    )
    return [each for each in found if each is not None]


def check_apart(training: Dataset, held_out: Dataset) -> None:
    """Say how many tunes of the two parts share a family, found anew: there should be none."""
    from aigc_studio.library.melodies.families import tune_families

    examples = [*training, *held_out]
    families = tune_families([(title(each), tune(each)) for each in examples])
    there = set(families[: len(training)])
    torn = sum(each in there for each in families[len(training) :])
    sys.stderr.write(f"{torn} of {len(held_out)} tunes held out have a family that was learnt\n")


def title(example: Example) -> str:
    """What a tune is called."""
    return str(example.attributes.get("title") or example.source)


def tune(example: Example) -> Melody:
    """The melody of an example."""
    from aigc_studio.api import Melody

    assert isinstance(example.artifact, Melody)
    return example.artifact


def folder_of(arguments: argparse.Namespace) -> Path:
    """The model to measure. Raises FileNotFoundError."""
    path = Path(arguments.model) if arguments.model else MODELS / "fiddle"
    if not path.is_dir():
        raise FileNotFoundError(f"there is no model {path.name}")
    return path


def dataset(split: str) -> Dataset:
    """A part of the dataset of fiddle tunes. Raises FileNotFoundError."""
    found: Dataset = of_pack(PACK, split)
    return found


def several(part: Dataset, count: int) -> Sequence[Example]:
    """So many examples from all over."""
    count = min(count, len(part))
    return [part[number * len(part) // count] for number in range(count)]
