"""Batches of sequences for the training loop, and the state that a recurrent net carries on.

Which symbols a step sees depends on the seed and the step alone. Under torch.distributed each
process sees its rows of every batch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from aigc_studio.toolkit import distributed, failures
from aigc_studio.toolkit.batches import Batches
from aigc_studio.toolkit.seeding import mixed_seed

IGNORED = -100
"""The target of a place where nothing is to be learnt; torch's losses leave it out."""

_POOL = 32
"""Batches whose sequences are sorted by length together."""

Symbols = Tensor | np.ndarray[Any, Any]
"""Numbers of symbols (n,), or events of several columns (n, columns), as tensor or array."""
State = Tensor | tuple[Tensor, ...]
"""What a recurrent net carries on: (layers, rows, width), or several such as an LSTM has."""


@dataclass(frozen=True)
class Window:
    """What one step sees: `inputs` and, one place further on, `targets`, int64 (rows, length).

    Events of several columns have a third dimension. `fresh` (rows,) is True in the rows that begin
    anew, without what was before. `count` is how many targets there are to learn from in the whole
    batch, divided by the number of processes.
    """

    inputs: Tensor
    targets: Tensor
    fresh: Tensor
    count: float

    def to(self, device: torch.device | str) -> Window:
        """The same on a device."""
        moved = {name: getattr(self, name).to(device) for name in ("inputs", "targets", "fresh")}
        return replace(self, **moved)

    def loss(self, logits: Tensor, column: int | None = None) -> Tensor:
        """The mean nats a symbol for `logits` (rows, length, symbols); of events, for a `column`.

        With several processes, each with rows of other lengths, the mean of their losses is exactly
        the mean of the whole batch.
        """
        targets = self.targets if column is None else self.targets[..., column]
        flat, wanted = logits.flatten(0, 1), targets.flatten()
        total = torch.nn.functional.cross_entropy(
            flat, wanted, ignore_index=IGNORED, reduction="sum"
        )
        return total / self.count

    def _share(self) -> Window:
        rank, world = distributed.rank(), distributed.world_size()
        if world == 1:
            return self
        parts = {name: getattr(self, name)[rank::world] for name in ("inputs", "targets", "fresh")}
        return replace(self, **parts, count=self.count / world)


