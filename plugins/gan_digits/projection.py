"""Projection: the latent whose picture comes nearest to a given one (Zhu et al. 2016, iGAN).

The encoder's guess is the start, a few steps of Adam on the latent do the rest. With some pixels
unknown the rest of the picture is the generator's to invent, which is how a masked part is
regenerated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from gan_digits.network import Encoder, Generator

# The spread of a pixel around what the generator can draw, on the -1..1 scale. The larger it is,
# the more a usual latent counts and the less a pixel does. Neighbouring pixels err together, so it
# is well above the error of a single one.
PIXEL_SPREAD = 0.5
# How much the encoder's word on the class counts beside the fit. It names held-out digits better
# than the fit does: a generator can bend a 7 far enough to fit a 9.
CLASS_WEIGHT = 10.0


@dataclass(frozen=True)
class Projection:
    """A latent (latent_dim,), what it draws under `label`, and how well that fits.

    `probabilities` (classes,) are the encoder's; `picture` is (c, s, s) in -1..1; `error` is the
    root mean square difference over the known pixels, on that scale.
    """

    latent: Tensor
    label: int
    probabilities: Tensor
    picture: Tensor
    error: float


def _whole(picture: Tensor, known: Tensor | None) -> Tensor:
    """The mask of known pixels as float (1, s, s); everything where there is none."""
    return torch.ones_like(picture[:1]) if known is None else known.float().view_as(picture[:1])


@torch.no_grad()
def guess(
    generator: Generator,
    encoder: Encoder,
    picture: Tensor,
    known: Tensor | None = None,
    label: int | None = None,
) -> Projection:
    """The encoder's guess, in a few milliseconds.

    `picture` (c, s, s) in -1..1, `known` (s, s) or (1, s, s), 1 where a pixel counts. With `label`
    the class is given, else it is the likeliest.
    """
    mask = _whole(picture, known)
    latents, logits = encoder(picture[None], mask[None])
    probabilities = logits.softmax(dim=1)[0]
    best = int(probabilities.argmax()) if label is None else label
    drawn = generator(latents, torch.tensor([best]))
    return _projection(picture, mask, probabilities, latents[0], best, drawn[0])


def _projection(
    picture: Tensor, mask: Tensor, probabilities: Tensor, latent: Tensor, label: int, drawn: Tensor
) -> Projection:
    drawn = drawn.detach()
    square = (mask * (drawn - picture) ** 2).sum() / (mask.sum() * len(picture)).clamp(min=1)
    return Projection(
        latent.detach().clone(), label, probabilities, drawn.clone(), float(square.sqrt())
    )


def _starting_labels(
    probabilities: Tensor,
    label: int | None,
    restarts: int,
    exploration: float,
    source: torch.Generator,
) -> Tensor:
    """The class of each restart: given, or drawn, or the likeliest ones in turn."""
    if label is not None:
        return torch.full((restarts,), label)
    if exploration > 0:
        # One class for the whole candidate: the next candidate may draw another.
        drawn = torch.multinomial(probabilities, 1, generator=source)
        return drawn.expand(restarts).clone()
    likely = [int(k) for k in probabilities.argsort(descending=True)[:3] if probabilities[k] > 0.02]
    return torch.tensor([likely[n % len(likely)] for n in range(restarts)])


def project(
    generator: Generator,
    encoder: Encoder,
    picture: Tensor,
    known: Tensor | None = None,
    label: int | None = None,
    *,
    seed: int = 0,
    exploration: float = 0.0,
    restarts: int = 4,
    steps: int = 40,
    rate: float = 0.1,
    report_every: int = 4,
) -> Iterator[Projection]:
    """Yield the best projection so far, first the encoder's guess and last the result.

    Arguments as for `guess`. `exploration` 0 seeks the likeliest latent, for cleaning up and for
    morphs. At 1 it *draws* a latent that fits: the latent is pulled to a random one instead of to
    nought (randomise-then-optimise, Bardsley et al. 2014), so that each seed fills a hole in its
    own way. The random numbers come from `seed` alone, so n candidates are n calls.
    """
    source = torch.Generator().manual_seed(seed)
    mask = _whole(picture, known)
    first = guess(generator, encoder, picture, mask, label)
    yield first
    labels = _starting_labels(first.probabilities, label, restarts, exploration, source)
    noise = torch.randn(restarts, len(first.latent), generator=source)
    descent = _Descent(generator, picture, mask, first, labels, exploration * noise)
    latents = first.latent + max(exploration, 0.3) * noise
    latents[0] = first.latent
    latents.requires_grad_()
    optimiser = torch.optim.Adam([latents], lr=rate, betas=(0.8, 0.99))
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = rate * min(1.0, 2 * (1 - step / steps))
        drawn, energies = descent.look(latents)
        # Only the latents' gradient is asked for, so the generator is left as it is.
        (latents.grad,) = torch.autograd.grad(energies.sum(), latents)
        if step % report_every == report_every - 1:
            yield descent.best(latents, drawn, energies)
        optimiser.step()
    yield descent.result(latents)


class _Descent:
    """What latents (n, latent_dim) of the restarts are held against, each under a label of its own.

    `anchors` (n, latent_dim) are what each is pulled to.
    """

    def __init__(
        self,
        generator: Generator,
        picture: Tensor,
        mask: Tensor,
        first: Projection,
        labels: Tensor,
        anchors: Tensor,
    ) -> None:
        self._generator, self._labels, self._anchors = generator, labels, anchors
        self._picture, self._mask = picture, mask
        self._probabilities = first.probabilities
        self._doubts = -CLASS_WEIGHT * first.probabilities[labels].clamp(min=1e-6).log()

    def look(self, latents: Tensor) -> tuple[Tensor, Tensor]:
        """What is drawn from latents, and minus log posterior (n,) of each."""
        drawn = self._generator(latents, self._labels)
        energies = _energies(drawn, self._picture, self._mask, latents, self._anchors)
        return drawn, energies + self._doubts

    def best(self, latents: Tensor, drawn: Tensor, energies: Tensor) -> Projection:
        """The likeliest of them."""
        n = int(energies.argmin())
        return self._projection(latents[n], int(self._labels[n]), drawn[n])

    @torch.no_grad()
    def result(self, latents: Tensor) -> Projection:
        """The likeliest in the end."""
        n = int(self.look(latents)[1].argmin())
        # Drawn alone, as every other picture is: the bytes must not hang on the number of restarts.
        drawn = self._generator(latents[n : n + 1], self._labels[n : n + 1])[0]
        return self._projection(latents[n], int(self._labels[n]), drawn)

    def _projection(self, latent: Tensor, label: int, drawn: Tensor) -> Projection:
        return _projection(self._picture, self._mask, self._probabilities, latent, label, drawn)


def _energies(
    drawn: Tensor, picture: Tensor, mask: Tensor, latents: Tensor, anchors: Tensor
) -> Tensor:
    """Minus log posterior (n,) up to a constant, with a loss that forgives single wild pixels."""
    apart = F.smooth_l1_loss(drawn, picture.expand_as(drawn), reduction="none", beta=0.5)
    misfit = (apart * mask).sum(dim=(1, 2, 3)) / PIXEL_SPREAD**2
    return misfit + 0.5 * (latents - anchors).square().sum(dim=1)
