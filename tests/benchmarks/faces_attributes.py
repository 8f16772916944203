"""Attributes: whether a control changes what it names, and leaves all else, by a reader's word.

The reader never sees the model, and is checked on real faces that were held out: that of
`faces_reader` where there is one, which knows them best, else one that learns from the pack's
training part. Mouths are read a second time (`faces_mouths`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import faces_mouths
import faces_reader
import torch
from faces_subjects import Subject, result_of
from rows import row, tell
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable

    from vae_faces.judging.reader import Reader

BAR = 90.0
"""In 100 cases."""


def measure(subject: Subject, direct: bool, reader_file: str = "") -> None:
    """Three rows for each attribute: real faces that are read right, those that change as asked,
    and those that keep all else."""
    from vae_faces.attributes import edited_by, measure_controls

    traits = subject.network.traits
    reader = faces_reader.opened(reader_file, subject) if reader_file else pack_reader(subject)
    right = faces_reader.read_right(reader, subject)
    values = subject.values
    edited = edited_by(subject.network, values) if direct else by_edit(subject)
    faces_mouths.measure(subject, edited, len(values), BAR)
    for works in measure_controls(traits, reader, values, edited):
        what = f"{subject.name}, {works.name}"
        note = f"{works.cases} cases: {len(values)} held-out faces to each other value"
        asked = [100 * works.changes]
        tell(row(f"{what}: changes when asked", asked, "of 100", at_least=True, bar=BAR, note=note))
        note = f"least: {works.also}, {100 * works.keeps_least:.0f} of 100"
        kept = [100 * works.keeps]
        tell(row(f"{what}: others stay", kept, "of 100", at_least=True, bar=BAR, note=note))
        told = [right[works.name]]
        beside = f"{what}: the reader on real held-out faces"
        tell(row(beside, told, "of 100", at_least=True, peer=True))


def pack_reader(subject: Subject) -> Reader:
    """A reader that learns from the training part of the pack alone."""
    from vae_faces.judging.judge import train_judge_of
    from vae_faces.judging.reader import Reader

    with torch.enable_grad():
        steps = train_judge_of(
            subject.training, subject.network.traits, fingerprint=subject.fingerprint
        )
        reader = result_of(steps)
    assert isinstance(reader, Reader)
    return reader


def by_edit(subject: Subject) -> Callable[[str, float | str], Tensor]:
    """Held-out faces changed by the plugin's own edit, one at a time, as a person gets them.

    Face by face through all that can be asked of it: a face is read once while a hand turns its
    controls.
    """
    from vae_faces.attributes import values_of

    from aigc_studio.toolkit import to_values

    asked = [
        (each.name, value) for each in subject.network.traits.each for value in values_of(each)
    ]
    made: dict[tuple[str, float | str], list[Tensor]] = {each: [] for each in asked}
    for planes in subject.held_out.planes:
        for each in asked:
            made[each].append(edit(subject, planes, *each))
    return lambda name, value: to_values(torch.stack(made[name, value]), -1.0)


def edit(subject: Subject, planes: Tensor, name: str, value: float | str) -> Tensor:
    """One face (c, side, side) uint8 with another value of an attribute."""
    import vae_faces

    from aigc_studio.api import Candidate, EditRequest, Image
    from aigc_studio.toolkit import image_planes, planes_image

    request: EditRequest[Any] = EditRequest(
        operation="change", model=subject.folder, artifacts=(planes_image(planes),),
        controls={name: value}, count=1,
    )  # fmt: skip
    found = [each for each in vae_faces.edit(request) if isinstance(each, Candidate)]
    assert isinstance(found[0].artifact, Image)
    return image_planes(found[0].artifact, subject.network.side, subject.model.mode)
