"""What a variational autoencoder is trained on: how far it is from pictures, and what it tells.

Reconstruction is judged with the spread of the errors that there are, σ² = their mean square, so
that no weight stands between the two (Rybkin et al. 2021, σ-VAE); β weighs the Kullback-Leibler
divergence against that (Higgins et al. 2017), and free bits keep it from vanishing (Kingma et al.
2016).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from vae_faces.network.contrast import fine

_LEAST_ERROR = 1e-5  # of the range -1..1, squared: 53 dB, better than which nobody sees
VANISHED = 1.0
"""Nats that a picture must tell at least; below this the decoder does not listen to its points."""


def divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Nats (n, k) by which normal numbers differ from standard normal ones, each by itself."""
    return (mean.square() + log_variance.exp() - log_variance - 1) / 2


def spared(nats: Tensor, parts: Sequence[int], free: float) -> Tensor:
    """Nats (n, k) that count, in all, of parts of k numbers: one whose numbers tell `free` nats
    each on average costs no less than that, and so is not pressed any further."""
    means = torch.split(nats.mean(dim=0), list(parts))
    return torch.stack(
        [part.sum().clamp_min(free * len(part)) for part in means if len(part)]
    ).sum()


def reconstruction(drawn: Tensor, values: Tensor) -> Tensor:
    """Half the logarithm of the mean squared error: nats a number of the picture, but for a
    constant, with the spread that fits best."""
    return (drawn - values).square().mean().add(_LEAST_ERROR).log() / 2


def slopes(drawn: Tensor, values: Tensor) -> Tensor:
    """Mean difference of the steps between neighbouring pixels: edges are worth more than their
    few pixels (Mathieu et al. 2016)."""
    error = drawn - values
    down, across = error.diff(dim=-2).abs().mean(), error.diff(dim=-1).abs().mean()
    return down + across


def details(drawn: Tensor, values: Tensor) -> Tensor:
    """Mean difference of the local contrasts: a mouth that is faint on dark skin is worth as much
    as a dark one on light skin."""
    return (fine(drawn) - fine(values)).abs().mean()
