"""Training the cartoon model anew, as a person does in the shell, beside the shipped one."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

from faces_drawing import again, psnr
from faces_repairs import by_net, hole_psnr
from faces_subjects import GENERATOR, SUBJECTS, Subject, find_data
from rows import row, tell
from surroundings import environment, run_script

if TYPE_CHECKING:
    import argparse

BEHIND = 1.5
"""Decibels that a training of ten minutes may lie behind the shipped model."""
_NAME = "trained by the bench"


def measure(subject: Subject, arguments: argparse.Namespace) -> None:
    """Train, and compare what both reconstruct and fill in."""
    from vae_faces.judging import probes
    from vae_faces.model import open_model

    from aigc_studio.library import ModelStore

    store = ModelStore()
    if any(each.name == _NAME for each in store.list(GENERATOR)):  # of an earlier run
        store.delete(_NAME)
    words = [sys.executable, "-m", "aigc_studio", "train", GENERATOR, "--json", "--out", _NAME]
    words += ["--data", find_data(SUBJECTS[subject.name]).name, "--minutes", f"{arguments.train:g}"]
    words += ["--threads", str(os.cpu_count() or 2)]
    variables = environment(Path(os.environ["AIGC_STUDIO_HOME"]))
    output = run_script(words, variables, arguments.train * 60 * 2 + 900)
    name = json.loads(output.splitlines()[-1] if "\n{" in output else output)["model"]
    made = next(each for each in store.list(GENERATOR) if each.name == name)
    anew = replace(subject, model=open_model(made.folder), folder=made.folder)
    values, planes = subject.values, subject.held_out.planes
    holes = probes.face_holes(len(planes), planes.shape[-1], 4)
    what = f"trained anew for {arguments.train:g} minutes: behind the shipped model"
    pairs: dict[str, list[float]] = {"reconstruction": [], "20×24 hole": []}
    for each in (subject, anew):
        pairs["reconstruction"].append(fmean(psnr(again(each), values)))
        pairs["20×24 hole"].append(
            fmean(hole_psnr(by_net(each)(planes, holes, 1)[:, 0], planes, holes))
        )
    for title, (shipped, own) in pairs.items():
        note = f"{own:.2f} dB, and the shipped one {shipped:.2f} dB"
        tell(row(f"{what}, {title}", [shipped - own], "dB", bar=BEHIND, note=note))
