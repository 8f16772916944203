"""What data says of its pictures (beard, hair colour, age), as numbers of a point.

A model that learns from data with attributes keeps a part of its points for them. Each attribute
has its own numbers there, standard normal as all the others, so that a point that is drawn has
attributes as often as the data has them; the decoder is told what they say and nothing else. So
one of them can be changed and the rest stays (after the conditional VAE of Sohn et al. 2015).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import accumulate
from typing import Any, Literal

import torch
from torch import Tensor
from torch.nn import functional as F

from aigc_studio.api import Attribute, Controls, Dataset
from vae_faces.odds import odds_of

SHARPNESS = 12.0
"""How sure the decoder is told an option: the point's number, times this, is its logit."""
LEAST = 12
"""A value that fewer pictures have cannot be learnt."""
MOST_OPTIONS = 24
"""Options of a choice, at most: each is to be had by name."""
_MOST = 48
Kind = Literal["choice", "yes_no", "number"]


@dataclass(frozen=True)
class Trait:
    """One attribute that is learnt: a choice among `options`, yes or no, or a number.

    `shares` says how often each option comes (of yes or no: how often yes); `mean` and `spread` are
    of a number. `of_folders` marks the kind, which folders say (`kinds`) and no attribute of the
    data. Raises ValueError for what is none of these.
    """

    name: str
    kind: Kind
    options: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()
    mean: float = 0.0
    spread: float = 1.0
    of_folders: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", tuple(self.options))
        object.__setattr__(self, "shares", tuple(float(each) for each in self.shares))
        wanted = {"choice": len(self.options), "yes_no": 1, "number": 0}.get(self.kind)
        shares = all(0 < each < 1 for each in self.shares)
        if wanted is None or len(self.shares) != wanted or not shares:
            raise ValueError(f"the trait {self.name!r} does not say how often its values come")
        if (self.kind == "choice") != (len(self.options) > 1) or not self.spread > 0:
            raise ValueError(f"the trait {self.name!r} has no two values")
        if len(self.options) > MOST_OPTIONS:
            raise ValueError(f"the trait {self.name!r} has too many options")
        if self.of_folders not in (False, self.kind == "choice"):
            raise ValueError(f"the trait {self.name!r} is no choice among folders")

    @property
    def width(self) -> int:
        """How many numbers of a point are its own."""
        return max(len(self.options), 1)

    def to_json(self) -> dict[str, Any]:
        """Plain values; what is no kind is told as before there were any."""
        told = asdict(self)
        if not self.of_folders:
            del told["of_folders"]
        return told


