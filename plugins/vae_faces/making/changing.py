"""Change: a face with other attributes, moved along an axis, or varied.

A face is read as a point, the point is moved, and what differs between the two pictures is carried
over to the given one (`carrying`): what the net cannot draw of it stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from aigc_studio.api import Candidate, EditRequest, Event, GeneratorError, Message, Progress
from aigc_studio.toolkit import pack_latent, parameters_of, strayed, unpack_latent
from vae_faces.attributes import steered
from vae_faces.kinds import other_kind
from vae_faces.making.carrying import changed, renewed
from vae_faces.making.chances import is_drawn, seed_of
from vae_faces.making.parameters import ChangeParameters, VaryParameters
from vae_faces.making.subjects import Subject, middle_of, part_of, picture_of
from vae_faces.model import Model
from vae_faces.words.wishes import steered_by_words, title_of

_STRAY = 0.3
"""How far further candidates of a change stray, where it changed anything."""
_NOTHING = Message(
    {
        "en": "Nothing is changed yet: move a control, or name an attribute.",
        "zh": "尚未作任何更改：请移动控制项，或写出一个属性。",
    }
)
_OF_IT = Message(
    {
        "en": "The picture is of that kind already: ask for another one.",
        "zh": "图像已属于该种类：请另选一个种类。",
    }
)


@dataclass(frozen=True)
class Reading:
    """A face as the net reads it: its point (1, size), and how the net draws that, `base`
    (1, c, side, side). `exact` says that the point is the very one that it was drawn from.
    """

    subject: Subject
    point: Tensor
    base: Tensor
    exact: bool


_REMEMBERED, _LARGE = 4, 1 << 22
"""So many faces are remembered, none of them with more pixels."""
_read: dict[tuple[bytes, str, bytes | None], Reading] = {}


def change(request: EditRequest, model: Model) -> Iterator[Event]:
    """The face as the controls and words say; further candidates differ where it changed."""
    keep = parameters_of(request, ChangeParameters).keep
    part = part_of(request)
    face = read_face(request, model)
    point, exact = face.point, face.exact
    asked = steered_by_words(request)
    wish, anew = _wish(asked, point, model)
    # Of another kind nothing of it stays: a leaf within a leaf would.
    base = None if anew else face.base
    moved = steered(point, model.network, wish)
    if bool((moved == point).all()):
        yield _NOTHING if wish.controls == asked.controls else _OF_IT
    plain = model.network.decode(moved)
    weight = None
    if base is not None and keep and not exact:
        weight = changed(plain - base, keep)[0]
    for number in range(request.count):
        seed = seed_of(request, number)
        yield Progress(number, request.count)
        target = _strayed(moved, model, seed) if is_drawn(seed) else moved
        values = model.network.decode(target) if is_drawn(seed) else plain
        share = 1 - renewed(values, face.base)[0]
        picture = face.subject.composed(values, base, share=share, weight=weight, part=part)
        # What a latent draws is all of the face; of one that was read it draws something less.
        whole = exact and part is None and not is_drawn(seed)
        latent = pack_latent(target, model.tag) if whole else None
        yield Candidate(picture, latent=latent, seed=seed, title=title_of(wish))


def _wish(request: EditRequest, point: Tensor, model: Model) -> tuple[EditRequest, bool]:
    """What is asked of a face at this point, and whether it is to be of another kind. What is of
    the kind that is asked for already stays as it is."""
    traits = model.network.traits
    if traits.kind is None or other_kind(request.controls, point, traits):
        return request, traits.kind is not None
    controls = {name: v for name, v in request.controls.items() if name != traits.kind.name}
    return replace(request, controls=controls), False


def vary(request: EditRequest, model: Model) -> Iterator[Event]:
    """Faces like the given one, with the same attributes."""
    freedom = parameters_of(request, VaryParameters).freedom
    part = part_of(request)
    face = read_face(request, model)
    point, exact = face.point, face.exact
    # What the net could not draw of this face belongs to another one less and less.
    share = (1 - freedom) ** 2
    for number in range(request.count):
        seed = request.seed + number
        yield Progress(number, request.count)
        other = kept_traits(strayed(point, freedom, seed), point, model)
        values = model.network.decode(other)
        picture = face.subject.composed(values, face.base, share=share, part=part)
        latent = pack_latent(other, model.tag) if exact and part is None else None
        yield Candidate(picture, latent=latent, seed=seed)


def point_of(
    request: EditRequest, model: Model, subject: Subject, number: int = 0
) -> tuple[Tensor, bool]:
    """The point (1, size) of a face, and whether it is the very one that it was drawn from."""
    latent = request.latents[number] if number < len(request.latents) else None
    if latent is not None:
        try:
            points = unpack_latent(latent, model.tag, model.network.size).points
        except GeneratorError:  # of another model: what is seen is looked at instead
            points = torch.zeros(0, model.network.size)
        if len(points) == 1:
            return points, True
    return model.network.encode(subject.values)[0], False


def read_face(request: EditRequest, model: Model) -> Reading:
    """The face of a request as the net reads it, from memory where it was just read: a hand that
    drags a slider asks for the same one again and again."""
    image, latents = picture_of(request), request.latents
    key = (model.tag, image.digest, latents[0] if latents else None)
    found = _read.get(key)
    if found is None:
        subject = middle_of(image, model.network.side, model.mode)
        point, exact = point_of(request, model, subject)
        found = Reading(subject, point, model.network.decode(point), exact)
        if image.width * image.height <= _LARGE:
            while len(_read) >= _REMEMBERED:
                _read.pop(next(iter(_read)))
            _read[key] = found
    return found


def kept_traits(points: Tensor, like: Tensor, model: Model) -> Tensor:
    """Points (n, size) with the attributes of another (1, size)."""
    width = model.network.traits.width
    return torch.cat([like[:, :width].expand(len(points), -1), points[:, width:]], dim=1)


def _strayed(moved: Tensor, model: Model, seed: int) -> Tensor:
    return kept_traits(strayed(moved, _STRAY, seed), moved, model)
