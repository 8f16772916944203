"""Writing on at a caret, behind what is marked, at the end; and more like a text."""

from pathlib import Path
from typing import Any

import pytest
import rnn_text
from rnn_text.writing.parameters import ContinueParameters, LikeParameters
from rnn_text_chains import NAMES, WORDS, Follows, results, write_chain, write_untrained

from aigc_studio.api import Candidate, EditRequest, GeneratorError, Partial, Span, Text


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_chain(tmp_path_factory.mktemp("models") / "words", WORDS)


def asked(model: Path, text: str, span: Span | None, count: int = 1, **wish: Any) -> EditRequest:
    return EditRequest(
        operation="continue", model=model, artifacts=(Text(text),), selections=(span,),
        count=count, parameters=ContinueParameters(**{"length": 30, "daring": 0.1, **wish}),
    )  # fmt: skip


def parts(request: EditRequest) -> list[Candidate]:
    return results(rnn_text.edit(request))


def test_at_a_caret_only_what_is_new_is_given(words: Path) -> None:
    (made,) = parts(asked(words, "the th, a", Span(6, 6)))
    assert made.part
    assert str(made.artifact).startswith("e the the")


def test_where_a_word_follows_there_is_a_space_before_it(words: Path) -> None:
    (made,) = parts(asked(words, "a the", Span(2, 2), length=3, stop="length"))
    assert str(made.artifact) == "the "
    (made,) = parts(asked(words, "a , a", Span(2, 2), length=3, stop="length"))
    assert str(made.artifact) == "the"


def test_what_is_marked_stays_and_is_written_on(words: Path) -> None:
    (made,) = parts(asked(words, "a th a", Span(2, 4)))
    assert made.part
    assert str(made.artifact).startswith("the the")


def test_without_a_mark_the_text_is_written_on_at_its_end(words: Path) -> None:
    (made,) = parts(asked(words, "a th", None))
    assert not made.part
    assert str(made.artifact).startswith("a the the")


def test_a_long_text_is_not_told_again_for_each_letter(words: Path) -> None:
    short, long = (
        [
            each
            for each in rnn_text.edit(asked(words, "the " * often, None, length=100))
            if isinstance(each, Partial)
        ]
        for often in (10, 50_000)
    )
    assert len(short) > 64
    assert 0 < len(long) <= 3


def test_candidates_differ_grow_and_stay_the_same(words: Path) -> None:
    request = asked(words, "the ", Span(4, 4), 4, daring=1)
    events = list(rnn_text.edit(request))
    made = [str(each.artifact) for each in events if isinstance(each, Candidate)]
    assert len(set(made)) > 1
    assert all(each.part for each in events if isinstance(each, Partial))
    few = asked(words, "the ", Span(4, 4), 2, daring=1)
    assert [str(each.artifact) for each in parts(few)] == made[:2]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("", Span(0, 0)), ("", None), ("abc", Span(0, 0)), ("\u05d0\u05d1", Span(1, 1)),
        ("👨‍👩‍👧", Span(5, 5)), ("e\u0301", Span(1, 1)), ("a" * 50_000, Span(25_000, 25_000)),
        ("\n\n\n", Span(3, 3)), ("\ud800", Span(1, 1)),
    ],
)  # fmt: skip
def test_whatever_the_window_sends_is_written_on(
    tmp_path: Path, text: str, span: Span | None
) -> None:
    model = write_untrained(tmp_path / "m")
    made = parts(asked(model, text, span, 2))
    assert len(made) == 2
    assert all(str(each.artifact).strip() for each in made)


def test_a_model_of_lines_writes_on_the_line_that_was_begun(tmp_path: Path) -> None:
    model = write_chain(tmp_path / "names", NAMES, kind="lines")
    (made,) = parts(asked(model, "bana\nb", Span(6, 6)))
    assert str(made.artifact).startswith("a")
    assert "\n" not in str(made.artifact)


def like(model: Path, text: str, likeness: float) -> str:
    wish = LikeParameters(likeness=likeness, length=400, daring=1, top_p=1, loops=False)
    request = EditRequest(operation="like", model=model, artifacts=(Text(text),), parameters=wish)
    (made,) = parts(request)
    assert not made.part
    return str(made.artifact)


def test_more_like_a_text_has_more_of_its_words(tmp_path: Path) -> None:
    chain: Follows = {"\n": {" ": 1}, " ": {"x": 0.5, "y": 0.5}, "x": {" ": 1}, "y": {" ": 1}}
    model = write_chain(tmp_path / "m", chain)
    counts = [like(model, " y y y y y", share).count("y") for share in (0.0, 0.3, 0.8)]
    assert counts[0] < counts[1] < counts[2]


def test_nothing_cannot_be_liked(words: Path) -> None:
    with pytest.raises(GeneratorError, match="write something first"):
        like(words, " \n", 0.3)
