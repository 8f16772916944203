"""New texts: with or without a beginning, growing, the same from the same seed."""

from pathlib import Path
from typing import Any

import pytest
import rnn_text
from rnn_text.verse.parameters import ComposeParameters
from rnn_text.writing.parameters import GenerateParameters
from rnn_text.writing.prompts import Reading, notices
from rnn_text_chains import WORDS, Follows, results, write_chain, write_untrained

from aigc_studio.api import (
    Candidate,
    Event,
    GenerateRequest,
    GeneratorError,
    Message,
    Partial,
    Progress,
    Text,
)
from aigc_studio.translation import localized

LONG = "a" * 30_000
FAMILY = "👨‍👩‍👧"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_untrained(tmp_path_factory.mktemp("models") / "m")


def written(model: Path, prompt: str = "", count: int = 1, seed: int = 0, **wish: Any) -> list[str]:
    parameters = GenerateParameters(**{"length": 50, **wish})
    request = GenerateRequest(
        model=model, prompt=prompt, count=count, seed=seed, parameters=parameters
    )
    return [str(each.artifact) for each in results(rnn_text.generate(request))]


def run(model: Path, **fields: Any) -> list[Event]:
    wish = GenerateParameters(length=120)
    return list(rnn_text.generate(GenerateRequest(model=model, parameters=wish, **fields)))


def test_the_same_seed_gives_the_same_and_more_change_nothing(model: Path) -> None:
    many = written(model, count=20, seed=4)
    assert len(set(many)) > 15
    assert written(model, count=3, seed=5) == many[1:4]
    assert written(model, seed=22) == many[18:19]


def test_the_beginning_stands_at_the_head_or_is_left_away(tmp_path: Path) -> None:
    model = write_chain(tmp_path / "m", WORDS)
    (whole,) = written(model, "the a th", daring=0.1)
    assert whole.startswith("the a the")
    (rest,) = written(model, "the a th", daring=0.1, beginning=False)
    assert whole == "the a th" + rest


@pytest.mark.parametrize(
    "prompt",
    ["", " ", "\n", "abc", "ABC", "مرحبا", FAMILY, "e\u0301", "\ud800", "a\0b", LONG, "a\r\nb"],
)  # fmt: skip
def test_any_beginning_is_written_on(model: Path, prompt: str) -> None:
    made = written(model, prompt, count=2)
    assert all(each.startswith(prompt) and len(each) > len(prompt) for each in made)


def test_what_the_model_does_not_know_is_told_once_and_kept_in_the_text(model: Path) -> None:
    events = run(model, prompt="abc 你 é É", count=2)
    (message,) = [each for each in events if isinstance(each, Message)]
    assert isinstance(message.text, dict)
    assert "你" in message.text["en"]
    assert "é → e" in message.text["zh"]
    made = [each for each in events if isinstance(each, Candidate)]
    assert all(str(each.artifact).startswith("abc 你 é É") for each in made)
    assert not any(isinstance(each, Message) for each in run(model, prompt="abc"))


def test_line_breaks_that_the_model_does_not_know_are_nobodys_concern() -> None:
    left_out = Reading("ab", left_out={"\n": 2, " ": 1, "伞": 1})
    (message,) = notices([left_out])
    assert localized(message.text, "zh") == "有模型不认识的字符。略去：伞。"
    assert not list(notices([Reading("ab", left_out={"\n": 2})]))


def test_texts_grow_letter_by_letter_side_by_side(model: Path) -> None:
    events = run(model, prompt="abc", count=3)
    shown: dict[int, list[str]] = {0: [], 1: [], 2: []}
    for each in events:
        if isinstance(each, Partial):
            shown[each.number].append(str(each.artifact))
    made = [str(each.artifact) for each in events if isinstance(each, Candidate)]
    for number, texts in shown.items():
        lengths = [len(each) for each in texts]
        assert lengths[:10] == list(range(4, 14))
        assert all(made[number].startswith(each) for each in texts[:-1])
    order = [each.number for each in events if isinstance(each, Partial)]
    assert order[:6] == [0, 1, 2, 0, 1, 2]
    assert isinstance(events[-1], Progress)


