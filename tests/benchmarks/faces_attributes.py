"""Attributes: whether a control changes what it names, and leaves all else, by a reader's word.

The reader is a classifier that learnt from the pack's training part, and is checked on what was
held out; it never sees the model.
"""

from __future__ import annotations

import torch
from faces_subjects import Subject, result_of
from rows import row, tell

BAR = 90.0
"""In 100 cases."""


def measure(subject: Subject) -> None:
    """Two rows for each attribute, and how well the reader reads real faces."""
    from vae_faces.attributes import measure_controls
    from vae_faces.judging import train_judge_of
    from vae_faces.reader import Reader, known

    traits = subject.network.traits
    with torch.enable_grad():
        reader = result_of(
            train_judge_of(subject.training, traits, fingerprint=subject.fingerprint)
        )
    assert isinstance(reader, Reader)
    truth = known(traits, traits.targets(subject.held_out.attributes))
    seen = reader.verdicts(subject.values)
    right = [100 * float((seen[n] == truth[n]).double().mean()) for n in truth]
    what = f"{subject.name}: the reader on real held-out faces, each attribute"
    tell(row(what, right, "of 100", at_least=True, peer=True))
    for works in measure_controls(subject.network, reader, subject.values):
        what = f"{subject.name}, {works.name}"
        note = f"{works.cases} cases: each held-out face to each other value"
        asked = [100 * works.changes]
        tell(row(f"{what}: changes when asked", asked, "of 100", at_least=True, bar=BAR, note=note))
        note = f"least: {works.also}, {100 * works.keeps_least:.0f} of 100"
        kept = [100 * works.keeps]
        tell(row(f"{what}: others stay", kept, "of 100", at_least=True, bar=BAR, note=note))
