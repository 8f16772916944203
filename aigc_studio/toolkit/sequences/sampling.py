"""Drawing the next symbol from a model's logits, for several candidates at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

_BLOCK = 256
"""Random numbers that are drawn ahead for each candidate: one at a time would take longer."""

_FEW = 512
"""With at most so many symbols the rows are put in order whole, and all at once."""


class Chances:
    """Random numbers for `count` candidates: candidate n draws from a generator seeded `seed + n`.

    So what a candidate becomes depends neither on how many there are nor on who ended before it.
    """

    def __init__(self, seed: int, count: int = 1) -> None:
        import numpy as np

        self._generators = [np.random.default_rng((seed + n) % 2**63) for n in range(count)]
        self._ahead = np.empty((_BLOCK, count))
        self._place = _BLOCK

    def next(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """One number in [0, 1) for each candidate: float64 (count,).

        Ask once for each place in the sequences, and leave out rows only of what comes back.
        """
        if self._place == _BLOCK:
            for column, generator in enumerate(self._generators):
                self._ahead[:, column] = generator.random(_BLOCK)
            self._place = 0
        self._place += 1
        drawn: np.ndarray[Any, np.dtype[np.float64]] = self._ahead[self._place - 1].copy()
        return drawn


def probabilities(
    logits: Any, *, temperature: float = 1.0, top_k: int = 0, top_p: float = 1.0
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """What is drawn from: float64 in the shape of `logits` (…, symbols), each row sums to 1.

    The logits are divided by `temperature` (0: only the likeliest symbol is left); `top_k` leaves
    so many of the likeliest (0: all); `top_p` leaves the fewest of the likeliest whose sum is at
    least that (1: all; Holtzman et al. 2020). Of equal ones the first count as likelier. A symbol
    with a logit of -inf is never drawn. Takes numpy arrays and tensors of torch. Raises
    `ValueError` for values out of range, for a logit that is no number, and for a row with nothing
    to draw.
    """
    import numpy as np

    if temperature < 0 or top_k < 0 or not 0 < top_p <= 1:
        raise ValueError("sampling needs temperature >= 0, top_k >= 0 and 0 < top_p <= 1")
    if hasattr(logits, "detach"):
        logits = logits.detach().float().cpu().numpy()
    scores = np.array(logits, np.float64, ndmin=2)
    top = scores.max(-1, keepdims=True)
    if not np.isfinite(top).all():
        raise ValueError("logits must be numbers, with one above -inf in each row")
    symbols = scores.shape[-1]
    if temperature == 0:
        top_k, temperature = 1, 1.0
    chances = np.exp((scores - top) / temperature)
    chances /= chances.sum(-1, keepdims=True)
    if 0 < top_k < symbols or top_p < 1:
        rows = chances.reshape(-1, symbols)
        if symbols <= _FEW:
            _leave_likeliest_of_few(rows, min(top_k or symbols, symbols), top_p)
        else:
            for row in rows:
                _leave_likeliest(row, top_k or symbols, top_p)
        chances /= chances.sum(-1, keepdims=True)
    shaped: np.ndarray[Any, np.dtype[np.float64]] = chances.reshape(np.shape(logits))
    return shaped


def _leave_likeliest_of_few(rows: Any, top_k: int, top_p: float) -> None:
    """As `_leave_likeliest`, of all rows at once: to put few symbols in order takes no time."""
    import numpy as np

    order = np.argsort(-rows, axis=-1, kind="stable")[:, :top_k]
    kept = np.take_along_axis(rows, order, -1)
    if top_p < 1:
        sums = kept.cumsum(-1)
        whole = sums[:, -1:] if top_k < rows.shape[-1] else 1.0
        kept[:, 1:] *= sums[:, :-1] < whole * top_p * (1 - 1e-12)
    rows[:] = 0
    np.put_along_axis(rows, order, kept, -1)


def _leave_likeliest(row: Any, top_k: int, top_p: float) -> None:
    """Set all others of a row to 0; after top-k, top-p goes by the shares of what is left."""
    import numpy as np

    least = -np.inf
    if top_k < len(row):
        least = np.partition(row, -top_k)[-top_k]
    elif top_p < 1:
        # All below it have less than 1 - top_p together: they need not be put in order.
        least = (1 - top_p) / len(row)
    places = np.flatnonzero(row >= least)
    ranked = places[np.argsort(-row[places], kind="stable")][:top_k]
    if top_p < 1:
        kept = row[ranked]
        whole = kept.sum() if top_k < len(row) else 1.0
        ranked = ranked[: np.searchsorted(kept.cumsum() / whole, top_p * (1 - 1e-12)) + 1]
    left = row[ranked]
    row[:] = 0
    row[ranked] = left


@overload
def sample(
    logits: Tensor,
    chances: np.ndarray[Any, Any],
    *,
    temperature: float = 1.0,
    top_k: int = 0,
    top_p: float = 1.0,
) -> Tensor: ...
@overload
def sample(
    logits: np.ndarray[Any, Any],
    chances: np.ndarray[Any, Any],
    *,
    temperature: float = 1.0,
    top_k: int = 0,
    top_p: float = 1.0,
) -> np.ndarray[Any, np.dtype[np.int64]]: ...
def sample(
    logits: Any,
    chances: np.ndarray[Any, Any],
    *,
    temperature: float = 1.0,
    top_k: int = 0,
    top_p: float = 1.0,
) -> Any:
    """Draw a symbol for each row: int64 (rows,), as `logits` (rows, symbols) an array or a tensor.

    `chances` (rows,) are the random numbers, `Chances.next()`. The rest is as in `probabilities`.
    """
    import numpy as np

    drawn_from = probabilities(logits, temperature=temperature, top_k=top_k, top_p=top_p)
    sums = drawn_from.cumsum(-1)
    # The last sum is 1 but for rounding, and a symbol of no chance must not be hit through that.
    wanted = np.asarray(chances)[:, None] * sums[:, -1:]
    drawn = (sums <= wanted).sum(-1)
    if not hasattr(logits, "detach"):
        return drawn.astype(np.int64)
    import torch

    return torch.from_numpy(drawn.astype(np.int64)).to(logits.device)