def test_it_can_be_stopped_at_any_character(model: Path) -> None:
    action = rnn_text.generate(
        GenerateRequest(model=model, parameters=GenerateParameters(length=20_000))
    )
    partials = 0
    for each in action:
        partials += isinstance(each, Partial)
        if partials == 5:
            break
    close = getattr(action, "close")  # noqa: B009
    close()
    assert isinstance(each, Partial)
    assert len(str(each.artifact)) == 5


@pytest.mark.parametrize(("stop", "mark"), [("line", "\n"), ("sentence", ".")])
def test_it_stops_where_it_is_told(tmp_path: Path, stop: str, mark: str) -> None:
    chain: Follows = {
        "\n": {"A": 1}, "A": {"b": 1}, "b": {"b": 0.8, ".": 0.2}, ".": {" ": 0.9, "\n": 0.1},
        " ": {"A": 0.8, "b": 0.2},
    }  # fmt: skip
    model = write_chain(tmp_path / "m", chain)
    made = written(model, count=8, stop=stop, length=3000, daring=1, top_p=1)
    if stop == "line":
        assert all("\n" not in each and each.endswith(".") for each in made)
        assert any(". " in each for each in made)
    else:
        assert all(each.endswith(".") and ". A" not in each for each in made)


def test_more_like_a_text_is_drawn_by_its_words(tmp_path: Path) -> None:
    """Half of all words are x; after a text of y alone there are more of y."""
    chain: Follows = {"\n": {" ": 1}, " ": {"x": 0.5, "y": 0.5}, "x": {" ": 1}, "y": {" ": 1}}
    model = write_chain(tmp_path / "m", chain)
    request = GenerateRequest(
        model=model, parameters=GenerateParameters(length=400, daring=1, top_p=1, loops=False)
    )
    latent = results(
        rnn_text.generate(
            GenerateRequest(model=model, prompt=" y y y y", parameters=GenerateParameters(length=1))
        )
    )[0].latent
    assert latent
    (plain,) = results(rnn_text.generate(request))
    like = GenerateRequest(**{**vars(request), "latents": (latent,)})
    (alike,) = results(rnn_text.generate(like))
    assert str(alike.artifact).count("y") > str(plain.artifact).count("y") + 20


def test_a_latent_of_something_else_is_a_sentence(model: Path) -> None:
    for latent in (b"", b"text", b"picture" * 20):
        with pytest.raises(GeneratorError, match="was not made by this generator"):
            list(rnn_text.generate(GenerateRequest(model=model, latents=(latent,))))


def test_without_a_model_it_says_what_to_do() -> None:
    with pytest.raises(GeneratorError, match="choose one, or train one first"):
        list(rnn_text.generate(GenerateRequest()))


def test_a_text_is_a_text(model: Path) -> None:
    (made,) = results(rnn_text.generate(GenerateRequest(model=model, seed=7)))
    assert isinstance(made.artifact, Text)
    assert made.seed == 7


def test_verse_of_a_model_of_prose_is_prose_and_said_so(model: Path) -> None:
    wish = ComposeParameters(daring=0.9, rhyme=False)
    asked = GenerateRequest(operation="compose", model=model, count=2, parameters=wish)
    events = list(rnn_text.generate(asked))
    assert sum(isinstance(each, Candidate) for each in events) == 2
    (message,) = [each for each in events if isinstance(each, Message)]
    assert "has not learnt verse" in str(message.text)


def test_a_plain_generate_of_a_model_of_verse_is_a_whole_poem(tmp_path: Path) -> None:
    """With the parameters of the plain one, of which it takes those that it knows."""
    characters = "春夏秋冬风雨雪月山水云天花草树木东南西北江河湖海明暗高低，。\n"
    model = write_untrained(tmp_path / "m", characters, kind="verse", shapes=("5x4",))
    wish = GenerateParameters(daring=2.0, length=10)
    (made,) = results(rnn_text.generate(GenerateRequest(model=model, parameters=wish)))
    lines = [
        each
        for each in str(made.artifact).replace("，", "。").replace("\n", "").split("。")
        if each
    ]
    assert [len(each) for each in lines] == [5, 5, 5, 5]
