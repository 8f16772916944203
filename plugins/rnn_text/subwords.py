"""Pieces of words as symbols, by sentencepiece, which is an optional extra of the studio."""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterable
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from aigc_studio.api import GeneratorError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SPACE = "\u2581"
"""How sentencepiece writes a space."""
_LONGEST = 4096
"""Bytes of a sentence that pieces are learnt from."""


class Subwords:
    """A learnt cut of words into pieces (Kudo and Richardson 2018): `data` is its model's bytes.

    Spaces and line ends are kept as they are. Raises GeneratorError where sentencepiece is missing,
    `ValueError` for bytes that are no such model.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            self._cutter: Any = _sentencepiece().SentencePieceProcessor(model_proto=data)
        except (RuntimeError, TypeError) as error:
            raise ValueError("these are no pieces of words") from error
        count = self._cutter.get_piece_size()
        self.pieces = tuple(self._text(number) for number in range(count))
        """What each piece is in a text, by its number."""

    @classmethod
    def learn(cls, texts: Iterable[str], count: int) -> Subwords:
        """At most `count` pieces that write these texts shortly; the same for the same texts."""
        module, written = _sentencepiece(), io.BytesIO()
        module.SentencePieceTrainer.train(
            sentence_iterator=(part for text in texts for part in _sentences(text)),
            model_writer=written, vocab_size=count, hard_vocab_limit=False, model_type="bpe",
            character_coverage=1.0, byte_fallback=False, normalization_rule_name="identity",
            add_dummy_prefix=False, remove_extra_whitespaces=False, split_digits=True,
            user_defined_symbols=["\n"], unk_id=0, bos_id=-1, eos_id=-1, num_threads=1,
            input_sentence_size=200_000, shuffle_input_sentence=False, minloglevel=2,
            max_sentence_length=_LONGEST,
        )  # fmt: skip
        return cls(written.getvalue())

    def cut(self, text: str) -> list[str]:
        """The pieces of a text as they stand in it."""
        return [str(each).replace(_SPACE, " ") for each in self._cutter.encode(text, out_type=str)]

    def encode(self, text: str) -> NDArray[np.int64]:
        """Their numbers: int64 (n,), 0 where it is none."""
        return np.array(self._cutter.encode(text), np.int64)

    def knows(self, piece: str) -> bool:
        """Whether text cut off by `cut` is a piece."""
        return 0 not in self._cutter.encode(piece)

    def _text(self, number: int) -> str:
        if number == 0:
            return ""
        return str(self._cutter.id_to_piece(number)).replace(_SPACE, " ")


def _sentences(text: str) -> Iterable[str]:
    for line in text.split("\n"):
        for start in range(0, len(line), _LONGEST // 4):
            yield line[start : start + _LONGEST // 4]


def _sentencepiece() -> ModuleType:
    try:
        return importlib.import_module("sentencepiece")
    except ImportError:
        raise GeneratorError(
            "Pieces of words need the package sentencepiece, which is not installed: install it "
            "with “pip install aigc-studio[subword]”, or take characters.",
            zh="使用子词需要 sentencepiece 软件包，但尚未安装："
            "请用“pip install aigc-studio[subword]”安装，或改用字符。",
            parameter="symbols",
        ) from None