class Stream:
    """Windows along one long sequence: each row goes on where it was a step before.

    That is truncated backpropagation through time (Williams and Peng 1990), with the state in a
    `Carried`. `size` rows read the sequence at places evenly apart, `length` symbols a step. When
    they have read it, they begin anew (`fresh`), each time from another place, round the end; what
    would follow the last symbol is not learnt. Raises `ValueError` for fewer than two symbols.
    """

    def __init__(self, symbols: Symbols, size: int, length: int, seed: int) -> None:
        _check(size, length)
        self.symbols = torch.as_tensor(symbols)
        self.size, self.length, self.seed = size, length, seed
        count = len(self.symbols)
        if count < 2:
            raise ValueError("there is nothing to learn from fewer than two symbols")
        self.steps = max(1, count // (size * length))
        """How many steps it takes to read it all once."""
        self._apart = max(1, count // size)

    def at(self, step: int) -> Window:
        """The window of this step, this process's share of it."""
        epoch, place = divmod(step, self.steps)
        count = len(self.symbols)
        start = mixed_seed("stream", self.seed, epoch) % count + place * self.length
        starts = start + self._apart * torch.arange(self.size)
        places = (starts[:, None] + torch.arange(self.length + 1)) % count
        read = self.symbols[places].long()
        targets = read[:, 1:].clone()
        seam = places[:, 1:] == 0
        targets[seam] = IGNORED
        fresh = torch.full((self.size,), place == 0)
        learnt = max(1, int((~seam).sum()))
        return Window(read[:, :-1], targets, fresh, float(learnt))._share()


class Excerpts:
    """Windows of many short sequences, one to a row, in shuffled epochs: names, poems, tunes.

    A row holds a whole sequence, or from a random place on `length` + 1 symbols of a longer one,
    and every row is `fresh`. Shorter rows are filled up with 0, and `IGNORED` as their targets. Put
    marks at beginning and end of the sequences where the model is to know them. `vary` may change a
    sequence each time that it is seen (a transposition, say), by the random generator that it is
    given. `given` says how many symbols at the beginning of a row are told and not learnt (a form,
    a theme). With `alike` sequences of like lengths stand together, so that little is filled up.
    Sequences of fewer than two symbols are left out. Raises `ValueError` if none is left.
    """

    def __init__(
        self,
        sequences: Sequence[Symbols],
        size: int,
        length: int,
        seed: int,
        vary: Callable[[Tensor, torch.Generator], Tensor] | None = None,
        *,
        given: Callable[[Tensor], int] | None = None,
        alike: bool = False,
    ) -> None:
        _check(size, length)
        self.sequences = sequences
        lengths = np.fromiter(map(len, sequences), np.int64, len(sequences))
        usable = torch.from_numpy(np.flatnonzero(lengths > 1))
        if not len(usable):
            raise ValueError("there is nothing to learn from: no sequence has two symbols")
        self.size, self.length, self.seed = size, length, seed
        self.vary, self.given = vary, given
        self._usable = usable
        kept = torch.from_numpy(lengths)[usable].clamp(max=length + 1)
        self._order = _Alike(kept, size, seed) if alike else _order(len(usable), size, seed)

    def at(self, step: int) -> Window:
        """The window of this step, this process's share of it."""
        chosen = self._usable[self._order(step)].tolist()
        rows = [self._row(step, row, number) for row, number in enumerate(chosen)]
        told = [0 if self.given is None else max(0, self.given(row) - 1) for row in rows]
        length = max(map(len, rows)) - 1
        shape = (self.size, length, *rows[0].shape[1:])
        inputs = torch.zeros(shape, dtype=torch.int64)
        targets = torch.full(shape, IGNORED)
        for row, read in enumerate(rows):
            inputs[row, : len(read) - 1] = read[:-1]
            targets[row, told[row] : len(read) - 1] = read[1 + told[row] :]
        learnt = sum(
            max(0, len(read) - 1 - hidden) for read, hidden in zip(rows, told, strict=True)
        )
        fresh = torch.ones(self.size, dtype=torch.bool)
        return Window(inputs, targets, fresh, float(max(1, learnt)))._share()

    def _row(self, step: int, row: int, number: int) -> Tensor:
        source, sequence = torch.Generator(), torch.as_tensor(self.sequences[number])
        longer = len(sequence) - (self.length + 1)
        if longer > 0 or self.vary is not None:
            source.manual_seed(mixed_seed("excerpt", self.seed, step, row))
        if longer > 0:
            start = int(torch.randint(longer + 1, (), generator=source))
            sequence = sequence[start : start + self.length + 1]
        return sequence if self.vary is None else self.vary(sequence, source)


def _order(count: int, size: int, seed: int) -> Callable[[int], Tensor]:
    return Batches(count, size, seed, lambda chosen: chosen).indices


class _Alike:
    """Which sequences a step has: shuffled, then sorted by length within some batches, whose order
    is shuffled again. Every epoch has each once, and the first ones again to fill the last batch.
    """

    def __init__(self, lengths: Tensor, size: int, seed: int) -> None:
        self._lengths, self._size, self._seed = lengths, size, seed
        self._steps = -(-len(lengths) // size)
        self._epoch, self._batches = -1, torch.zeros(0)

    def __call__(self, step: int) -> Tensor:
        epoch, place = divmod(step, self._steps)
        if epoch != self._epoch:
            self._epoch, self._batches = epoch, self._drawn(epoch)
        return self._batches[place]

    def _drawn(self, epoch: int) -> Tensor:
        source = torch.Generator().manual_seed(mixed_seed("alike", self._seed, epoch))
        count, whole = len(self._lengths), self._steps * self._size
        order = torch.randperm(count, generator=source)[torch.arange(whole) % count]
        pools = torch.split(order, _POOL * self._size)
        sorted_ = [pool[self._lengths[pool].argsort(stable=True)] for pool in pools]
        batches = torch.cat(sorted_).view(self._steps, self._size)
        return batches[torch.randperm(self._steps, generator=source)]


class Carried:
    """The state of a recurrent net from one window to the next, cut off from what made it.

    A trainee adds `tensors()` to its own, and gives what it gets back to `restore`, so that a
    resumed training goes on with the same state:

        state = self.carried.before(window)
        output, state = self.net(window.inputs, state)
        self.carried.after(state)
    """

    def __init__(self) -> None:
        self._state: State | None = None

    def before(self, window: Window) -> State | None:
        """The state to read a window with, 0 in rows that are fresh; None where all of them are."""
        if self._state is None or bool(window.fresh.all()):
            return None
        keep = ~window.fresh.view(1, -1, 1)
        return _each(self._state, lambda part: part.to(keep.device) * keep)

    def after(self, state: State) -> None:
        """Keep the state that a window ended with."""
        self._state = _each(state, lambda part: part.detach())

    def tensors(self) -> dict[str, Tensor]:
        """What is carried, by name; nothing before the first window."""
        if self._state is None:
            return {}
        if isinstance(self._state, Tensor):
            return {"carried/state": self._state}
        return {f"carried/{number}": part for number, part in enumerate(self._state)}

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        """Put back what `tensors` gave, among whatever else."""
        parts = [tensors[f"carried/{n}"] for n in range(len(tensors)) if f"carried/{n}" in tensors]
        self._state = tensors.get("carried/state", tuple(parts) or None)


@torch.no_grad()
def nats_along(
    read: Callable[[Tensor, State | None], tuple[Tensor, State]],
    symbols: Symbols,
    *,
    rows: int = 1,
    length: int = 256,
) -> Tensor:
    """How unexpected each symbol after the first is: nats, float64 (n - 1,) on the CPU.

    `read(inputs, state)` is a net in `eval` on int64 (rows, up to `length`) and the state before
    (None at the beginning): it gives logits (rows, length, symbols) and the state after. With more
    `rows` it is faster and a little too high: each row but the first begins in the midst of the
    sequence, without what was before.
    """
    whole = torch.as_tensor(symbols).long()
    count = len(whole) - 1
    if count < 1:
        return torch.zeros(0, dtype=torch.float64)
    apart = -(-count // max(1, min(rows, count)))
    places = torch.arange(0, count, apart)[:, None] + torch.arange(apart)
    found = torch.zeros(places.shape, dtype=torch.float64)
    state: State | None = None
    for start in range(0, apart, length):
        part = places[:, start : start + length].clamp(max=count - 1)
        logits, state = read(whole[part], state)
        log = logits.double().log_softmax(-1).cpu()
        found[:, start : start + length] = -log.gather(-1, whole[part + 1][..., None])[..., 0]
    return found.flatten()[:count]


def _each(state: State, change: Callable[[Tensor], Tensor]) -> State:
    return change(state) if isinstance(state, Tensor) else tuple(map(change, state))


def _check(size: int, length: int) -> None:
    if size < 1 or length < 1:
        raise ValueError(f"windows need rows and a length, not {size} and {length}")
    if size % distributed.world_size():
        raise failures.not_divisible(size, distributed.world_size())
