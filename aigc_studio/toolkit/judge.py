"""A judge of generated pictures: a net trained on real ones only, and what is measured with it.

    judge = yield from train_judge(training, len(classes), fingerprint=dataset.fingerprint)
    yield from compare(judge, drawn, training, held_out)

Small pictures of any kind, with classes or without. The Fréchet distance, precision and recall are
taken on the judge's features: they compare only with figures of the same judge on the same data.
It looks at pictures of at most 64 pixels a side; larger ones are made smaller for it.
"""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aigc_studio.api import Event, Message, Metric, Progress
from aigc_studio.toolkit import failures, measures
from aigc_studio.toolkit.augmentation import augment
from aigc_studio.toolkit.pictures import to_values

MOST_STEPS = 600
_FEWEST_STEPS, _PER_STEP = 100, 9
_BATCH, _FEWEST_AT_ONCE = 100, 20
_MOST_SIDE = 64
EASILY = 0.8
"""From this share on what is drawn is easily told from real pictures."""
ALIKE = 0.7
"""Under this part of the variety of real pictures what is drawn is much alike: mode collapse."""
_MOST_COMPARED = 500
_MOST_KEPT = 4
_LEARNING = {"en": "Training an outside judge", "zh": "正在训练外部评判网络"}
_MEASURING = {"en": "Measuring", "zh": "正在测量"}


