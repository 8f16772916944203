"""The judge of what a model draws: a net that has seen the real pictures of the training part only.

Where the data has attributes it learns to read them; where it has classes, or says who is who, it
learns these; and where it says nothing it is left as drawn, which still tells pictures apart.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Generator
from typing import Protocol

import torch
from torch import Tensor

from aigc_studio.api import Event
from aigc_studio.toolkit import Examples, Judge, Pictures, train_judge
from vae_faces.judging.reader import Reader, train_reader
from vae_faces.kinds import told_of
from vae_faces.traits import Traits

_KEPT = 3
_readers: OrderedDict[tuple[object, ...], Reader] = OrderedDict()


class Looking(Protocol):
    """What a judge does: it looks at pictures."""

    def look(self, values: Tensor) -> Tensor:
        """Features (n, d) of values (n, c, h, w), -1 to 1."""


class Namer:
    """A judge that learnt to tell the classes or the people of the training part apart."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    @torch.no_grad()
    def look(self, values: Tensor) -> Tensor:
        """Features (n, 64)."""
        return self._judge.look(Examples(values, torch.zeros(len(values), dtype=torch.int64)))[0]


def train_judge_of(
    training: Pictures, traits: Traits, *, fingerprint: str = "", steps: int | None = None
) -> Generator[Event, None, Reader | Namer]:
    """A judge of these real pictures, the training part alone; yields Progress. It is a `Reader`
    of those of the model's traits that the data says anything of, where there are such. With the
    `fingerprint` of the dataset it is trained once in a process.
    """
    with torch.enable_grad():
        if told := _told_in(training, traits):
            return (yield from _reader_of(training, told, fingerprint, steps))
        labels = _classes(training)
        examples = Examples(training.planes, labels)
        count = int(labels.max()) + 1
        named = yield from train_judge(examples, count, fingerprint=fingerprint, steps=steps)
        return Namer(named)


def _reader_of(
    training: Pictures, traits: Traits, fingerprint: str, steps: int | None
) -> Generator[Event, None, Reader]:
    key = (fingerprint, tuple(training.planes.shape), str(traits.to_json()), steps)
    if not fingerprint or key not in _readers:
        targets = traits.targets(told_of(training, traits))
        _readers[key] = yield from train_reader(training.planes, targets, traits, steps=steps)
        while len(_readers) > _KEPT:
            _readers.popitem(last=False)
    return _readers[key]


def _told_in(training: Pictures, traits: Traits) -> Traits:
    """The traits that are known of a picture at least: no other could be learnt."""
    known = ~traits.targets(told_of(training, traits)).isnan()
    return Traits(tuple(each for each in traits.each if known[:, traits.places[each.name]].any()))


def _classes(training: Pictures) -> Tensor:
    """The class of each picture, else whose it is, else 0: int64 (n,)."""
    for told in (training.labels, training.groups):
        names = sorted(set(told))
        if 1 < len(names) <= len(training) // 2:
            places = {name: number for number, name in enumerate(names)}
            return torch.tensor([places[name] for name in told], dtype=torch.int64)
    return torch.zeros(len(training), dtype=torch.int64)
