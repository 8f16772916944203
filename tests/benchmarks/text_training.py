"""Tiny Shakespeare, the last tenth held out: trained here, and by nanoGPT's recipe for a CPU.

nanoGPT is run as it is, from a checkout of the person's own, on the same text for its 2,000 steps;
then the generator gets the same wall-clock time, with the same number of threads.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rows import Reference, row, tell

OF_NANOGPT, LONG = 0.8, 1.45
THREADS = 2
RECIPE = (
    "--device=cpu", "--compile=False", "--eval_iters=20", "--log_interval=100", "--block_size=64",
    "--batch_size=12", "--n_layer=4", "--n_head=4", "--n_embd=128", "--max_iters=2000",
    "--lr_decay_iters=2000", "--dropout=0.0",
)  # fmt: skip
"""Of its README, for a machine without a GPU."""


def measure(arguments: argparse.Namespace) -> None:
    """The short training beside nanoGPT, and the long one where it is asked for."""
    text = _text(Path(arguments.texts)) if arguments.texts else ""
    if not text:
        raise FileNotFoundError("tiny Shakespeare is not here (--texts)")
    seconds, beside = arguments.seconds, None
    if arguments.nanogpt:
        loss, seconds = _nanogpt(Path(arguments.nanogpt), text)
        beside = Reference("nanoGPT's recipe for a CPU", [loss], 1.0)
        note = f"{seconds:.0f} s, 2,000 steps, its own estimate"
        tell(row("nanoGPT, tiny Shakespeare: nats", [loss], "nats", peer=True, note=note))
    nats = _trained(text, seconds / 60)
    what = f"tiny Shakespeare, trained for {seconds:.0f} s: nats a character on the last tenth"
    bar = OF_NANOGPT if beside is not None else None
    tell(row(what, [nats], "nats", bar=bar, beside=beside, note=f"{THREADS} threads"))
    if arguments.train:
        nats = _trained(text, arguments.train)
        what = f"tiny Shakespeare, trained for {arguments.train:g} minutes: nats a character"
        tell(row(what, [nats], "nats", bar=LONG, note=f"{THREADS} threads"))


def _text(folder: Path) -> str:
    packed, plain = folder / "tinyshakespeare.txt.gz", folder / "tinyshakespeare.txt"
    if packed.is_file():
        return gzip.decompress(packed.read_bytes()).decode("utf-8")
    return plain.read_text("utf-8") if plain.is_file() else ""


def _trained(text: str, minutes: float) -> float:
    """Train as a person would who changes nothing; nats a character of the last tenth, all of it
    read in one piece."""
    import numpy as np
    from rnn_text.judging.scoring import example_row, nats_of_rows
    from rnn_text.model import open_model
    from rnn_text.training.learning import train_texts

    from aigc_studio.api import Checkpoint, Dataset, Text, TrainRequest
    from aigc_studio.testing import write_dataset

    cut = len(text) * 9 // 10
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        data = Dataset(write_dataset(home / "data", [Text(text[:cut])]))
        (home / "work").mkdir()
        request = TrainRequest(
            operation="train", dataset=data, minutes=minutes, folder=home / "work", threads=THREADS
        )
        best: Path | None = None
        for event in train_texts(request):
            if isinstance(event, Checkpoint) and (event.best or best is None):
                best = event.path
        model = open_model(best)
        rows = [example_row(model, text[cut:])]
        found = [nats for _owners, nats in nats_of_rows(model, rows)]
        return float(np.concatenate(found).mean())


def _nanogpt(checkout: Path, text: str) -> tuple[float, float]:
    """Its loss at the end, and how many seconds the training took."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "nanogpt"
        shutil.copytree(checkout, place, ignore=shutil.ignore_patterns(".git"))
        data = place / "data" / "shakespeare_char"
        (data / "input.txt").write_text(text, "utf-8")
        variables = os.environ | {"OMP_NUM_THREADS": str(THREADS)}
        subprocess.run([sys.executable, "prepare.py"], cwd=data, env=variables, check=True,
                       stdout=sys.stderr)  # fmt: skip
        words = [sys.executable, "train.py", "config/train_shakespeare_char.py", *RECIPE]
        began = time.perf_counter()
        done = subprocess.run(
            words, cwd=place, env=variables, check=True, stdout=subprocess.PIPE, text=True
        )
        seconds = time.perf_counter() - began
    losses = re.findall(r"val loss ([0-9.]+)", done.stdout)
    if not losses:
        raise SystemExit("nanoGPT said no loss")
    return float(losses[-1]), seconds