@dataclass(frozen=True)
class Examples:
    """Pictures (n, c, h, w) and the number of each one's class, int64 (n,): 0 without classes.

    The pictures are planes (uint8), or values from -1 to 1.
    """

    pictures: Tensor
    labels: Tensor

    @property
    def values(self) -> Tensor:
        """The pictures as float32 from -1 to 1, as the judge sees them: 64 a side at most."""
        pictures = self.pictures
        values = pictures if pictures.is_floating_point() else to_values(pictures, -1.0)
        longest = max(values.shape[-2:])
        if longest <= _MOST_SIDE:
            return values
        height, width = (max(side * _MOST_SIDE // longest, 1) for side in values.shape[-2:])
        return F.interpolate(values, (height, width), mode="area")


class Judge(nn.Module):
    """A small conv net that names the class; its last hidden layer gives the features."""

    scale: Tensor

    def __init__(self, channels: int, class_count: int, features: int = 64) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.PixelUnshuffle(2),
            nn.Conv2d(4 * channels, 48, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(48, 48, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(48, 96, 3, padding=1),
            nn.ReLU(),
            nn.AdaptiveMaxPool2d(3),
            nn.Flatten(),
            nn.Linear(96 * 9, features),
        )
        self.head = nn.Linear(features, max(class_count, 1))
        self.class_count = class_count
        self.register_buffer("scale", torch.ones(()))

    def forward(self, values: Tensor) -> tuple[Tensor, Tensor]:
        """Features (n, 64) and class logits from values (n, channels, h, w), -1 to 1."""
        height, width = (max(side, 4) for side in values.shape[-2:])
        more = (width + width % 2 - values.shape[-1], height + height % 2 - values.shape[-2])
        if any(more):
            values = F.pad(values, (0, more[0], 0, more[1]), mode="replicate")
        features = self.body(values)
        return features * self.scale, self.head(F.relu(features))

    @torch.no_grad()
    def look(self, examples: Examples) -> tuple[Tensor, Tensor]:
        """Features (n, 64) float32 and the class (n,) int64 that it names for each."""
        parts = [self(part) for part in torch.split(examples.values, 250)]
        return torch.cat([p[0] for p in parts]), torch.cat([p[1].argmax(dim=1) for p in parts])

    @torch.no_grad()
    def settle_scale(self, examples: Examples) -> None:
        """Scale the features to a mean variance of 1 over these examples, so that distances
        compare between two trainings of this net."""
        self.scale.fill_(1.0)
        features, _classes = self.look(examples)
        self.scale.fill_(1.0 / max(float(features.var(dim=0).mean().sqrt()), 1e-6))


_judges: OrderedDict[tuple[object, ...], Judge] = OrderedDict()


def train_judge(
    training: Examples,
    class_count: int,
    *,
    fingerprint: str = "",
    seed: int = 0,
    steps: int | None = None,
) -> Generator[Event, None, Judge]:
    """A judge that learned these real pictures, the training part alone; yields Progress.

    Where there are no classes it is left as drawn: features of an untrained net still tell pictures
    apart, only more coarsely. With the `fingerprint` of the dataset it is trained once in a
    process. `steps` are 600 for some thousand pictures, fewer for few, unless they are given; each
    looks at 100 of them, or at all where there are fewer.
    """
    taken = min(MOST_STEPS, _FEWEST_STEPS + len(training.labels) // _PER_STEP)
    steps = taken if steps is None else steps
    labels = hashlib.sha256(training.labels.numpy().tobytes()).hexdigest()
    key = (fingerprint, labels, *training.pictures.shape, class_count, seed, steps)
    if not fingerprint or key not in _judges:
        judge = yield from _learn(training, class_count, seed, steps)
        if not fingerprint:
            return judge
        _judges[key] = judge
        while len(_judges) > _MOST_KEPT:
            _judges.popitem(last=False)
    return _judges[key]


def _learn(
    training: Examples, class_count: int, seed: int, steps: int
) -> Generator[Event, None, Judge]:
    values, generator = training.values, torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        judge = Judge(values.shape[1], class_count)
    if class_count >= 2:
        optimiser = torch.optim.AdamW(judge.parameters(), lr=2e-3, weight_decay=0.01, fused=True)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, max(steps, 1))
        at_once = min(_BATCH, max(len(values), _FEWEST_AT_ONCE))
        for step in range(steps):
            chosen = torch.randint(len(values), (at_once,), generator=generator)
            named = judge(augment(values[chosen], generator))[1]
            loss = F.cross_entropy(named, training.labels[chosen])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            yield Progress(step + 1, steps, _LEARNING)
    judge.settle_scale(training)
    return judge.eval()


def compare(
    judge: Judge, drawn: Examples, training: Examples, held_out: Examples
) -> Iterator[Event]:
    """Yield what the drawn pictures are worth, each metric after the work for it.

    First `told_apart` from the held-out pictures, with a warning where the drawn look like nothing
    real: it says what the others are worth. With two classes or more `label_accuracy` (the judge's
    word on the drawn) and `judge_accuracy` (on the held-out); `frechet_distance`, `precision` and
    `recall` against the held-out pictures; `copied_share` of the training part; `diversity` as a
    part of that of the held-out pictures.
    Each part has two pictures at least.
    """
    real, real_classes = judge.look(held_out)
    yield Progress(0, 0, _MEASURING)
    fake, fake_classes = judge.look(drawn)
    varied = _varied(drawn, held_out)
    within = varied.get("diversity_within", varied.get("diversity", 1.0))
    # First of all: who has no time for more must not hear that smudges read right.
    yield from tell_apart(real, fake, varied=within)
    if judge.class_count > 1:
        yield _metric("label_accuracy", _share(fake_classes == drawn.labels))
        yield _metric("judge_accuracy", _share(real_classes == held_out.labels))
    yield _metric("frechet_distance", measures.frechet_distance(fake, real), 3)
    precision, recall = measures.precision_and_recall(real, fake[: len(real)])
    yield _metric("precision", precision)
    yield _metric("recall", recall)
    few = drawn.values[:_MOST_COMPARED]
    yield _metric("copied_share", measures.copied_share(few, training.values, held_out.values))
    for name, value in varied.items():
        yield _metric(name, value)


def _varied(drawn: Examples, held_out: Examples) -> dict[str, float]:
    """How varied the drawn pictures are as a part of the held-out ones: all, and within classes."""
    found = {}
    # Of all classes: pictures that came in folders lie class by class.
    every = max(math.ceil(len(held_out.labels) / _MOST_COMPARED), 1)
    real, labels = held_out.values[::every], held_out.labels[::every]
    few, few_labels = drawn.values[: len(real)], drawn.labels[: len(real)]
    if spread := measures.mean_pairwise_distance(real):
        found["diversity"] = measures.mean_pairwise_distance(few) / spread
    if len(set(labels.tolist())) > 1:
        within = measures.diversity_within(few, few_labels, real, labels)
        found |= {"diversity_within": within} if within is not None else {}
    return found


def tell_apart(real: Tensor, drawn: Tensor, *, varied: float = 1.0) -> Iterator[Event]:
    """Yield `told_apart`, of features (n, d) and (m, d), and a warning where hardly anything that
    is drawn passes for real: what else is measured is worth little then.

    `varied` is how varied the drawn are as a part of the real, where that is known: under `ALIKE`
    the warning is that: they may have collapsed, and then to train on is no advice.
    """
    share = measures.told_apart(real, drawn)
    yield _metric("told_apart", share)
    if varied < ALIKE:
        yield failures.much_alike(varied)
    elif share >= EASILY:
        yield Message(
            {
                "en": f"What it draws is easily told from real pictures: {share:.0%} of the time, "
                "where 50% would be chance. Train it longer, or on more pictures.",
                "zh": f"它画的图像很容易与真实图像区分：{share:.0%} 的情况下都能分辨（凭运气为 "
                "50%）。请延长训练，或使用更多图像。",
            },
            "warning",
        )


def _metric(name: str, value: float, digits: int = 4) -> Metric:
    return Metric(name, round(value, digits))


def _share(right: Tensor) -> float:
    return float(right.double().mean())
