"""The filler: what is missing in a picture from what is known of it, and damage undone.

Ivanov et al. 2019 (VAEAC) condition a variational auto-encoder on whatever pixels are known. This
one splits the task. A U-Net draws the *most likely* filling straight: it starts from a diffusion
of the rim and learns only what that leaves over. Beside it a second decoder learns along which
pictures the truth *strays* from there: a Gaussian of low rank over whole fillings, whose likelihood
is exact (Dorta et al. 2018). It reads the U-Net's features and cannot bend them, so candidates
that truly differ cost the most likely one nothing.
"""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aigc_studio.toolkit import Moment
from vae_faces.network.diffusion import first_guess
from vae_faces.network.finishing import Finisher, hairlines
from vae_faces.network.parts import Block, depth, silent, squared_error
from vae_faces.network.sketch import Sketch
from vae_faces.training.damage import SCRATCHES, damaged, draw_holes

_DEPTH = 3  # how often the features are halved below the resolution at which work begins
_STRAYING = 24  # channels of the finest features that stray
_EXPLAINED = 0.4  # of the squared error, by the ways along which a filling strays
_PRECISE = 4e-3  # squared error, at 30 dB: what is nearer does not pull any harder
_RESTORED = 4  # one in so many pictures of a batch is damaged as a whole


class Trunk(nn.Module):
    """A U-Net from planes to features at every scale but the coarsest, the finest first.

    With `sides` (the height and width of the planes) it learns what is usual at each place, too:
    pictures that are aligned have their eyes where all have them.
    """

    def __init__(
        self, planes: int, widths: tuple[int, ...], sides: tuple[int, int] | None = None
    ) -> None:
        super().__init__()
        self.stem = nn.Conv2d(planes, widths[0], 3, padding=1)
        self.down, self.shrinks = nn.ModuleList(), nn.ModuleList()
        self.up, self.growths = nn.ModuleList(), nn.ModuleList()
        self.usual = nn.ParameterList()
        for level, (outer, inner) in enumerate(pairwise(widths)):
            self.down.append(Block(outer) if level else nn.Identity())  # the finest cost most
            self.shrinks.append(nn.Conv2d(outer, inner, 2, stride=2))
            self.growths.append(nn.Conv2d(inner, 4 * outer, 1))
            self.up.append(Block(outer))
            if sides and level:
                self.usual.append(torch.zeros(1, outer, sides[0] >> level, sides[1] >> level))
        self.middle = nn.Sequential(Block(widths[-1]), nn.SiLU())

    def forward(self, planes: Tensor) -> list[Tensor]:
        """Features (n, width, h, w) from planes (n, c, h, w)."""
        features, skips = self.stem(planes), []
        for block, shrink in zip(self.down, self.shrinks, strict=True):
            skips.append(block(features))
            features = shrink(skips[-1])
        features = self.middle(features)
        found: list[Tensor] = []
        for level in reversed(range(len(skips))):
            features = F.pixel_shuffle(self.growths[level](features), 2) + skips[level]
            if level and len(self.usual):
                features = features + self.usual[level - 1]
            features = self.up[level](features)
            found.insert(0, features)
        return found


class Straying(nn.Module):
    """From the trunk's features to `size` pictures along which the truth strays from the drawn one.

    Takes features of three scales, the finest first; gives (n, size * planes, h, w).
    """

    def __init__(self, size: int, widths: tuple[int, ...], planes: int) -> None:
        super().__init__()
        own = tuple(_STRAYING + 8 * level for level in range(len(widths)))
        self.looks = nn.ModuleList(nn.Conv2d(*pair, 1) for pair in zip(widths, own, strict=True))
        self.blocks = nn.ModuleList(Block(each) for each in own)
        self.growths = nn.ModuleList(nn.Conv2d(b, 4 * a, 1) for a, b in pairwise(own))
        self.head = nn.Conv2d(own[0], size * planes, 3, padding=1)
        # Ways that are too short grow at once, and those that are too long shrink but slowly: the
        # likelihood knows only the logarithm of their length.
        nn.init.normal_(self.head.weight, std=0.2 * self.head.weight[0].numel() ** -0.5)

    def forward(self, features: list[Tensor]) -> Tensor:
        """Draw the pictures."""
        looked = [look(each) for look, each in zip(self.looks, features, strict=True)]
        found = self.blocks[-1](looked[-1])
        for level in reversed(range(len(looked) - 1)):
            found = F.pixel_shuffle(self.growths[level](F.silu(found)), 2) + looked[level]
            found = self.blocks[level](found)
        ways: Tensor = self.head(F.silu(found))
        return ways


