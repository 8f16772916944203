"""What a model is steered by: its attributes, axes along which faces differ most, and how well
each control does what it says.

    points = steered(points, network, request)     # as the request's controls say
    card |= card_of(network, dataset.about)        # controls, axes and words of a new model
    works = measure_controls(network.traits, reader, values, edited_by(network, values))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor
from torch.nn import functional as F

from aigc_studio import toolkit
from aigc_studio.api import Control, Controls, EditRequest, GenerateRequest
from vae_faces.making.carrying import carried
from vae_faces.traits import Trait, Traits
from vae_faces.words.prompts import told_words
from vae_faces.words.vocabulary import dataset_words, option_titles, title_of, words_of

AXES, AXES_BESIDE_TRAITS = 6, 2
"""How many axes a model without attributes has, and one with them: those of its pad."""
NUMBER_REACH = 2.0
"""How far the slider of a number goes, in standard deviations."""
_COARSE = 16
"""Pixels a side at which axes are looked for: what a person sees from afar."""
_CLEAR = 1.0
"""By how many standard deviations a number must have moved to have followed."""
_BATCH = 64


class Network(Protocol):
    """What is asked of a net of faces here."""

    size: int
    traits: Traits

    def encode(self, values: Tensor) -> tuple[Tensor, Tensor]:
        """Means and logarithms of variances, (n, size) each."""

    def decode(self, points: Tensor) -> Tensor:
        """Values of points (n, size)."""


# -- steering ----------------------------------------------------------------------------------


def steered(points: Tensor, network: Network, request: GenerateRequest | EditRequest) -> Tensor:
    """Points (n, size) with the attributes that the request's controls ask for, and moved along
    its axes.

    Raises GeneratorError for a slider that the model has neither attribute nor axis for.
    """
    traits = {name: v for name, v in request.controls.items() if network.traits.find(name)}
    axes = {name: value for name, value in request.controls.items() if name not in traits}
    moved = with_traits(points, network.traits, traits)
    return toolkit.steered(moved, request.model, axes)


def with_traits(points: Tensor, traits: Traits, wanted: Mapping[str, float | str]) -> Tensor:
    """Points (n, size) with these attributes: the name of an option, or a number.

    Of yes or no -1 is no, 1 is yes, and 0 leaves it; a number is moved by so many spreads.
    """
    found = points.clone()
    for trait in traits.each:
        value = wanted.get(trait.name)
        if value is not None:
            place = traits.places[trait.name]
            found[:, place] = _moved(traits, trait, points[:, place], value)
    return found


def _moved(traits: Traits, trait: Trait, part: Tensor, value: float | str) -> Tensor:
    if trait.kind == "number":
        return part + float(value)
    if trait.kind == "choice":
        # What is no option of its own changes nothing.
        told = str(value) if str(value) in trait.options else ""
        clear = _clear(trait, [float(told == each) for each in trait.options])
        return clear.to(part).expand_as(part) if told else part
    share = min(abs(float(value)), 1.0)
    return (1 - share) * part + share * _clear(trait, [float(float(value) > 0)]).to(part)


def _clear(trait: Trait, target: list[float]) -> Tensor:
    """The numbers (1, width) of a point that says this of a trait."""
    return Traits((trait,)).known_points(torch.tensor([target]))


# -- the card ----------------------------------------------------------------------------------


@torch.no_grad()
def card_of(network: Network, about: Mapping[str, Any]) -> dict[str, Any]:
    """What a new model's card says it is steered by: `controls`, `axes` and `words`, and that there
    is no `prompt` where no words are understood.

    `about` is what the dataset says of itself (`Dataset.about`): its own titles of attributes and
    options are taken where it has them.
    """
    traits, titles = network.traits, dataset_words(about)
    own = Controls(
        latent_axes=network.size,
        attributes=tuple(trait.name for trait in traits.each),
        controls=tuple(_control(trait, titles) for trait in traits.each),
    )
    count = AXES_BESIDE_TRAITS if traits else AXES
    told = toolkit.steering(changing_axes(network, count), controls=own)
    for control in told["controls"]["controls"]:
        trait = traits.find(control["name"])
        if trait is not None and trait.kind == "choice":
            control["titles"] = option_titles(trait.options, titles)
    card = told | {"words": words_of(traits)}
    # Without attributes it understands no words, and none are asked for.
    prompt = told_words(card) if traits else False
    return card if prompt is None else card | {"prompt": prompt}


def _control(trait: Trait, titles: Mapping[str, Any]) -> Control:
    title = title_of(trait.name, titles)
    if trait.kind == "choice":
        return Control(name=trait.name, title=title, options=trait.options)
    reach = NUMBER_REACH if trait.kind == "number" else 1.0
    return Control(name=trait.name, title=title, low=-reach, high=reach)


@torch.no_grad()
def changing_axes(network: Network, count: int) -> dict[str, Tensor]:
    """The directions among a model's points along which its pictures change most, by name
    (`axis-1`, …), each of length 1 and at right angles to the others.

    They are the first singular vectors of how the pictures, made coarse, change with each number
    around the middle of the space. Upwards is brighter.
    """
    ways = network.leading() if hasattr(network, "leading") else torch.eye(network.size)
    parts = torch.split(ways, _BATCH)
    changes = torch.cat([_coarse(network.decode(p)) - _coarse(network.decode(-p)) for p in parts])
    axes, _strength, pictures = torch.linalg.svd(changes, full_matrices=False)
    signs = torch.where(pictures.sum(dim=1) < 0, -1.0, 1.0)
    found = (axes * signs).T[:count] @ ways
    return {f"axis-{number}": axis for number, axis in enumerate(found, 1)}


def _coarse(values: Tensor) -> Tensor:
    side = min(_COARSE, values.shape[-1])
    return F.interpolate(values, (side, side), mode="area").flatten(1)


# -- how well it works -------------------------------------------------------------------------


class Reading(Protocol):
    """What is asked of a reader here; see `judging.reader.Reader`."""

    def verdicts(self, values: Tensor) -> dict[str, Tensor]:
        """What it reads in values (n, c, side, side), by trait, each (n,)."""


@dataclass(frozen=True)
class Works:
    """How well one control works: in which part of the cases the reader sees what was asked for
    (`changes`), and in which it sees no other attribute changed (`keeps`), over `cases` faces and
    values; `keeps_least` is that part for the attribute that is changed along most often, `also`.
    """

    name: str
    changes: float
    keeps: float
    keeps_least: float
    also: str
    cases: int


Edit = Callable[[str, float | str], Tensor]
"""All faces with this value of the attribute of this name: values (n, c, side, side)."""


@torch.no_grad()
def measure_controls(
    traits: Traits, reader: Reading, values: Tensor, edited: Edit
) -> Iterator[Works]:
    """How well each attribute of a model can be set on faces that it has not seen.

    Each face (`values` (n, c, side, side), -1 to 1) is given each other value of each attribute
    in turn (by `edited`), and the reader says what it sees: what was asked for, and of all else
    what it saw in the face itself.
    """
    before = reader.verdicts(values)
    for trait in traits.each:
        yield _works(traits, reader, trait, before, edited)


def edited_by(network: Network, values: Tensor) -> Edit:
    """Faces changed as a person gets it: what the net draws differently is carried over to them,
    and what it cannot draw of them stays; of another kind they are drawn anew."""
    parts = torch.split(values, _BATCH)
    points = [network.encode(part)[0] for part in parts]
    bases = [network.decode(each) for each in points]

    def edited(name: str, value: float | str) -> Tensor:
        found = []
        for part, each, base in zip(parts, points, bases, strict=True):
            wanted = network.decode(with_traits(each, network.traits, {name: value}))
            is_kind = network.traits.kind is not None and name == network.traits.kind.name
            found.append(wanted if is_kind else carried(part, wanted, base))
        return torch.cat(found)

    return edited


def _works(
    traits: Traits, reader: Reading, trait: Trait, before: Mapping[str, Tensor], edited: Edit
) -> Works:
    others = [each for each in traits.each if each is not trait]
    followed: list[Tensor] = []
    kept: dict[str, list[Tensor]] = {each.name: [] for each in others}
    for number, value in enumerate(values_of(trait)):
        after = reader.verdicts(edited(trait.name, value))
        asked, is_other = _asked(trait, number, value, before[trait.name], after[trait.name])
        followed.append(asked[is_other])
        for each in others:
            same = _same(each, before[each.name], after[each.name])
            kept[each.name].append(same[is_other])
    shares = {name: float(torch.cat(each).double().mean()) for name, each in kept.items()}
    least = min(shares, key=lambda name: shares[name], default="")
    cases = torch.cat(followed)
    mean = sum(shares.values()) / len(shares) if shares else 1.0
    changes = float(cases.double().mean())
    return Works(trait.name, changes, mean, shares.get(least, 1.0), least, len(cases))


def values_of(trait: Trait) -> tuple[float | str, ...]:
    """What a control is moved to when it is measured: each option, or both ends."""
    if trait.kind == "choice":
        return trait.options
    return (-NUMBER_REACH, NUMBER_REACH) if trait.kind == "number" else (-1.0, 1.0)


def _asked(
    trait: Trait, number: int, value: float | str, before: Tensor, after: Tensor
) -> tuple[Tensor, Tensor]:
    """Of each face, whether it shows what was asked for, and whether it showed another before."""
    if trait.kind == "number":
        up = 1.0 if float(value) > 0 else -1.0
        return (after - before) * up >= _CLEAR, torch.ones_like(before, dtype=torch.bool)
    return after == number, before != number


def _same(trait: Trait, before: Tensor, after: Tensor) -> Tensor:
    return (after - before).abs() < _CLEAR if trait.kind == "number" else after == before
