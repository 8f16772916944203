"""The shipped models of texts, on what was held out: nats, poems, rhymes, and their size."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
from kneser_ney import KneserNey, nats_a_symbol
from rows import Reference, row, tell
from surroundings import ROOT, of_pack

OF_4_GRAM, UNSEEN_PLAYS, RHYMED, MEGABYTES = 0.88, 1.55, 0.8, 8.0
MODELS = ROOT / "resources" / "models" / "rnn-text"
_LEAST = 20


def tang(arguments: argparse.Namespace) -> None:
    """Nats a character beside a 4-gram on the same data; poems complete, and lines that rhyme."""
    from rnn_text.judging.scoring import example_row, nats_of_rows

    model = model_of(arguments.tang, "tang-poems")
    training, held_out = texts("tang-poems")
    rows = [example_row(model, text) for text in held_out]
    net = np.concatenate([nats for _owners, nats in nats_of_rows(model, rows)]).mean()
    numbers = [_numbers(model, text) for text in training]
    chain = KneserNey(numbers, len(model.alphabet))
    beside = nats_a_symbol(chain, [_numbers(model, text) for text in held_out])
    peer = "an interpolated Kneser-Ney 4-gram"
    reference = Reference(peer, [beside], 1.0)
    what = "Tang poems of poets that it has not seen: nats a character, line ends and END counted"
    note = f"{len(held_out):,} poems, {len(model.alphabet):,} symbols, the same for both"
    tell(
        row(what, [float(net)], "nats", bar=OF_4_GRAM, beside=reference, note=note),
        row(f"{peer} on the same", [beside], "nats", peer=True),
    )
    _poems(model, held_out, arguments.poems)


def _poems(model: Any, real: list[str], count: int) -> None:
    from rnn_text.verse.checking import judge_poem
    from rnn_text.verse.composing import compose
    from rnn_text.verse.forms import form_of

    from aigc_studio.api import Candidate, GenerateRequest

    complete, made = 0, list[str]()
    for number, form in enumerate(model.forms[:4]):
        request = GenerateRequest(seed=1000 * number, count=count // 4, controls={"form": form})
        for event in compose(request, model):
            if isinstance(event, Candidate):
                made.append(str(event.artifact))
                found = form_of(made[-1])
                complete += found is not None and found.name == form

    def rhymed(poems: list[str]) -> float:
        judged = [each for text in poems if (each := judge_poem(text)) is not None]
        return sum(each.rhymed for each in judged) / max(sum(each.even for each in judged), 1)

    forms = ", ".join(model.forms[:4])
    tell(
        row("poems complete in the form that was asked for", [complete / len(made)], bar=1.0,
            unit="", at_least=True, note=f"{len(made):,} poems: {forms}"),
        row("even lines that rhyme", [rhymed(made)], bar=RHYMED, unit="", at_least=True),
        row("even lines that rhyme in real poems, by the same judge", [rhymed(real)], "",
            peer=True),
    )  # fmt: skip


def shakespeare(arguments: argparse.Namespace) -> None:
    """Nats a character of plays that were never learnt."""
    from rnn_text.judging.scoring import example_row, nats_of_rows

    model = model_of(arguments.shakespeare, "shakespeare")
    _training, held_out = texts("shakespeare")
    text = model.between.join(held_out)
    found = [nats for _owners, nats in nats_of_rows(model, [example_row(model, text)])]
    nats = float(np.concatenate(found).mean())
    note = f"{len(text):,} characters, {nats / math.log(2):.3f} bits each"
    what = "Shakespeare, plays that it has not seen: nats a character"
    tell(row(what, [nats], "nats", bar=UNSEEN_PLAYS, note=note))


def size(arguments: argparse.Namespace) -> None:
    """Bytes of the shipped models together."""
    files = [each for each in MODELS.rglob("*") if each.is_file()]
    if not files:
        raise FileNotFoundError("no model came along")
    total = sum(each.stat().st_size for each in files) / 1e6
    tell(row("the models of texts that come along, together", [total], "MB", bar=MEGABYTES))


def _numbers(model: Any, text: str) -> Any:
    return np.append(model.alphabet.encode(text), model.alphabet.marks["end"])


def model_of(folder: str, name: str) -> Any:
    """A model of a folder, or that of this name which came along. Raises FileNotFoundError."""
    from rnn_text.model import open_model

    return open_model(folder_of(folder, name))


def folder_of(folder: str, name: str) -> Path:
    """Where it lies. Raises FileNotFoundError."""
    path = Path(folder) if folder else MODELS / name
    if not path.is_dir():
        raise FileNotFoundError(f"there is no model {name}")
    return path


def texts(pack: str) -> tuple[list[str], list[str]]:
    """The training part and the held-out part of a sample pack, as they are learnt.

    Raises FileNotFoundError.
    """
    from rnn_text.training.cleaning import cleaned

    parts = [
        [cleaned(str(each.artifact)) for each in of_pack(pack, split)]
        for split in ("train", "test")
    ]
    sys.stderr.write(f"{pack}: {len(parts[0]):,} to learn, {len(parts[1]):,} held out\n")
    if len(parts[1]) < 1 or len(parts[0]) < _LEAST:
        raise FileNotFoundError(f"the sample pack {pack} is too small")
    return parts[0], parts[1]