class Filler(nn.Module):
    """Fills holes and undoes damage in pictures of `side` pixels and `channels` (1, 3 or 4).

    `noise_size` numbers say how a filling strays from the most likely one. Values are float32
    (n, channels, side, side) in -1..1, holes (n, 1, side, side) with 1 where pixels are to be made.
    With `fine`, the width of its maps, it has a finisher for hairlines; with a `sketch` that knows
    pictures it begins with what is most likely by that, else with a diffusion.
    """

    def __init__(
        self, side: int, channels: int, width: int = 32, noise_size: int = 8, fine: int = 0
    ) -> None:
        super().__init__()
        self.side, self.channels, self.noise_size = side, channels, noise_size
        self.factor = 2 if side <= 64 else 4  # work begins at 16 to 32 pixels a side
        area = self.factor**2
        within = (side + -side % (self.factor << _DEPTH)) // self.factor
        widths = (width, 3 * width // 2, 2 * width, 2 * width)
        # The picture, its hole and how deep that is, all mirrored too: faces, and much else, are
        # nearly symmetric.
        self.trunk = Trunk(2 * area * (channels + 2), widths, (within, within))
        self.head = silent(nn.Conv2d(width, channels * area, 3, padding=1))
        self.straying = Straying(noise_size, widths[:_DEPTH], channels * area)
        # Undoing damage is a local task, and the opposite of filling: nets that did both learned
        # neither.
        self.restorer = Trunk(channels * area, (3 * width // 4, 5 * width // 4))
        self.restored = silent(nn.Conv2d(3 * width // 4, channels * area, 3, padding=1))
        self.finisher = Finisher(channels, fine) if fine else None
        self.sketch: Sketch | None = None

    @torch.no_grad()
    def fill(self, values: Tensor, hole: Tensor, noise: Tensor) -> Tensor:
        """Values with what is in the hole made anew; outside equal to what was given, to the bit.

        `noise` (n, noise_size) is standard normal for candidates; 0 is the most likely filling, and
        a smaller noise strays less. What lies in the hole beforehand does not matter.
        """
        inside = hole >= 0.5
        start = self.guess(values, inside.float())
        most_likely, features = self(start, inside.float())
        if bool(hairlines(inside.float()).any()):
            most_likely = self.finished(most_likely, start, inside.float())
        changes = (noise[:, :, None, None, None] * self.ways(features, inside.float())).sum(dim=1)
        return torch.where(inside, (most_likely + changes).clamp(-1, 1), values)

    @torch.no_grad()
    def restore(self, values: Tensor) -> Tensor:
        """Values, damaged as a whole by noise, blur, low resolution or compression, made good."""
        return self.mended(values).clamp(-1, 1)

    def guess(self, values: Tensor, hole: Tensor) -> Tensor:
        """Where the net starts: the hole filled by diffusion, or by the sketch."""
        if self.sketch is not None and self.sketch.is_fitted:
            return self.sketch.fill(values.detach(), hole)
        found = first_guess(values.detach().cpu().numpy(), hole.cpu().numpy())
        return torch.from_numpy(found).to(values.device)

    def forward(self, start: Tensor, hole: Tensor) -> tuple[Tensor, list[Tensor]]:
        """The most likely picture from the guess `start`, and the features it was drawn from."""
        deep = depth(hole)
        planes = torch.cat([start, hole, deep], dim=1)
        features = self.trunk(self._folded(torch.cat([planes, planes.flip(3)], dim=1)))
        return start + deep * self._unfolded(self.head(F.silu(features[0]))), features

    def finished(self, most_likely: Tensor, start: Tensor, hole: Tensor) -> Tensor:
        """The most likely picture from the guess `start`, with its hairlines drawn finely; only the
        finisher learns from what comes of it."""
        if self.finisher is None:
            return most_likely
        with torch.no_grad():
            mirrored = self(start.flip(3), hole.flip(3))[0].flip(3)
            most_likely = torch.where(hole > 0, most_likely, start)
            mirrored = torch.where(hole > 0, mirrored, start)
        drawn: Tensor = self.finisher(most_likely, mirrored, start, hole)
        return most_likely + drawn

    def ways(self, features: list[Tensor], hole: Tensor) -> Tensor:
        """Pictures (n, noise_size, c, side, side), 0 outside the hole, along which it may stray."""
        folded = self.straying(features)
        each = folded.reshape(-1, folded.shape[1] // self.noise_size, *folded.shape[2:])
        drawn = self._unfolded(each)
        ways = drawn.reshape(-1, self.noise_size, *drawn.shape[1:])
        return ways * (depth(hole) * hole)[:, None]

    def mended(self, values: Tensor) -> Tensor:
        """As `restore`, with a gradient and unbounded."""
        features = self.restorer(self._folded(values))[0]
        return values + self._unfolded(self.restored(F.silu(features)))

    def _folded(self, planes: Tensor) -> Tensor:
        """Planes (n, c, side, side) at the resolution at which work begins, with a rim to spare."""
        spare = -self.side % (self.factor << _DEPTH)
        if spare:
            planes = F.pad(planes, (0, spare, 0, spare), mode="replicate")
        return F.pixel_unshuffle(planes, self.factor)

    def _unfolded(self, folded: Tensor) -> Tensor:
        return F.pixel_shuffle(folded, self.factor)[..., : self.side, : self.side]


def filling_losses(
    filler: Filler, values: Tensor, moment: Moment, scratches: float = SCRATCHES
) -> dict[str, Tensor]:
    """What one batch (n, c, side, side) in -1..1 of whole pictures teaches; the sum is the loss.
    `scratches` is the part of the holes that are scratches alone.

    `fill` and `restore` are the mean logarithm of the squared error, in the hole and in the whole
    frame: it counts decibels, so that scratches matter as much as faces. `variety` is the negative
    log-likelihood of what the most likely filling leaves over, in nats for each number of a hole.
    """
    generator = moment.generator
    hole = draw_holes(len(values), filler.side, generator, scratches).to(values)
    drawn, features = filler(filler.guess(values, hole), hole)
    fill = squared_error(drawn, values, hole)
    half, some = -(-len(values) // 2), values[: -(-len(values) // _RESTORED)]
    ways = filler.ways([each[:half].detach() for each in features], hole[:half])
    mended = filler.mended(damaged(some, generator))
    whole = torch.ones_like(some[:, :1])
    return {
        "fill": (fill + _PRECISE).log().mean(),
        "variety": _unlikeliness(((values - drawn.detach()) * hole)[:half], ways, hole[:half]),
        "restore": (squared_error(mended, some, whole) + _PRECISE).log().mean(),
    }


def _unlikeliness(left: Tensor, ways: Tensor, hole: Tensor) -> Tensor:
    """Negative log-likelihood of what is left over, (n, c, h, w), under N(0, ways waysᵀ + grain).

    The grain's variance is that part of each picture's error that the ways need not explain. By
    the lemmas of Woodbury and Sylvester only matrices of the ways' number are solved.
    """
    numbers = hole.flatten(1).sum(dim=1) * left.shape[1]
    error = left.square().flatten(1).sum(dim=1) / numbers
    grain = (1 - _EXPLAINED) * error + _PRECISE / 4
    scaled = ways.flatten(2) / grain.sqrt()[:, None, None]
    told = (left.flatten(1) / grain.sqrt()[:, None])[:, :, None]
    within = torch.eye(ways.shape[1], device=left.device) + scaled @ scaled.transpose(1, 2)
    root = torch.linalg.cholesky(within)
    explained = torch.linalg.solve_triangular(root, scaled @ told, upper=False)
    spread = root.diagonal(dim1=1, dim2=2).log().sum(dim=1)
    unlikely = spread - 0.5 * explained.square().flatten(1).sum(dim=1)
    # The likelihood hardly minds ways that are too long, and candidates would be wild: their
    # variance is held to the part of the error that they are to explain.
    strays = scaled.square().flatten(1).sum(dim=1) / numbers
    wild = (strays + _PRECISE).log() - math.log(_EXPLAINED / (1 - _EXPLAINED))
    return torch.mean(unlikely / numbers + 0.1 * wild.square())
