"""The example that translates, with the model that came along: on sentences that it never saw."""

import csv
import importlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aigc_studio.api import (
    Annotation,
    Candidate,
    Dataset,
    EditRequest,
    EvaluateRequest,
    Event,
    GenerateRequest,
    GeneratorError,
    Metric,
    Partial,
    Span,
    Text,
    TrainRequest,
)
from aigc_studio.testing import write_dataset

EXAMPLE = Path(__file__).parents[2] / "docs" / "plugins" / "examples" / "translate"
MODEL = EXAMPLE / "aigc_translate" / "models" / "animals"
OWL = ("The tired owl is playing a violin on the moon.", "疲倦的猫头鹰正在月亮上拉一把小提琴。")


@pytest.fixture
def plugin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The package, with its module `work`."""
    monkeypatch.syspath_prepend(str(EXAMPLE))
    importlib.import_module("aigc_translate.work")
    yield sys.modules["aigc_translate"]
    for name in [each for each in sys.modules if each.partition(".")[0] == "aigc_translate"]:
        del sys.modules[name]


def pairs(part: str) -> list[tuple[str, str]]:
    with (EXAMPLE / "aigc_translate" / "pairs" / f"{part}.csv").open(encoding="utf-8") as file:
        return [(text, answer) for text, answer in csv.reader(file)][1:]


def made(events: Iterator[Event]) -> list[str]:
    return [str(each.artifact) for each in events if isinstance(each, Candidate)]


def wish(plugin: Any, prompt: str, **more: Any) -> GenerateRequest:
    return GenerateRequest(model=MODEL, prompt=prompt, parameters=plugin.Wish(heat=0), **more)


def test_the_pairs_are_those_of_the_grammar_and_no_name_is_in_both_parts() -> None:
    namespace: dict[str, Any] = {"__name__": "make_pairs", "__file__": str(EXAMPLE / "x.py")}
    exec((EXAMPLE / "make_pairs.py").read_text("utf-8"), namespace)
    assert [tuple(each) for each in namespace["pairs"]("test", 300)] == pairs("test")
    names = {part: {word for text, _answer in pairs(part) for word in text.split()[1:]
                    if word[0].isupper()} for part in ("train", "test")}  # fmt: skip
    assert len(names["test"]) > 20
    assert not names["test"] & names["train"]
    assert not set(pairs("test")) & set(pairs("train"))


def test_a_sentence_is_translated_and_grows_piece_by_piece(plugin: Any) -> None:
    events = list(plugin.work.translate(wish(plugin, OWL[0])))
    grown = [str(each.artifact) for each in events if isinstance(each, Partial)]
    assert made(iter(events)) == [OWL[1]]
    assert grown[0] == OWL[1][: len(grown[0])]
    assert sorted(grown, key=len) == grown
    assert len(grown) > 8


def test_names_that_it_never_saw_are_copied_and_case_does_not_matter(plugin: Any) -> None:
    assert made(plugin.work.translate(wish(plugin, "where is the fox Lina dancing?"))) == [
        "狐狸Lina在哪里跳舞？"
    ]


def test_each_seed_has_a_result_of_its_own_and_heat_makes_them_differ(plugin: Any) -> None:
    hot = plugin.Wish(heat=2)
    request = GenerateRequest(model=MODEL, prompt=OWL[0], parameters=hot, seed=1, count=4)
    four = made(plugin.work.translate(request))
    assert len(set(four)) > 1
    assert made(plugin.work.translate(replace(request, seed=3, count=1))) == four[2:3]
    usual = replace(request, parameters=plugin.Wish())
    assert made(plugin.work.translate(usual)).count(OWL[1]) >= 3


def test_of_two_lines_the_marked_one_is_translated_in_its_place(plugin: Any) -> None:
    text = Text(f"Dear diary:\n{OWL[0]}\nGood night.\n")
    span = Span(12, 12 + len(OWL[0]))
    request = EditRequest(
        model=MODEL, artifacts=(text,), selections=(span,), parameters=plugin.Wish(heat=0)
    )
    (only,) = [each for each in plugin.work.part(request) if isinstance(each, Candidate)]
    assert only.part
    assert text.replaced(span, str(only.artifact)).value == f"Dear diary:\n{OWL[1]}\nGood night.\n"


def test_several_sentences_keep_their_line_breaks(plugin: Any) -> None:
    told = made(plugin.work.translate(wish(plugin, f"{OWL[0]} {OWL[0]}\n\n{OWL[0]}")))
    assert told == [f"{OWL[1]}{OWL[1]}\n\n{OWL[1]}"]


def test_it_shows_what_became_of_each_word(plugin: Any) -> None:
    events = plugin.work.explain(EvaluateRequest(model=MODEL, artifact=Text(OWL[0])))
    told = {
        OWL[0][each.selection.start : each.selection.stop].strip(): each
        for each in events
        if isinstance(each, Annotation) and isinstance(each.selection, Span)
    }
    assert "".join(f" {word}" for word in told).replace(" .", ".")[1:] == OWL[0]
    assert "猫头鹰" in str(told["owl"].text)
    assert "小提琴" in str(told["violin"].text)
    assert told["owl"].value > 0.8


@pytest.mark.parametrize("prompt", ["", " \n", "x" * 2001])
def test_nothing_and_too_much_are_refused_with_a_sentence(plugin: Any, prompt: str) -> None:
    with pytest.raises(GeneratorError, match="from 1 to 2,000 characters"):
        list(plugin.work.translate(wish(plugin, prompt)))


def test_on_held_out_pairs_it_beats_looking_up_and_copying(plugin: Any, tmp_path: Path) -> None:
    few = pairs("test")[:60]
    told = [{"translation": answer} for _text, answer in few]
    data = write_dataset(tmp_path / "data", [Text(text) for text, _a in few], attributes=told)
    events = plugin.work.explain(EvaluateRequest(model=MODEL, dataset=Dataset(data, None)))
    measured = {each.name: each.value for each in events if isinstance(each, Metric)}
    assert measured["chrf"] > 95
    assert measured["exact_share"] > 0.85
    assert 20 < measured["chrf_lookup"] < 60
    assert measured["chrf_copying"] < 10


@pytest.mark.slow
def test_it_learns_pairs_the_other_way_round(plugin: Any, tmp_path: Path) -> None:
    words = {"one": "一", "two": "二", "three": "三", "four": "四", "five": "五", "six": "六"}
    few = [(f"{one} {two}", words[one] + words[two]) for one in words for two in words]
    told = [{"translation": answer} for _text, answer in few]
    data = write_dataset(tmp_path / "data", [Text(text) for text, _a in few], attributes=told)
    request = TrainRequest(
        operation="learn", dataset=Dataset(data), steps=150, seed=1, folder=tmp_path / "training",
        parameters=plugin.Learning(backwards=True, width=32),
    )  # fmt: skip
    request.folder.mkdir()
    *_rest, last = plugin.work.learn(request)
    asked = GenerateRequest(model=last.path, prompt="三五", parameters=plugin.Wish(heat=0))
    assert made(plugin.work.translate(asked)) == ["three five"]


def test_without_answers_it_says_what_to_import(plugin: Any, tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data", [Text("a"), Text("b")])
    request = TrainRequest(
        operation="learn", dataset=Dataset(data, None), parameters=plugin.Learning()
    )
    with pytest.raises(GeneratorError, match="import a table of two columns"):
        list(plugin.work.learn(request))
