"""Random numbers as a function of a seed and a place, so that nothing has to be remembered."""

from __future__ import annotations

import hashlib
import random

import numpy as np
import torch


def mixed_seed(*parts: int | str) -> int:
    """A seed from 0 to 2**63 - 1 for these parts together: near parts give unrelated seeds."""
    told = " ".join(str(part) for part in parts).encode()
    return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest(), "little") >> 1


def candidate_generator(
    seed: int, number: int = 0, device: torch.device | str = "cpu"
) -> torch.Generator:
    """The random generator of candidate `number` of a request: seeded `seed + number`.

    On the CPU by default: the same numbers come out whatever device the nets are on.
    """
    return torch.Generator(device=device).manual_seed((seed + number) % 2**63)


def noise(rng: random.Random, *shape: int) -> torch.Tensor:
    """Numbers of mean 0 and spread 1, float32 of this shape, drawn with a candidate's own `rng`."""
    return torch.randn(shape, generator=candidate_generator(rng.getrandbits(62)))


def seed_global_generators(seed: int) -> None:
    """Seed the generators of Python, numpy and torch that code may draw from without asking."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)
