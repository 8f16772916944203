"""Two recurrent nets with attention between them, and a way to copy what neither knows."""

import re
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from aigc_studio.toolkit.sequences import Vocabulary

END = "\x03"
"""Stands behind each text, and before an answer."""
WORDS = re.compile(r" ?[^\W\d_\u0e00-\u0eff\u2e80-\uffff]+|.", re.DOTALL)
"""Words with the space before them; what is written without spaces, and all else, by character."""


class Translator(nn.Module):
    """From the numbers of pieces to the chances of the next piece of the answer.

    The text is read both ways by gated cells (Cho et al. 2014) and attended to (Luong et al. 2015)
    by a net that has heard the answer so far. A second one, which also hears what the first looked
    at, speaks; or a piece of the text is copied (See et al. 2017).
    """

    def __init__(self, about: Mapping[str, Any]) -> None:
        super().__init__()
        self.known, half = Vocabulary.from_json(about["symbols"]), int(about["width"]) // 2
        self.embedding = nn.Embedding(len(self.known), half)
        self.reader = nn.GRU(half, half, batch_first=True, bidirectional=True)
        self.asker = nn.GRU(half, 2 * half, batch_first=True)
        self.key = nn.Linear(2 * half, 2 * half, bias=False)
        self.speaker = nn.GRU(4 * half, 2 * half, batch_first=True)
        self.last, self.copies = nn.Linear(4 * half, half), nn.Linear(4 * half, 1)
        self.loose = nn.Dropout(0.2)

    def form(self, word: str) -> str:
        """The word as it is known, if need be with another case or space; empty if it is not."""
        bare = word.strip()
        forms = (word, bare, f" {bare}", f" {bare.lower()}", bare.capitalize())
        return next((form for form in forms if form in self.known), "")

    def pieces(self, text: str) -> list[str]:
        """The words that it knows; the others by character."""
        found = WORDS.findall(text)
        return [part for word in found for part in ([word] if self.form(word) else word)]

    def encode(self, text: str) -> list[int]:
        return [*(self.known[self.form(piece)] for piece in self.pieces(text)), self.known[END]]

    def read(self, source: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """What is remembered of each piece (n, s, width), and whether there is one (n, s)."""
        flow = self.loose(self.embedding(source))
        packed = pack_padded_sequence(flow, lengths, batch_first=True, enforce_sorted=False)
        memory, _lengths = pad_packed_sequence(self.reader(packed)[0], batch_first=True)
        return self.loose(memory), torch.arange(source.shape[1]) < lengths[:, None]

    def forward(
        self, heard: Tensor, source: Tensor, read: tuple[Tensor, Tensor], states: Any = (None, None)
    ) -> tuple[Tensor, Tensor, Any]:
        """After each piece heard: chances of the next (n, t, symbols), attention (n, t, s); and
        the states behind the last."""
        memory, there = read
        asked, first = self.asker(self.loose(self.embedding(heard)), states[0])
        fit = asked @ self.key(memory).transpose(1, 2)
        looks = fit.masked_fill(~there[:, None], -torch.inf).softmax(2)
        seen = looks @ memory
        said, second = self.speaker(torch.cat([seen, asked], 2), states[1])
        met = self.loose(torch.cat([said, seen], 2))
        spoken = (self.last(met).tanh() @ self.embedding.weight.T).softmax(2)
        share, places = self.copies(met).sigmoid(), source[:, None].expand_as(looks)
        return ((1 - share) * spoken).scatter_add(2, places, share * looks), looks, (first, second)
