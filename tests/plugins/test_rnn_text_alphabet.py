"""The symbols of texts: whole characters in any script, numbers and back, pieces of words."""

import sys
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from rnn_text.alphabet import Alphabet, clusters, count_clusters
from rnn_text.subwords import Subwords
from rnn_text_examples import PROSE, alphabet_of

from aigc_studio.api import GeneratorError

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
FLAG = "\U0001f1e8\U0001f1ed"
ACCENTED = "e\u0301\u0323"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain text", list("plain text")),
        ("床前明月光，", list("床前明月光，")),
        (f"a{FAMILY}b", ["a", FAMILY, "b"]),
        (FLAG * 2, [FLAG, FLAG]),
        (f"x{ACCENTED}", ["x", ACCENTED]),
        ("שָׁלוֹם", ["שָׁ", "ל", "וֹ", "ם"]),
        ("\u1112\u1161\u11ab", ["\u1112\u1161\u11ab"]),
        ("各\ufe00", ["各\ufe00"]),
        ("", []),
    ],
)
def test_a_character_is_never_cut(text: str, expected: list[str]) -> None:
    assert clusters(text) == expected
    assert sorted(count_clusters([text]).elements()) == sorted(expected)
    alphabet = alphabet_of(text + "z")
    assert alphabet.pieces(text) == expected
    assert alphabet.decode(alphabet.encode(text)) == text


def test_numbers_begin_with_the_unknown_and_the_marks() -> None:
    alphabet = alphabet_of("abba", marks=("begin", "end", "5x4"))
    assert alphabet.marks == {"begin": 1, "end": 2, "5x4": 3}
    assert alphabet.symbols[alphabet.first :] == ("a", "b")
    assert alphabet.encode("ab?").tolist() == [4, 5, 0]
    assert alphabet.encode(f"a{FAMILY}").tolist() == [4, 0]
    assert alphabet.encode("a").dtype == np.int64
    assert alphabet.decode([1, 4, 0, 5, 2]) == "ab"
    with pytest.raises(IndexError):
        alphabet.decode([-1])


def test_the_most_frequent_come_first_and_rare_ones_may_stay_unknown() -> None:
    alphabet = Alphabet.of({"b": 5, "a": 5, "c": 1}, least=2)
    assert alphabet.symbols[alphabet.first :] == ("a", "b")
    assert alphabet.unknown("acc") == {"c": 2}
    assert "a" in alphabet
    assert "c" not in alphabet


def test_an_alphabet_is_read_as_it_was_written() -> None:
    alphabet = alphabet_of(f"ab{FAMILY}\x00")
    assert Alphabet.from_json(alphabet.to_json()) == alphabet
    odd: list[Any] = [[], {"symbols": "ab"}, {"symbols": ["a", "a"]}, {"symbols": [""]}]
    for damaged in odd:
        with pytest.raises(ValueError):  # noqa: PT011
            Alphabet.from_json(damaged)


def test_a_lone_surrogate_is_a_character_that_nobody_knows() -> None:
    assert alphabet_of("ab").encode("a\ud800b").tolist() == [3, 0, 4]


def test_without_sentencepiece_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentencepiece", None)
    with pytest.raises(GeneratorError, match=r"pip install aigc-studio\[subword\]"):
        Subwords.learn([PROSE], 100)


@pytest.mark.skipif(find_spec("sentencepiece") is None, reason="sentencepiece is an optional extra")
def test_pieces_of_words_write_the_text_again() -> None:
    learnt = Subwords.learn([PROSE], 200)
    alphabet = Alphabet((), ("begin", "end"), learnt.data)
    text = PROSE[:200]
    numbers = alphabet.encode(text)
    assert len(numbers) < len(text)
    assert numbers.min() >= alphabet.first
    assert alphabet.decode(numbers) == text
    assert "".join(alphabet.pieces(text)) == text
    assert Alphabet.from_json(alphabet.to_json()) == alphabet
    assert list(alphabet.unknown("the 你")) == ["你"]
