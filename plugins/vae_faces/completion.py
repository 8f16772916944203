"""The filler: what is missing in a picture from what is known of it, and damage undone.

Ivanov et al. 2019 (VAEAC) condition a variational auto-encoder on whatever pixels are known. This
one splits the task. A U-Net draws the *most likely* filling straight: it starts from a diffusion
of the rim and learns only what that leaves over. A small conditional VAE beside it learns how the
truth *strays* from there; it starts from the U-Net's features and cannot bend them, so candidates
that truly differ cost the most likely one nothing.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aigc_studio.toolkit import Moment
from vae_faces.damage import damaged, draw_holes
from vae_faces.diffusion import first_guess

_DEPTH = 3  # how often the features are halved below the resolution at which work begins
_STRAYING = 48  # channels of the features that stray
_PRECISE = 1e-4  # squared error that is as good as none: less than two steps of 255
_RESTORED = 4  # one in so many pictures of a batch is damaged as a whole


class Block(nn.Module):
    """Two 3x3 convolutions beside a skip; (n, width, h, w) in and out, at first the identity."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)

    def forward(self, features: Tensor) -> Tensor:
        """Transform (n, width, h, w)."""
        change: Tensor = self.second(F.silu(self.first(F.silu(features))))
        return features + change


class Trunk(nn.Module):
    """A U-Net from planes to features at three scales, the finest first."""

    def __init__(self, planes: int, widths: tuple[int, ...]) -> None:
        super().__init__()
        self.stem = nn.Conv2d(planes, widths[0], 3, padding=1)
        self.down, self.shrinks = nn.ModuleList(), nn.ModuleList()
        self.up, self.growths = nn.ModuleList(), nn.ModuleList()
        for outer, inner in pairwise(widths):
            self.down.append(Block(outer))
            self.shrinks.append(nn.Conv2d(outer, inner, 2, stride=2))
            self.growths.append(nn.Conv2d(inner, 4 * outer, 1))
            self.up.append(Block(outer))
        self.middle = nn.Sequential(Block(widths[-1]), nn.SiLU())

    def forward(self, planes: Tensor) -> list[Tensor]:
        """Features (n, width, h, w) of every scale but the coarsest, from planes (n, c, h, w)."""
        features, skips = self.stem(planes), []
        for block, shrink in zip(self.down, self.shrinks, strict=True):
            skips.append(block(features))
            features = shrink(skips[-1])
        features, found = self.middle(features), []
        for level in reversed(range(len(skips))):
            grown = F.pixel_shuffle(self.growths[level](features), 2)
            features = self.up[level](grown + skips[level])
            found.insert(0, features)
        return found


class Straying(nn.Module):
    """From noise (n, size) and the trunk's features to a change of what it drew.

    Without a bias anywhere on the noise's way: no noise is no change, exactly.
    """

    def __init__(self, size: int, widths: tuple[int, ...], planes: int) -> None:
        super().__init__()
        width = _STRAYING
        self.code = nn.Sequential(
            nn.Linear(size, 2 * width, bias=False),
            nn.Tanh(),
            nn.Linear(2 * width, width, bias=False),
        )
        self.gates = nn.ModuleList(nn.Conv2d(each, width, 1) for each in widths)
        self.mixes = nn.ModuleList(
            nn.Conv2d(width, width, 3, padding=1, bias=False) for _each in widths
        )
        self.growths = nn.ModuleList(
            nn.Conv2d(width, 4 * width, 1, bias=False) for _each in widths[1:]
        )
        self.head = nn.Conv2d(width, planes, 3, padding=1, bias=False)

    def forward(self, noise: Tensor, features: list[Tensor]) -> Tensor:
        """Changes (n, planes, h, w) at the scale of the finest features."""
        moved: Tensor = self.code(noise)[:, :, None, None]
        for level in reversed(range(len(features))):
            moved = moved * self.gates[level](features[level])
            moved = moved + self.mixes[level](F.leaky_relu(moved, 0.2))
            if level:
                moved = F.pixel_shuffle(self.growths[level - 1](moved), 2)
        changes: Tensor = self.head(F.leaky_relu(moved, 0.2))
        return changes


