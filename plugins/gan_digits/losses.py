"""Adversarial losses by name, and the gradient penalty that keeps them honest."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

_PairLoss = Callable[[Tensor, Tensor], Tensor]


class AdversarialLoss(NamedTuple):
    """What each side minimises, given the logits (n,) of real and of generated pictures."""

    discriminator: _PairLoss
    generator: _PairLoss


def _classify(real: Tensor, fake: Tensor) -> Tensor:
    return F.softplus(-real).mean() + F.softplus(fake).mean()


def _hinge(real: Tensor, fake: Tensor) -> Tensor:
    return F.relu(1 - real).mean() + F.relu(1 + fake).mean()


LOSSES: dict[str, AdversarialLoss] = {
    # Each real picture is compared with a generated one, so that leaving out a kind of picture
    # costs (Jolicoeur-Martineau 2018; Huang et al. 2024, "The GAN is dead; long live the GAN").
    "relativistic": AdversarialLoss(
        lambda real, fake: F.softplus(fake - real).mean(),
        lambda real, fake: F.softplus(real - fake).mean(),
    ),
    # Goodfellow et al. 2014: the game as its theory has it, log(1 - D(G(z))) and all. Its gradient
    # vanishes where the discriminator is sure, which is why the paper trains with the next one.
    "minimax": AdversarialLoss(_classify, lambda real, fake: -F.softplus(fake).mean()),
    "non-saturating": AdversarialLoss(_classify, lambda real, fake: F.softplus(-fake).mean()),
    # Lim, Ye 2017.
    "hinge": AdversarialLoss(_hinge, lambda real, fake: -fake.mean()),
    # Mao et al. 2017, targets 1 for real and 0 for generated.
    "least-squares": AdversarialLoss(
        lambda real, fake: ((real - 1) ** 2).mean() + (fake**2).mean(),
        lambda real, fake: ((fake - 1) ** 2).mean(),
    ),
}


def adversarial_loss(name: str) -> AdversarialLoss:
    """The loss of that name; ValueError lists the names there are."""
    try:
        return LOSSES[name]
    except KeyError:
        raise ValueError(f"no loss is called {name!r}: take one of {', '.join(LOSSES)}") from None


def gradient_penalty(logits: Tensor, pixels: Tensor) -> Tensor:
    """Mean squared length of d logits / d pixels (Mescheder et al. 2018).

    R1 on real pictures, R2 on generated ones. `pixels` (n, c, h, w) must require a gradient.
    """
    (slope,) = torch.autograd.grad(logits.sum(), pixels, create_graph=True)
    return slope.square().sum(dim=(1, 2, 3)).mean()
