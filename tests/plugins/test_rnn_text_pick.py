"""The likeliest next pieces at the caret, with what chance each comes."""

from pathlib import Path

import pytest
import rnn_text
from rnn_text_chains import WORDS, Follows, results, write_chain, write_untrained

from aigc_studio.api import EditRequest, Span, Text


def picked(model: Path, text: str, count: int = 5, span: Span | None = None) -> dict[str, float]:
    request = EditRequest(
        operation="pick", model=model, artifacts=(Text(text),), count=count,
        selections=(span or Span(len(text), len(text)),),
    )  # fmt: skip
    made = results(rnn_text.edit(request))
    assert all(each.part for each in made)
    assert [each.seed for each in made] == list(range(len(made)))
    assert len(made) <= count
    return {str(each.artifact): each.probability or 0.0 for each in made}


def test_words_come_whole_with_the_product_of_their_characters(tmp_path: Path) -> None:
    found = picked(write_chain(tmp_path / "m", WORDS), "a ", 4)
    assert list(found) == ["the", "a", "\n", "then"]
    expected = [0.5 * 0.9, 0.4, 0.1, 0.5 * 0.1]
    assert list(found.values()) == pytest.approx(expected, abs=0.01)


def test_after_a_word_a_piece_brings_its_space(tmp_path: Path) -> None:
    found = picked(write_chain(tmp_path / "m", WORDS), "a the", 5)
    assert found[","] == pytest.approx(0.3, abs=0.01)
    assert found[" the"] == pytest.approx(0.6 * 0.5 * 0.9, abs=0.01)
    assert found[" a"] == pytest.approx(0.6 * 0.4, abs=0.01)


def test_within_a_word_the_rest_of_it_is_offered(tmp_path: Path) -> None:
    found = picked(write_chain(tmp_path / "m", WORDS), "a th", 2)
    assert found == pytest.approx({"e": 0.9, "en": 0.1}, abs=0.01)


def test_chinese_comes_by_the_character(tmp_path: Path) -> None:
    chain: Follows = {
        "\n": {"春": 0.6, "秋": 0.4},
        "春": {"风": 0.7, "雨": 0.2, "，": 0.1},
        "秋": {"风": 1},
    }
    found = picked(write_chain(tmp_path / "m", chain), "春", 3)
    assert found == pytest.approx({"风": 0.7, "雨": 0.2, "，": 0.1}, abs=0.01)


def test_the_first_ones_are_the_same_when_more_are_asked_for(tmp_path: Path) -> None:
    model = write_chain(tmp_path / "m", WORDS)
    assert list(picked(model, "a ", 4))[:2] == list(picked(model, "a ", 2))


def test_what_is_marked_is_what_they_stand_for(tmp_path: Path) -> None:
    model = write_chain(tmp_path / "m", WORDS)
    assert picked(model, "a the a", 3, Span(2, 5)) == picked(model, "a ", 3)


@pytest.mark.parametrize("text", ["", "\n", "☃", "abc, def", "\u05d0", "a" * 9000])
def test_at_any_place_there_is_something_to_pick(tmp_path: Path, text: str) -> None:
    found = picked(write_untrained(tmp_path / "m"), text)
    assert len(found) == 5
    assert all(0 < chance <= 1 for chance in found.values())
    assert sum(found.values()) <= 1 + 1e-6
