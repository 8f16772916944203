"""The three nets: a generator, a discriminator, and an encoder that guesses latents.

Most of the work happens at half the picture's side and below: the generator ends with a
pixel-shuffle and the discriminator begins with a pixel-unshuffle (Shi et al. 2016). On two CPU
cores that is worth a factor of eight against convolving at full resolution.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan_digits.losses import LOSSES

SMALLEST_SIDE = 16
LARGEST_SIDE = 64
MOST_CLASSES = 4096
_SLOPE = 0.2
LEAK = 0.1
_RANGES: dict[str, tuple[float, float]] = {
    "num_classes": (0, MOST_CLASSES), "width": (1, 256), "latent_dim": (1, 1024),
    "penalty": (0, 1e6), "penalty_every": (1, 1e6), "learning_rate": (0, 1), "flat_part": (0, 1),
    "augmentation": (0, 100), "augmentation_probability": (0, 1), "average_decay": (0, 1),
    "latent_weight": (0, 1e6), "reconstruction_weight": (0, 1e6), "encoder_every": (1, 1e6),
}  # fmt: skip
"""What the settings of a model may be: they bound what its nets ask for."""


@dataclass(frozen=True)
class GanSettings:
    """What is trained and how. `num_classes` 0 trains a model without classes.

    Two weights work against a generator that draws one picture a class, both by way of the
    encoder: `latent_weight` asks that a latent can be read off its picture (Chen et al. 2016,
    InfoGAN), `reconstruction_weight` that real pictures can be drawn from what the encoder reads
    in them (Larsen et al. 2016, VAE-GAN). With both at 0 the encoder only watches. `penalty` is
    the gamma of R1 and R2. Made for batches of 64. Raises ValueError for what cannot be built.
    """

    size: int = 28
    channels: int = 1
    num_classes: int = 10
    width: int = 32
    latent_dim: int = 32
    loss: str = "relativistic"
    penalty: float = 0.5
    penalty_every: int = 8
    learning_rate: float = 1e-3
    flat_part: float = 0.4
    augmentation: float = 1.0
    augmentation_probability: float = 0.8
    average_decay: float = 0.998
    latent_weight: float = 0.5
    reconstruction_weight: float = 1.0
    encoder_every: int = 2

    def __post_init__(self) -> None:
        check_size(self.size)
        if self.channels not in (1, 3) or self.loss not in LOSSES:
            raise ValueError("channels are 1 or 3, and the loss is one of those that there are")
        for name, (low, high) in _RANGES.items():
            if not low <= getattr(self, name) <= high:
                raise ValueError(f"{name} must be from {low} to {high}")


def check_size(size: int) -> None:
    """Raise ValueError unless `size` (pixels a side) is one that the nets can be built for."""
    step = 4 if size <= 32 else 8
    if not SMALLEST_SIDE <= size <= LARGEST_SIDE or size % step:
        raise ValueError(
            f"a side of {size} pixels does not work: take a multiple of 4 from 16 to 32, "
            "or a multiple of 8 from 40 to 64"
        )


def halvings(size: int) -> int:
    """How often a side of `size` pixels is halved before the innermost map (4 to 8 a side)."""
    check_size(size)
    return 2 if size <= 32 else 3


def _level_widths(size: int, width: int) -> list[int]:
    """Channels at each level, from half the side inwards.

    The innermost maps are cheap, so the strength sits there: a block at a quarter of the side with
    three times the channels costs little more than twice the one outside it.
    """
    return [width, 3 * width] if halvings(size) == 2 else [width, 2 * width, 3 * width]


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions beside a skip, optionally scaled and shifted by a style vector.

    Takes and gives (n, width, h, w). The last convolution starts at zero, so a fresh block is the
    identity and needs no normalisation (Zhang et al. 2019, Fixup).
    """

    def __init__(self, width: int, style_width: int = 0) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1, bias=False)
        nn.init.zeros_(self.second.weight)
        self.style = nn.Linear(style_width, 2 * width) if style_width else None
        if self.style is not None:
            nn.init.normal_(self.style.weight, std=0.05)
            nn.init.zeros_(self.style.bias)

    def forward(self, features: Tensor, style: Tensor | None = None) -> Tensor:
        """Transform (n, width, h, w), with a style (n, style_width) where the block takes one."""
        hidden = self.first(F.leaky_relu(features, _SLOPE))
        if self.style is not None and style is not None:
            scale, shift = self.style(style)[:, :, None, None].chunk(2, dim=1)
            hidden = hidden * (1 + scale) + shift
        change: Tensor = self.second(F.leaky_relu(hidden, _SLOPE))
        return features + change