class Witness(nn.Module):
    """What the noise was, told from what the U-Net left over; in training alone.

    Takes planes (n, c, h, w); gives the mean and the logarithm of the variance, (n, size) each.
    """

    def __init__(self, planes: int, size: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.PixelUnshuffle(2),
            nn.Conv2d(4 * planes, 40, 3, padding=1),
            nn.SiLU(),
            nn.Conv2d(40, 40, 3, stride=2, padding=1),
            nn.SiLU(),
            nn.Conv2d(40, 40, 3, stride=2, padding=1),
            nn.SiLU(),
            nn.AdaptiveAvgPool2d(4),
            nn.Flatten(),
        )
        self.guess = nn.Linear(40 * 16, 2 * size)

    def forward(self, planes: Tensor) -> tuple[Tensor, Tensor]:
        """Guess the noise."""
        mean, log_variance = self.guess(self.body(planes)).chunk(2, dim=1)
        return mean, log_variance.clamp(-8, 4)


class Filler(nn.Module):
    """Fills holes and undoes damage in pictures of `side` pixels and `channels` (1, 3 or 4).

    `noise_size` numbers say how a filling strays from the most likely one. Values are float32
    (n, channels, side, side) in -1..1, holes (n, 1, side, side) with 1 where pixels are to be made.
    """

    def __init__(self, side: int, channels: int, width: int = 32, noise_size: int = 16) -> None:
        super().__init__()
        self.side, self.channels, self.noise_size = side, channels, noise_size
        self.factor = 2 if side <= 64 else 4  # work begins at 16 to 32 pixels a side
        area = self.factor**2
        widths = (width, 3 * width // 2, 2 * width, 2 * width)
        # The picture and its hole, both mirrored too (faces, and much else, are nearly symmetric),
        # whether all of it is damaged, and where each pixel lies.
        self.trunk = Trunk(2 * area * (channels + 1) + 3, widths)
        self.head = nn.Conv2d(width, channels * area, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        self.straying = Straying(noise_size, widths[:_DEPTH], channels * area)
        self.witness = Witness((channels + 1) * area, noise_size)

    @torch.no_grad()
    def fill(self, values: Tensor, hole: Tensor, noise: Tensor) -> Tensor:
        """Values with what is in the hole made anew; outside equal to what was given, to the bit.

        `noise` (n, noise_size) is standard normal for candidates; 0 is the most likely filling, and
        a smaller noise strays less. What lies in the hole beforehand does not matter.
        """
        inside = hole >= 0.5
        guess = self.guess(values, inside.float())
        most_likely, features = self(guess, inside.float(), torch.zeros(len(values)))
        strayed = most_likely + self._unfolded(self.straying(noise, features))
        return torch.where(inside, strayed.clamp(-1, 1), values)

    @torch.no_grad()
    def restore(self, values: Tensor) -> Tensor:
        """Values, damaged as a whole by noise, blur, low resolution or compression, made good."""
        none = torch.zeros_like(values[:, :1])
        found: Tensor = self(values, none, torch.ones(len(values)))[0]
        return found.clamp(-1, 1)

    def guess(self, values: Tensor, hole: Tensor) -> Tensor:
        """Where the net starts: the hole filled by diffusion."""
        found = first_guess(values.detach().cpu().numpy(), hole.cpu().numpy())
        return torch.from_numpy(found).to(values.device)

    def forward(self, start: Tensor, hole: Tensor, worn: Tensor) -> tuple[Tensor, list[Tensor]]:
        """The most likely picture from `start`, and the features that it was drawn from.

        `worn` (n,) is 1 where the whole picture is damaged, and 0 where only the hole is.
        """
        planes = torch.cat([start, hole], dim=1)
        planes = torch.cat([planes, planes.flip(3)], dim=1)
        features = self.trunk(self._with_places(self._folded(planes), worn))
        return start + self._unfolded(self.head(F.silu(features[0]))), features

    def _folded(self, planes: Tensor) -> Tensor:
        """Planes (n, c, side, side) at the resolution at which work begins, with a rim to spare."""
        spare = -self.side % (self.factor << _DEPTH)
        if spare:
            planes = F.pad(planes, (0, spare, 0, spare), mode="replicate")
        return F.pixel_unshuffle(planes, self.factor)

    def _unfolded(self, folded: Tensor) -> Tensor:
        return F.pixel_shuffle(folded, self.factor)[..., : self.side, : self.side]

    def _with_places(self, folded: Tensor, worn: Tensor) -> Tensor:
        count, _planes, height, width = folded.shape
        down = torch.linspace(-1, 1, height).view(1, 1, -1, 1).expand(count, 1, height, width)
        across = torch.linspace(-1, 1, width).view(1, 1, 1, -1).expand(count, 1, height, width)
        flag = worn.view(-1, 1, 1, 1).expand(count, 1, height, width)
        return torch.cat([folded, flag.to(folded), down.to(folded), across.to(folded)], dim=1)


def filling_losses(filler: Filler, values: Tensor, moment: Moment) -> dict[str, Tensor]:
    """What one batch (n, c, side, side) in -1..1 of whole pictures teaches; the sum is the loss.

    `fill` and `restore` are the mean logarithm of the squared error, in the hole and in the whole
    frame: it counts decibels, so that scratches matter as much as faces. `variety` is the negative
    evidence bound of what the most likely filling leaves over, in nats for each number of a hole.
    """
    generator = moment.generator
    worn = max(1, len(values) // _RESTORED) if len(values) > 1 else 0
    whole, rest = values[:-worn] if worn else values, values[len(values) - worn :]
    hole = draw_holes(len(whole), filler.side, generator).to(values)
    start = torch.cat([filler.guess(whole, hole), damaged(rest, generator)])
    holes = torch.cat([hole, torch.zeros_like(rest[:, :1])])
    flags = torch.cat([torch.zeros(len(whole)), torch.ones(worn)]).to(values)
    drawn, features = filler(start, holes, flags)
    fill = _error(drawn[: len(whole)], whole, hole)
    losses = {"fill": (fill + _PRECISE).log().mean()}
    if worn:
        restored = _error(drawn[len(whole) :], rest, torch.ones_like(rest[:, :1]))
        losses["restore"] = (restored + _PRECISE).log().mean() * (worn / len(whole))
    left = (whole - drawn[: len(whole)].detach()) * hole
    known = [each[: len(whole)].detach() for each in features]
    losses["variety"] = _straying_loss(filler, left, hole, known, generator)
    return losses


def _error(drawn: Tensor, truth: Tensor, hole: Tensor) -> Tensor:
    """Mean squared error (n,) within the hole."""
    wrong = ((drawn - truth).square() * hole).flatten(1).sum(dim=1)
    return wrong / (hole.flatten(1).sum(dim=1) * truth.shape[1])


def _straying_loss(
    filler: Filler, left: Tensor, hole: Tensor, features: list[Tensor], generator: torch.Generator
) -> Tensor:
    """The bound for what is left over, (n, c, h, w), whose own spread is the best there is.

    With that the balance of error and divergence needs no weight (Rybkin et al. 2021, sigma-VAE).
    """
    mean, log_variance = filler.witness(filler._folded(torch.cat([left, hole], dim=1)))
    drawn = torch.randn(mean.shape, generator=generator).to(mean)
    noise = mean + drawn * (0.5 * log_variance).exp()
    strayed = filler._unfolded(filler.straying(noise, features))
    error = _error(strayed * hole, left, hole) + _PRECISE
    numbers = hole.flatten(1).sum(dim=1) * left.shape[1]
    divergence = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1)
    return (0.5 * error.log() + divergence / numbers).mean()
