"""What follows a gap, read from far to near: the part of a writer that lets it write towards it.

A net that reads the other way has its say before the output layer (twin networks, Serdyuk et al.
2018; here it is read where the gap ends, not beside each place), together with how many symbols are
left to write (as lengths are told in Kikuchi et al. 2016).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from aigc_studio.toolkit.sequences import gathered, swift_gru

FAR = 24
"""Further than so many symbols from what follows nothing of it can be told yet (measured)."""


class Right(nn.Module):
    """Reads what follows and changes what a writer's output layer sees.

    `embedding` is the width of the writer's embedding, `width` that of what its output layer sees,
    `size` that of the net that reads, `hidden` that of the layer where both meet. It begins with
    changing nothing.
    """

    def __init__(self, embedding: int, width: int, size: int = 160, hidden: int = 192) -> None:
        super().__init__()
        self.reader = nn.GRU(embedding, size, batch_first=True)
        self.left, self.right = nn.Linear(width, hidden), nn.Linear(size, hidden, bias=False)
        self.left_over = nn.Embedding(FAR + 1, hidden)
        self.added = nn.Linear(hidden, width, bias=False)
        nn.init.zeros_(self.added.weight)

    def states(self, embedded: Tensor, lengths: Tensor | None = None) -> Tensor:
        """What is known of the right side at each place: (rows, n, size) for (rows, n, embedding).

        Place i has read the symbols from the last one down to i. `lengths` int64 (rows,) are those
        of rows that are filled up behind their ends; what stands behind an end is of no use.
        """
        rows, count, _width = embedded.shape
        ends = torch.full((rows,), count) if lengths is None else lengths
        # The last symbol comes first, and what fills a row up after all of its own. Turning a row
        # twice is to leave it as it was, so the same places lead there and back.
        turned = (ends[:, None] - 1 - torch.arange(count)).remainder(count).to(embedded.device)
        found = gathered(embedded, turned)
        read, _state = swift_gru(self.reader, found, None) if self.training else self.reader(found)
        return gathered(read, turned)

    def change(self, outputs: Tensor, states: Tensor, left_over: Tensor) -> Tensor:
        """The outputs (…, width) of a writer as they are with what follows in sight.

        Those that are further than `FAR` from it stay as they are.

        `states` (…, size) are those of the first symbol behind the gap; `left_over` int64 (…) is
        how many symbols of the gap are still to be written, that which is written next included.
        """
        count = self.left_over(left_over.clamp(0, FAR))
        met = torch.tanh(self.left(outputs) + self.right(states) + count)
        is_near = (left_over <= FAR)[..., None]
        changed: Tensor = torch.where(is_near, outputs + self.added(met), outputs)
        return changed