class Generator(nn.Module):
    """Latent and class to picture, at half the side and below until the last convolution.

    The latent carries the style and is the same input for every class; a class adds its own
    embedding. So one latent under two classes is one handwriting writing two characters.
    """

    def __init__(
        self, size: int, channels: int, num_classes: int, width: int = 32, latent_dim: int = 32
    ) -> None:
        super().__init__()
        self.size, self.channels, self.num_classes = size, channels, num_classes
        self.latent_dim = latent_dim
        widths = _level_widths(size, width)
        self.side = size >> len(widths)
        self.embedding = nn.Embedding(max(num_classes, 1), latent_dim)
        self.mapping = nn.Sequential(
            nn.Linear(2 * latent_dim, 3 * width),
            nn.LeakyReLU(_SLOPE),
            nn.Linear(3 * width, 3 * width),
            nn.LeakyReLU(_SLOPE),
        )
        self.stem = nn.Linear(2 * latent_dim, widths[-1] * self.side**2)
        self.blocks = nn.ModuleList()
        self.growths = nn.ModuleList()
        for inner, outer in zip(widths[::-1], [*widths[-2::-1], channels], strict=True):
            self.blocks.append(ResidualBlock(inner, 3 * width))
            kernel = 3 if len(self.growths) + 1 == len(widths) else 1
            self.growths.append(nn.Conv2d(inner, 4 * outer, kernel, padding=kernel // 2))

    def forward(self, latents: Tensor, labels: Tensor) -> Tensor:
        """Pictures (n, channels, size, size), about -1..1, from float latents (n, latent_dim).

        `labels` are int64 (n,) in 0..num_classes-1, and all zero for a model without classes.
        """
        return self.paint(latents, self.embedding(labels))

    def paint(self, latents: Tensor, embeddings: Tensor) -> Tensor:
        """As `forward`, with class embeddings (n, latent_dim) in place of labels: mixtures too."""
        code = torch.cat([latents, embeddings], dim=1)
        style = self.mapping(code)
        features: Tensor = self.stem(code).unflatten(1, (-1, self.side, self.side))
        for block, growth in zip(self.blocks, self.growths, strict=True):
            features = block(features, style)
            features = F.pixel_shuffle(growth(F.leaky_relu(features, _SLOPE)), 2)
        # No tanh: most pixels are paper, the first steps drive them to -1, and a tanh that sits
        # there passes no gradient back. With it the generator drew blank paper for good. A clamp
        # that leaks keeps the gradient and still lets clean paper be had without aiming at -1.
        return LEAK * features + (1 - LEAK) * features.clamp(-1, 1)


class _Trunk(nn.Module):
    """Picture to innermost map: unshuffle, convolve, repeat. No normalisation."""

    def __init__(self, size: int, channels: int, width: int) -> None:
        super().__init__()
        widths = _level_widths(size, width)
        self.out_width, self.side = widths[-1], size >> len(widths)
        self.shrinks = nn.ModuleList()
        self.blocks = nn.ModuleList()
        for outer, inner in zip([channels, *widths[:-1]], widths, strict=True):
            kernel = 3 if not self.shrinks else 1
            self.shrinks.append(nn.Conv2d(4 * outer, inner, kernel, padding=kernel // 2))
            self.blocks.append(ResidualBlock(inner))

    def forward(self, pixels: Tensor) -> Tensor:
        features = pixels
        for shrink, block in zip(self.shrinks, self.blocks, strict=True):
            features = block(shrink(F.pixel_unshuffle(features, 2)))
        return F.leaky_relu(features, _SLOPE)


def batch_deviation(features: Tensor, group: int = 4) -> Tensor:
    """How much the pictures of a group differ, (n, 1), from features (n, d) (Karras et al. 2018).

    With it the discriminator sees a lack of variety, which no single picture shows.
    """
    count = len(features)
    group = group if count % group == 0 else count
    grouped = features.view(group, count // group, -1)
    # Not Tensor.var: along an outer dimension it takes as long as a convolution on the CPU.
    spread = (grouped - grouped.mean(dim=0)).square().mean(dim=0).add(1e-8).sqrt()
    return torch.mean(spread, dim=1, keepdim=True).repeat(group, 1)


class Discriminator(nn.Module):
    """Picture and class to one logit, the class entering by projection (Miyato, Koyama 2018)."""

    def __init__(self, size: int, channels: int, num_classes: int, width: int = 32) -> None:
        super().__init__()
        self.trunk = _Trunk(size, channels, width)
        inner, hidden = self.trunk.out_width, 6 * width
        self.shrink = nn.Conv2d(inner, inner, 3, stride=2, padding=1)
        self.dense = nn.Linear(inner * ((self.trunk.side + 1) // 2) ** 2 + 1, hidden)
        self.score = nn.Linear(hidden, 1)
        self.embedding = nn.Embedding(max(num_classes, 1), hidden)
        nn.init.normal_(self.embedding.weight, std=hidden**-0.5)

    def forward(self, pixels: Tensor, labels: Tensor) -> Tensor:
        """Logits (n,), higher for real, from pixels (n, channels, size, size) in -1..1."""
        features = F.leaky_relu(self.shrink(self.trunk(pixels)), _SLOPE).flatten(1)
        features = torch.cat([features, batch_deviation(features)], dim=1)
        features = F.leaky_relu(self.dense(features), _SLOPE)
        agreement = (features * self.embedding(labels)).sum(dim=1)
        return torch.add(self.score(features)[:, 0], agreement)


class Encoder(nn.Module):
    """Picture with known pixels to a guess of latent and class, the first guess of a projection.

    It is trained beside the generator on its samples, with parts hidden, so that a picture with
    a hole in it has a guess too. Zhu et al. 2016 start their projection from such a net.
    """

    def __init__(
        self, size: int, channels: int, num_classes: int, width: int = 32, latent_dim: int = 32
    ) -> None:
        super().__init__()
        check_size(size)
        side = (size // 4 + 1) // 2
        self.body = nn.Sequential(
            nn.PixelUnshuffle(2),
            nn.Conv2d(4 * (channels + 1), width, 3, padding=1),
            nn.LeakyReLU(_SLOPE),
            nn.Conv2d(width, 3 * width, 3, stride=2, padding=1),
            nn.LeakyReLU(_SLOPE),
            nn.Conv2d(3 * width, 4 * width, 3, stride=2, padding=1),
            nn.LeakyReLU(_SLOPE),
            nn.Flatten(),
            nn.Linear(4 * width * side**2, 8 * width),
            nn.LeakyReLU(_SLOPE),
        )
        self.latent = nn.Linear(8 * width, latent_dim)
        self.classes = nn.Linear(8 * width, max(num_classes, 1))

    def forward(self, pixels: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
        """Latents (n, latent_dim) and class logits (n, classes).

        `pixels` (n, channels, size, size) in -1..1; `known` (n, 1, size, size) is 1 where the
        pixel counts and 0 where it is hidden.
        """
        features = self.body(torch.cat([pixels * known, known], dim=1))
        return self.latent(features), self.classes(features)


class Nets(nn.Module):
    """The three nets of a model, fresh."""

    def __init__(self, settings: GanSettings) -> None:
        super().__init__()
        s = settings
        self.generator = Generator(s.size, s.channels, s.num_classes, s.width, s.latent_dim)
        self.discriminator = Discriminator(s.size, s.channels, s.num_classes, s.width)
        self.encoder = Encoder(
            s.size, s.channels, s.num_classes, max(s.width * 3 // 4, 8), s.latent_dim
        )