@dataclass(frozen=True)
class Traits:
    """The traits of a model, in the order in which their numbers stand at the front of a point.

    A code is what the decoder is told, (n, width): for each option 0 to 1, for yes or no 0 to 1,
    and a number in spreads from its mean. Raises ValueError for traits that are too many.
    """

    each: tuple[Trait, ...] = ()
    places: Mapping[str, slice] = field(init=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.each) > _MOST or len({trait.name for trait in self.each}) != len(self.each):
            raise ValueError(f"a model has at most {_MOST} traits, each with a name of its own")
        # Not by torch: a net is built where tensors have no numbers.
        ends = [0, *accumulate(trait.width for trait in self.each)]
        found = {t.name: slice(ends[n], ends[n + 1]) for n, t in enumerate(self.each)}
        object.__setattr__(self, "places", found)

    def __bool__(self) -> bool:
        return bool(self.each)

    @property
    def width(self) -> int:
        """How many numbers they have together."""
        return sum(trait.width for trait in self.each)

    @property
    def kind(self) -> Trait | None:
        """The one that folders say, if any."""
        return next((trait for trait in self.each if trait.of_folders), None)

    @property
    def describe(self) -> bool:
        """Whether they say more of a picture than its kind."""
        return any(not trait.of_folders for trait in self.each)

    def find(self, name: str) -> Trait | None:
        """The trait of this name, or None."""
        return next((trait for trait in self.each if trait.name == name), None)

    def behind(self, kind: Trait) -> Traits:
        """These with a kind before them: what tells most of a picture comes first."""
        return Traits((kind, *self.each)[:_MOST])

    def _parts(self, numbers: Tensor) -> Iterator[tuple[Trait, Tensor]]:
        for trait in self.each:
            yield trait, numbers[..., self.places[trait.name]]

    def codes(self, points: Tensor) -> Tensor:
        """What the decoder is told, (n, width), of points (n, size): their first numbers count."""
        parts = [_code(trait, part) for trait, part in self._parts(points)]
        return torch.cat(parts, dim=-1) if parts else points[..., :0]

    def apart(self, codes: Tensor) -> Tensor:
        """How codes (n, width) differ from what they are on average."""
        usual = [each for trait in self.each for each in trait.shares or (0.0,)]
        return codes - codes.new_tensor(usual)

    def points(self, logits: Tensor) -> Tensor:
        """The numbers of points (n, width) that say what logits (n, width) say: where standard
        normal numbers with that option lie on average."""
        parts = [_point(trait, part) for trait, part in self._parts(logits)]
        return torch.cat(parts, dim=-1) if parts else logits[..., :0]

    def settled(self, points: Tensor) -> Tensor:
        """Points (n, size) whose choices are made: each says one option as clearly as faces of the
        data do, where a drawn point may stand between two. Numbers stay as they are."""
        parts = [_settled(trait, part) for trait, part in self._parts(points)]
        return torch.cat([*parts, points[..., self.width :]], dim=-1)

    def known_points(self, targets: Tensor) -> Tensor:
        """The numbers of points (n, width) that say what `targets` say; 0 where nothing is known,
        which is what a point says that has nothing of it."""
        parts = [
            torch.where(part.isnan(), 0.0, _target_point(trait, part.nan_to_num(0.0)))
            for trait, part in self._parts(targets)
        ]
        return torch.cat(parts, dim=-1) if parts else targets[..., :0]

    def loss(self, logits: Tensor, targets: Tensor) -> Tensor:
        """How far logits (n, width) are from targets (n, width, NaN where nothing is known): mean
        nats of a choice and of yes or no, half a squared spread of a number, over all traits."""
        losses = []
        for trait, place in ((t, self.places[t.name]) for t in self.each):
            told, wanted = logits[:, place], targets[:, place]
            known = ~wanted.isnan().any(dim=1)
            if bool(known.any()):
                losses.append(_loss(trait, told[known], wanted[known]))
        return torch.stack(losses).mean() if losses else logits.sum() * 0.0

    def mixed(self, codes: Tensor, generator: torch.Generator) -> Tensor:
        """The codes with about half of their traits taken from other rows: what a decoder must
        also be able to draw."""
        parts = []
        for _trait, part in self._parts(codes):
            order = torch.randperm(len(codes), generator=generator)
            other = torch.rand(len(codes), 1, generator=generator) < 0.5
            parts.append(torch.where(other, part[order], part))
        return torch.cat(parts, dim=-1) if parts else codes

    def targets(self, told: Sequence[Mapping[str, Any]]) -> Tensor:
        """What is known of pictures, (n, width) float32; NaN where it says nothing of a trait."""
        rows = torch.full((len(told), self.width), math.nan)
        for trait in self.each:
            place = self.places[trait.name]
            for row, values in zip(rows, told, strict=True):
                found = _target(trait, values.get(trait.name))
                if found is not None:
                    row[place] = torch.tensor(found)
        return rows

    def to_json(self) -> list[dict[str, Any]]:
        """Plain values, for what a model's file says of itself."""
        return [trait.to_json() for trait in self.each]

    @classmethod
    def from_json(cls, value: Any) -> Traits:
        """Read what `to_json` gave. Raises ValueError, TypeError or KeyError for anything else."""
        return cls(tuple(_read(each) for each in value))


