"""One training step: autoencoder, filler and finisher side by side, on the same pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from aigc_studio.toolkit import Average, Learner, Moment, to_values, warm_up_and_decay
from vae_faces.network.completion import filling_losses
from vae_faces.network.finishing import finishing_loss, scratches_for
from vae_faces.network.net import Faces
from vae_faces.training.damage import SCRATCHES
from vae_faces.training.losses import details, divergence, reconstruction, slopes, spared
from vae_faces.training.nesting import nested, part_sizes, shares
from vae_faces.training.varying import moved, varied

_CLIP = 1.0
_FINISHED = 4
"""One in so many pictures of a batch is scratched for the finisher."""
_AT_ONCE = 500
"""Pictures that the draft looks at together."""
_FEWEST = 32
"""Of fewer pictures all of whose attributes are known there is no draft."""


@dataclass(frozen=True)
class Recipe:
    """How a training goes; the shape of the nets is in `FacesSettings`.

    `beta` weighs what a point tells, `free` nats of each of its numbers cost nothing, `warm_up` is
    the part of the training in which β comes up. `augmentation` (0 to 2) is how far pictures are
    moved, `flips` whether half of them are mirrored. Weights: `attributes` of the encoder's reading
    of them, `edges` of the steps between pixels, `details` of what is drawn faintly, `mixed` of
    faces with others' attributes, which must be seen in them. Of the holes to fill a part,
    `scratches`, are scratches alone. `draws`, `fills` and `finishes` say which of the nets learn,
    and `touches` whether what drawings leave out is counted anew.
    """

    learning_rate: float = 2e-3
    flat: float = 0.3
    beta: float = 1.0
    free: float = 0.01
    warm_up: float = 0.1
    augmentation: float = 0.0
    flips: bool = False
    attributes: float = 0.3
    mixed: float = 0.2
    edges: float = 0.1
    details: float = 0.1
    average_decay: float = 0.998
    scratches: float = SCRATCHES
    draws: bool = True
    fills: bool = True
    finishes: bool = True
    touches: bool = True


class FacesStep(Learner):
    """The net, its moving average (which is the one to keep), and two optimisers."""

    losses = ("loss", "attribute_loss", "reconstruction_loss")

    def __init__(self, faces: Faces, recipe: Recipe) -> None:
        self.recipe, self.faces = recipe, faces
        for each in faces.filler.parameters():
            if each.ndim == 4:  # laid out so it is a quarter faster
                each.data = each.data.contiguous(memory_format=torch.channels_last)
        finisher = faces.filler.finisher
        finishing = list(finisher.parameters()) if finisher is not None else []
        apart = {id(each) for each in finishing}
        filling = [each for each in faces.filler.parameters() if id(each) not in apart]
        self.average = Average(faces, recipe.average_decay)
        drawing = [*faces.encoder.parameters(), *faces.decoder.parameters()]
        optimisers = {
            "faces": self._adam(drawing, 1.0, 1e-3),
            "filler": self._adam(filling, 0.75, 1e-2),
        }
        if finishing:
            optimisers["finisher"] = self._adam(finishing, 1.0, 1e-2)
        super().__init__({"faces": faces}, optimisers, {"faces": self.average})

    def _adam(
        self, parameters: list[nn.Parameter], share: float, decay: float
    ) -> torch.optim.Optimizer:
        rate = share * self.recipe.learning_rate
        return torch.optim.AdamW(
            parameters, lr=rate, betas=(0.9, 0.99), weight_decay=decay, fused=True
        )

    def step(self, batch: tuple[Tensor, Tensor], moment: Moment) -> Mapping[str, float]:
        """Train all once, and say the losses.

        `batch` is planes (n, c, side, side) and what is known of their attributes, (n, traits),
        NaN where nothing is.
        """
        r = self.recipe
        values = varied(to_values(batch[0], -1), r.augmentation, r.flips, moment.generator)
        rate = warm_up_and_decay(moment.step, moment.progress, warm_up=50, flat=r.flat, floor=0.01)
        metrics = self.drawing(values, batch[1], moment, rate) if r.draws else {}
        if r.fills:
            metrics |= self.filling(values, moment, rate)
        if r.finishes and self.faces.filler.finisher is not None:
            metrics |= self.finishing(self._sharp(batch[0], moment), moment, rate)
        if r.draws:
            self.faces.prior.taught.fill_(moment.step + 1)
        self.average.update(moment.step)
        return metrics

    def _sharp(self, planes: Tensor, moment: Moment) -> Tensor:
        """What the finisher learns from: all of a batch where it learns alone, else a part of it,
        as it works at the whole side."""
        r = self.recipe
        count = -(-len(planes) // _FINISHED) if r.draws or r.fills else len(planes)
        return moved(to_values(planes[:count], -1), r.augmentation, r.flips, moment.generator)

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        """Put back what `tensors` gave; those of a training of before know no finisher, no touches,
        no sketch and no draft, without which they go on."""
        late, unfitted = (".finisher.", "touches."), (".sketch.", "/draft.")
        now = self.tensors()
        own = {k: each for k, each in now.items() if any(name in k for name in late)}
        own |= {
            k: torch.zeros_like(each)
            for k, each in now.items()
            if any(name in k for name in unfitted)
        }
        super().restore(own | dict(tensors))
        for optimiser in self.optimisers.values():
            for parameter, moments in optimiser.state.items():
                for name, kept in moments.items():
                    if isinstance(kept, Tensor) and kept.shape == parameter.shape:
                        # A fused step goes through all of them as they lie in memory.
                        moments[name] = torch.empty_like(parameter).copy_(kept)

    @torch.no_grad()
    def begin(self, planes: Tensor, targets: Tensor, sketched: int) -> None:
        """Have a new net begin with a sketch of so many of these pictures (n, c, side, side), and
        with a draft of what is known of their attributes, (n, traits), where it is to have them."""
        net, average = self.faces, self.average.network
        sketch = net.filler.sketch
        if sketch is None or sketch.is_fitted:
            return
        chosen = spread_out(planes, sketched // 2 if self.recipe.flips else sketched)
        sketch.fit(self._mirrored(to_values(chosen, -1)))
        if net.draft is not None:
            self._draft(planes, targets)
        for own, other in zip(
            net.state_dict().values(), average.state_dict().values(), strict=True
        ):
            other.copy_(own)

    def _draft(self, planes: Tensor, targets: Tensor) -> None:
        """Fit the draft to those pictures of which all attributes are known, and have the nets
        change nothing of it at first; of too few it stays empty."""
        net, known = self.faces, ~targets.isnan().any(dim=1)
        draft, sketch = net.draft, net.filler.sketch
        if draft is None or sketch is None or int(known.sum()) < _FEWEST:
            return
        codes = net.traits.codes(net.traits.known_points(targets[known]))
        scores, told = [], []
        pieces = (torch.split(each, _AT_ONCE) for each in (planes[known], codes))
        for part, says in zip(*pieces, strict=True):
            values = self._mirrored(to_values(part, -1))
            scores.append(sketch.scores(values))
            told.append(says.repeat(len(values) // len(says), 1))
        draft.fit(torch.cat(told), torch.cat(scores))
        net.begin_with_draft()

    def _mirrored(self, values: Tensor) -> Tensor:
        return torch.cat([values, values.flip(-1)]) if self.recipe.flips else values

    @torch.no_grad()
    def settle(self, planes: Tensor, targets: Tensor, *, anew: bool = False) -> None:
        """Fit the prior of the average, and its touches, to these pictures (n, c, side, side) and
        what is known of them (n, traits), if it has learnt much since that was done, or `anew`;
        what is drawn from it is then like them."""
        faces, r = self.average.network, self.recipe
        due = anew or faces.prior.is_due
        settles = (r.draws and due) or int(faces.prior.fitted) < 0
        touches = faces.touches
        if touches is not None and touches.is_fitted and not (r.touches and due):
            touches = None  # they stay
        if not settles and touches is None:
            return
        values = to_values(planes, -1)
        if r.flips:
            values, targets = self._mirrored(values), targets.repeat(2, 1)
        codes = self._codes(values, targets)
        means, drawn = _seen_again(faces, values, codes)
        if settles:
            faces.prior.fit(means)
        if touches is not None and codes is not None:
            places = list(faces.traits.places.values())
            touches.fit(faces.traits.apart(codes), drawn, values, places)
        # The average's buffers are copies of the net's.
        for own, other in zip(self.faces.buffers(), faces.buffers(), strict=True):
            own.copy_(other)

    def filling(self, values: Tensor, moment: Moment, rate: float) -> dict[str, float]:
        """Train the filler once on values (n, c, side, side)."""
        losses = filling_losses(self.faces.filler, values, moment, self.recipe.scratches)
        self.descend("filler", torch.stack(list(losses.values())).sum(), rate=rate, clip=_CLIP)
        return {name: float(value.detach()) for name, value in losses.items()}

    def finishing(self, values: Tensor, moment: Moment, rate: float) -> dict[str, float]:
        """Train the finisher once on values (n, c, side, side), which must be sharp."""
        filler, hole = self.faces.filler, scratches_for(values, moment)
        with torch.no_grad():
            start = filler.guess(values, hole)
            most_likely = filler(start, hole)[0]
        loss = finishing_loss(filler.finished(most_likely, start, hole), values, hole)
        return {"finish": self.descend("finisher", loss, rate=rate, clip=_CLIP)}

    def drawing(
        self, values: Tensor, targets: Tensor, moment: Moment, rate: float
    ) -> dict[str, float]:
        """Train encoder and decoder once on values (n, c, side, side)."""
        loss, metrics = self.autoencoding(values, targets, moment)
        metrics["loss"] = self.descend("faces", loss, rate=rate, clip=_CLIP)
        return metrics

    def autoencoding(
        self, values: Tensor, targets: Tensor, moment: Moment
    ) -> tuple[Tensor, dict[str, float]]:
        """The autoencoder's loss on values (n, c, side, side), and what it consists of."""
        r, faces = self.recipe, self.faces
        kept = nested(len(values), len(part_sizes(faces)), bool(faces.traits), moment.generator)
        codes = self._codes(values, targets)
        found = faces.read(values, codes, moment.generator, kept)
        nats = divergence(found.mean, found.log_variance)
        far = torch.stack(
            [
                share * reconstruction(found.values[chosen], values[chosen])
                for chosen, share in shares(kept)
            ]
        ).sum()
        weight = r.beta * min(1.0, (moment.progress + 0.01) / max(r.warm_up, 1e-6))
        cost = spared(nats, part_sizes(faces), r.free) / values[0].numel()
        whole = kept == len(part_sizes(faces))
        loss = far + weight * cost + r.edges * slopes(found.values, values)
        error = float((found.values.detach() - values)[whole].square().mean()) / 4
        metrics = {"reconstruction_loss": error, "kl_nats": float(nats.detach().sum(dim=1).mean())}
        if codes is not None:
            read = faces.traits.loss(found.logits, targets)
            seen = self._seen(codes, found.mean, moment.generator)
            faint = details(found.values, values)
            # At first the encoder knows no attributes to ask it for.
            asked = r.mixed * min(1.0, 4 * moment.progress)
            loss = loss + r.attributes * read + asked * seen + r.details * faint
            metrics |= {"attribute_loss": float(read.detach()), "mixed_loss": float(seen.detach())}
        return loss, metrics

    def _seen(self, codes: Tensor, mean: Tensor, generator: torch.Generator) -> Tensor:
        """How well a quarter of the faces with others' attributes are read as having these: then
        the rest of their points does not say what the attributes are for (after He et al. 2019)."""
        faces, count = self.faces, (len(codes) + 3) // 4
        mixed = faces.traits.mixed(codes, generator)[:count]
        faces.encoder.requires_grad_(False)  # it is asked, and must not learn to see what is not
        told = faces.encoder(faces.drawn(mixed, mean[:count]).clamp(-1, 1))[1]
        faces.encoder.requires_grad_(True)
        return faces.traits.loss(told[:, -faces.traits.width :], mixed)

    def _codes(self, values: Tensor, targets: Tensor) -> Tensor | None:
        """What the decoder is told of the attributes: the truth where it is known, else what the
        encoder sees."""
        traits = self.faces.traits
        if not traits:
            return None
        codes, unknown = traits.codes(traits.known_points(targets)), targets.isnan()
        if bool(unknown.any()):
            with torch.no_grad():
                own = self.faces.encoder(values)[1][:, -traits.width :]
                codes = torch.where(unknown, traits.codes(traits.points(own)), codes)
        return codes


def _seen_again(faces: Faces, values: Tensor, codes: Tensor | None) -> tuple[Tensor, Tensor]:
    """The decoder's numbers of pictures (n, numbers), and what it draws of them, without touches
    and cut off at -1 and 1; `codes` are their attributes."""
    parts = torch.split(values, 50)
    told = torch.split(codes, 50) if codes is not None else [None] * len(parts)
    found = [faces.read(each, says) for each, says in zip(parts, told, strict=True)]
    means = torch.cat([each.mean for each in found])
    return means, torch.cat([each.values.clamp(-1, 1) for each in found])


def spread_out(rows: Tensor, most: int) -> Tensor:
    """At most so many of the rows (n, …), evenly through them."""
    count = min(len(rows), most)
    return rows[torch.arange(count) * len(rows) // count]
