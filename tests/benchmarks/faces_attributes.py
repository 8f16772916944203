"""Attributes: whether a control changes what it names, and leaves all else, by a reader's word.

The reader is a classifier that learnt from the pack's training part, and is checked on what was
held out; it never sees the model. Mouths are read a second time (`faces_mouths`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import faces_mouths
import torch
from faces_subjects import Subject, result_of
from rows import row, tell
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable

BAR = 90.0
"""In 100 cases."""
_EDITED = 60
"""Faces that are changed by the plugin's own edit; the net alone is asked for all of them."""


def measure(subject: Subject, direct: bool) -> None:
    """Two rows for each attribute, and how well the reader reads real faces."""
    from vae_faces.attributes import edited_by, measure_controls
    from vae_faces.judging.judge import train_judge_of
    from vae_faces.judging.reader import Reader, known

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
    values = subject.values[: None if direct else _EDITED]
    edited = edited_by(subject.network, values) if direct else by_edit(subject, len(values))
    faces_mouths.measure(subject, edited, len(values), BAR)
    for works in measure_controls(traits, reader, values, edited):
        what = f"{subject.name}, {works.name}"
        note = f"{works.cases} cases: {len(values)} held-out faces to each other value"
        asked = [100 * works.changes]
        tell(row(f"{what}: changes when asked", asked, "of 100", at_least=True, bar=BAR, note=note))
        note = f"least: {works.also}, {100 * works.keeps_least:.0f} of 100"
        kept = [100 * works.keeps]
        tell(row(f"{what}: others stay", kept, "of 100", at_least=True, bar=BAR, note=note))


def by_edit(subject: Subject, count: int) -> Callable[[str, float | str], Tensor]:
    """Held-out faces changed by the plugin's own edit, one at a time, as a person gets them."""
    import vae_faces

    from aigc_studio.api import Candidate, EditRequest, Image
    from aigc_studio.toolkit import image_planes, planes_image, to_values

    faces = [planes_image(planes) for planes in subject.held_out.planes[:count]]
    side, mode = subject.network.side, subject.model.mode

    def edited(name: str, value: float | str) -> Tensor:
        found = []
        for face in faces:
            request: EditRequest[Any] = EditRequest(
                operation="change", model=subject.folder, artifacts=(face,),
                controls={name: value}, count=1,
            )  # fmt: skip
            made = [each for each in vae_faces.edit(request) if isinstance(each, Candidate)]
            assert isinstance(made[0].artifact, Image)
            found.append(image_planes(made[0].artifact, side, mode))
        return to_values(torch.stack(found), -1.0)

    return edited