def traits_of(dataset: Dataset) -> Traits:
    """What a model can learn of the attributes of a dataset: those of which two values at least
    come often enough. Free text is none, nor is a choice of very many words."""
    found = [_trait_of(each, dataset) for each in dataset.attributes]
    return Traits(tuple(trait for trait in found if trait is not None)[:_MOST])


def _trait_of(attribute: Attribute, dataset: Dataset) -> Trait | None:
    name = attribute.name
    if attribute.kind == "number":
        told = [row.get("attributes", {}).get(name) for row in dataset.rows]
        numbers = [float(each) for each in told if _is_number(each)]
        spread = float(torch.tensor(numbers).std(correction=0)) if numbers else 0.0
        if len(numbers) < 2 * LEAST or not math.isfinite(spread) or spread <= 0:
            return None
        return Trait(name, "number", mean=sum(numbers) / len(numbers), spread=spread)
    often = {word: count for word, count in attribute.counts.items() if count >= LEAST}
    if attribute.kind == "text" or not 2 <= len(often) <= MOST_OPTIONS:
        return None
    total = sum(often.values())
    if attribute.kind == "yes_no":
        return Trait(name, "yes_no", shares=(often["yes"] / total,))
    shares = tuple(count / total for count in often.values())
    return Trait(name, "choice", tuple(map(told_apart, often)), shares)


def told_apart(word: str) -> str:
    """A value as a card can name it: what is too long, or cannot be shown as it is, gets a digest
    at its end, as names of controls do."""
    named = {"controls": {"controls": [{"name": word}]}}
    return Controls.of_card(named).controls[0].name


def _read(value: Any) -> Trait:
    if not isinstance(value["name"], str) or not all(isinstance(e, str) for e in value["options"]):
        raise ValueError("the names of traits and of their options are texts")
    # Models of before say nothing of folders.
    told: dict[str, Any] = {"of_folders": False, **value}
    return Trait(**{name: told[name] for name in Trait.__dataclass_fields__})


def _is_number(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value)


def _target(trait: Trait, value: Any) -> list[float] | None:
    if trait.kind == "number":
        return [(value - trait.mean) / trait.spread] if _is_number(value) else None
    if trait.kind == "yes_no":
        return [float(value)] if isinstance(value, bool) else None
    # Models of before know long words as they are.
    told = value if value in trait.options or not isinstance(value, str) else told_apart(value)
    return [float(told == each) for each in trait.options] if told in trait.options else None


def _code(trait: Trait, part: Tensor) -> Tensor:
    if trait.kind == "number":
        return part
    logits = SHARPNESS * (part + odds_of(trait.shares).offsets.to(part))
    return logits.softmax(dim=-1) if trait.kind == "choice" else logits.sigmoid()


def _point(trait: Trait, logits: Tensor) -> Tensor:
    if trait.kind == "number":
        return logits
    shares = logits.softmax(dim=-1) if trait.kind == "choice" else logits.sigmoid()
    return _target_point(trait, shares)


def _target_point(trait: Trait, shares: Tensor) -> Tensor:
    if trait.kind == "number":
        return shares
    middles = odds_of(trait.shares).middles.to(shares)
    if trait.kind == "choice":
        return shares @ middles
    return shares * middles[1] + (1 - shares) * middles[0]


def _settled(trait: Trait, part: Tensor) -> Tensor:
    if trait.kind == "number":
        return part
    code = _code(trait, part)
    if trait.kind == "yes_no":
        return _target_point(trait, (code > 0.5).to(part))
    return _target_point(trait, F.one_hot(code.argmax(dim=-1), trait.width).to(part))


def _loss(trait: Trait, logits: Tensor, targets: Tensor) -> Tensor:
    if trait.kind == "choice":
        return F.cross_entropy(logits, targets)
    if trait.kind == "yes_no":
        return F.binary_cross_entropy_with_logits(logits, targets)
    return (logits - targets).square().mean() / 2
