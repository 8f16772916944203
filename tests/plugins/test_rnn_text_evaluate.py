"""Evaluate of rnn_text: what was not seen, written and copied, in numbers and in words."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from rnn_text.alphabet import BEGIN, END, Alphabet
from rnn_text.judging.evaluating import counted_nats, evaluate_text, units_of
from rnn_text.judging.explaining import usual_least
from rnn_text.judging.parameters import CopiedParameters
from rnn_text.judging.scoring import BLOCK, example_row, nats_of_pieces, nats_of_rows
from rnn_text.judging.verdicts import verdicts
from rnn_text.model import Form, Kind, Model, open_model, save_model
from rnn_text.network.net import Writer
from rnn_text.settings import WriterSettings

from aigc_studio.api import (
    Annotation,
    Artifact,
    Dataset,
    EvaluateRequest,
    GeneratorError,
    Message,
    Metric,
    Progress,
    Span,
    Text,
)
from aigc_studio.testing import write_dataset
from aigc_studio.translation import localized

LETTERS = "abcdefghijklmnopqrstuvwxyz ABC.,'"


def model_in(
    folder: Path, kind: Kind = "prose", symbols: str = LETTERS + "\n", **more: Any
) -> Path:
    """An untrained model of these characters."""
    torch.manual_seed(3)
    marks = [BEGIN, END, *more.get("marks", ())]
    alphabet = Alphabet(symbols, marks)
    writer = Writer(WriterSettings(symbols=len(alphabet), width=16, embedding=8)).eval()
    folder.mkdir(parents=True)
    save_model(folder, writer, alphabet, Form(kind, "\n", more.get("shapes", ())))
    return folder


def data_in(folder: Path, *texts: str, held: int = 0) -> Dataset:
    """Texts as a dataset, the last of them held out; its training part."""
    artifacts: list[Artifact] = [Text(each) for each in texts]
    write_dataset(folder, artifacts)
    rows = (folder / "examples.jsonl").read_text("utf-8").splitlines()
    parts = ["train"] * (len(rows) - held) + ["test"] * held
    changed = [
        row.replace('"split":"test"', f'"split":"{part}"').replace(
            '"split":"train"', f'"split":"{part}"'
        )
        for row, part in zip(
            (each.replace('"split": "', '"split":"') for each in rows), parts, strict=True
        )
    ]
    (folder / "examples.jsonl").write_text("\n".join(changed) + "\n", "utf-8")
    return Dataset(folder)


def read_plainly(model: Model, numbers: np.ndarray) -> np.ndarray:
    """Nats of each number after the first, one after another with the state carried."""
    with torch.no_grad():
        logits, _state = model.writer.read(torch.from_numpy(numbers)[None, :-1])
        log = logits[0].log_softmax(-1)
    found: np.ndarray = -log[torch.arange(len(numbers) - 1), torch.from_numpy(numbers[1:])].numpy()
    return found


def test_a_long_text_is_scored_as_if_it_were_read_in_one_piece(tmp_path: Path) -> None:
    model = open_model(model_in(tmp_path / "m"))
    text = "the cat sat. " * 300
    assert len(text) > 3 * BLOCK
    row = example_row(model, text)
    found = np.concatenate([nats for _owners, nats in nats_of_rows(model, [row])])
    assert np.abs(found - read_plainly(model, row.numbers)).max() < 1e-3
    assert len(list(nats_of_pieces(model, text))) == len(text)


def test_examples_are_scored_each_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    model = open_model(model_in(tmp_path / "m", "lines", LETTERS))
    rows = [example_row(model, text) for text in ("ab", "", "the cat")]
    found = [nats for _owners, nats in nats_of_rows(model, rows)]
    assert [len(each) for each in found] == [3, 1, 8]
    for row, nats in zip(rows, found, strict=True):
        assert np.abs(nats - read_plainly(model, row.numbers)).max() < 1e-4
    # Of a text with such lines the break stands for the end of the one before it.
    told = list(nats_of_pieces(model, "ab\nthe cat"))
    assert told[:3] == pytest.approx(found[0], abs=1e-4)
    assert told[3:] == pytest.approx(found[2][:-1], abs=1e-4)


def test_a_poem_in_rows_is_read_with_the_signs_that_it_lacks(tmp_path: Path) -> None:
    model = open_model(model_in(tmp_path / "m", "verse", "床前明月光疑是地上霜，。"))
    rows = list(nats_of_pieces(model, "床前明月光\n疑是地上霜"))
    signs = list(nats_of_pieces(model, "床前明月光，疑是地上霜。"))
    assert rows[5] is None
    assert rows[:5] == pytest.approx(signs[:5])
    assert rows[6:] == pytest.approx(signs[6:11])


def explained(folder: Path, text: str, **more: Any) -> list[Any]:
    request = EvaluateRequest(model=folder, artifact=Text(text), operation="evaluate", **more)
    return [each for each in evaluate_text(request) if not isinstance(each, Progress)]


def test_characters_are_explained_whole_and_what_is_unknown_is_said(tmp_path: Path) -> None:
    folder = model_in(tmp_path / "m", symbols="abe\n ")
    told = explained(folder, "ab é👩‍👩‍👧字")
    spans = [each.selection for each in told if isinstance(each, Annotation)]
    assert spans[:5] == [Span(0, 1), Span(1, 2), Span(2, 3), Span(3, 4), Span(4, 9)]
    values = [each.value for each in told if isinstance(each, Annotation)]
    assert all(0 < value < 1 for value in values[:4])  # é is read as e
    assert values[4:] == [0.0, 0.0]
    (message,) = [each for each in told if isinstance(each, Message)]
    assert "does not know 2 characters" in localized(message.text)


@pytest.mark.parametrize("text", ["", "a", "\n\n", "a\x00b", "א\u05d1", "e\u0301" * 9, "x" * 5000])
@pytest.mark.parametrize("kind", ["prose", "lines", "verse"])
def test_whatever_stands_on_a_card_is_explained(tmp_path: Path, kind: Kind, text: str) -> None:
    folder = model_in(tmp_path / "m", kind)
    told = [each.selection for each in explained(folder, text) if isinstance(each, Annotation)]
    assert all(isinstance(each, Span) for each in told)
    assert sum(each.stop - each.start for each in told if isinstance(each, Span)) == len(text)


# What was copied


def copied(data: Dataset | None, text: str, least: int = 0) -> list[Any]:
    request = EvaluateRequest(
        operation="copied", artifact=Text(text), dataset=data,
        parameters=CopiedParameters(least=least),
    )  # fmt: skip
    return [each for each in evaluate_text(request) if not isinstance(each, Progress)]


def test_what_was_copied_is_marked_with_where_it_stands(tmp_path: Path) -> None:
    first = "It was the best of times, it was the worst of times, said he to all of them."
    data = data_in(tmp_path / "d", "Nothing here.", first)
    told = copied(data, "And so it was the worst of times, said nobody.")
    (mark,) = [each for each in told if isinstance(each, Annotation)]
    assert mark.selection == Span(6, 39)
    words = localized(mark.text)
    assert words.startswith("33 characters, as in example 2 (drawn 1) of “d”: ")
    assert "best of times,[ it was the worst of times, said ]he to all" in words
    values = {each.name: each.value for each in told if isinstance(each, Metric)}
    assert values["longest_copy"] == 33
    assert values["memorised_share"] == pytest.approx(33 / 46, abs=1e-3)
    (message,) = [each for each in told if isinstance(each, Message)]
    assert "72% of the characters stand in runs of 24 or more" in localized(message.text)


def test_line_ends_and_accents_of_a_card_do_not_hide_or_cut_a_copy(tmp_path: Path) -> None:
    data = data_in(tmp_path / "d", "one two\nthree cafe\u0301 four")
    told = copied(data, "X one two\r\nthree cafe", 5)
    (mark,) = [each for each in told if isinstance(each, Annotation)]
    assert mark.selection == Span(2, 21)
    text = "three cafe\u0300 four"
    spans = [each.selection for each in copied(data, text, 5) if isinstance(each, Annotation)]
    assert spans == [Span(0, 9), Span(11, 16)]  # the e, whose accent is another, is no copy


def test_nothing_copied_is_said_and_no_data_is_refused(tmp_path: Path) -> None:
    told = copied(data_in(tmp_path / "d", "Some words."), "Others.")
    assert [each.value for each in told if isinstance(each, Metric)] == [0, 0]
    (message,) = [each for each in told if isinstance(each, Message)]
    assert localized(message.text).startswith("Nothing of 24 characters or more")
    with pytest.raises(GeneratorError, match="beside the data"):
        copied(None, "a")
    assert copied(data_in(tmp_path / "e", "Some words."), "")


def test_from_how_many_characters_on_goes_by_the_script() -> None:
    assert (usual_least("The king"), usual_least("床前明月光，疑是地上霜。"), usual_least("")) == (
        24,
        8,
        24,
    )


# Measures


def measured(folder: Path, data: Dataset) -> tuple[dict[str, float], list[str]]:
    request = EvaluateRequest(
        model=folder, dataset=Dataset(data.path, "test"), operation="evaluate"
    )
    told = list(evaluate_text(request))
    metrics = {each.name: each.value for each in told if isinstance(each, Metric)}
    return metrics, [localized(each.text) for each in told if isinstance(each, Message)]


def test_running_text_is_measured_and_judged_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rnn_text.judging.samples.LENGTH", 60)
    data = data_in(tmp_path / "d", "the cat sat on a mat. " * 20, "a dog ran. " * 9, held=1)
    folder = model_in(tmp_path / "m")
    found, words = measured(folder, data)
    assert found["bits_per_character"] == pytest.approx(
        found["nats_per_character"] / math.log(2), rel=1e-3
    )
    assert found["nats_per_character"] == pytest.approx(math.log(36), rel=0.1)
    each = found["nats_per_character"] * 99 / 27
    assert math.log(found["perplexity_per_word"]) == pytest.approx(each, rel=0.01)
    assert {"distinct_2", "self_bleu", "memorised_share", "longest_copy"} <= found.keys()
    assert found["characters_per_second"] > 0
    assert words == [
        "It has hardly learnt anything yet: whoever only counts how often each letter comes "
        "expects the next one nearly as well. Train it longer."
    ]


def test_lines_are_measured_with_how_many_are_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rnn_text.lines import write_known

    monkeypatch.setattr("rnn_text.judging.samples.LINES", 16)
    monkeypatch.setattr("rnn_text.judging.samples.LONGEST_LINE", 30)
    data = data_in(tmp_path / "d", "anna", "berta", "carl", "dora", held=2)
    folder = model_in(tmp_path / "m", "lines", LETTERS)
    write_known(folder, ["anna", "berta"])
    found, _words = measured(folder, data)
    assert found["new_lines"] == 1.0
    assert found["nats_per_character"] > 0


def test_nothing_to_measure_on_is_a_sentence(tmp_path: Path) -> None:
    folder = model_in(tmp_path / "m")
    with pytest.raises(GeneratorError, match="no held-out texts"):
        measured(folder, data_in(tmp_path / "d", "abc"))
    with pytest.raises(GeneratorError, match="all empty"):
        measured(folder, data_in(tmp_path / "e", "abc", "", held=1))


@pytest.mark.parametrize(
    ("values", "characters", "words"),
    [
        ({"nats_per_character": 2.0, "learnt_nats_per_character": 1.0}, 5_000, "Too little text"),
        ({"nats_per_character": 2.0, "learnt_nats_per_character": 1.0}, 10**6, "over-fitted"),
        ({"nats_per_character": 2.0, "learnt_nats_per_character": 2.0}, 10**6, "longer training"),
        ({"nats_per_character": 2.0, "learnt_nats_per_character": 1.7}, 10**6, "about as sure"),
        ({"memorised_share": 0.4, "memorised_share_unseen": 0.01}, 10**6, "writes by heart: 40%"),
        ({"distinct_2": 0.2, "distinct_2_unseen": 0.8}, 10**6, "repeats itself"),
        # It knows how often letters come, and no more: 60 equally likely ones would be 4.1 nats.
        (
            {
                "nats_per_character": 3.0,
                "learnt_nats_per_character": 3.0,
                "unigram_nats_per_character": 3.1,
            },
            10**6,
            "hardly learnt anything",
        ),
        ({}, 0, ""),
    ],
)
def test_verdicts_follow_from_the_numbers(
    values: dict[str, float], characters: int, words: str
) -> None:
    told = list(verdicts(values, characters=characters, least=24, symbols=60))
    assert [words in localized(each.text) for each in told] == [True] * bool(words)


def test_counting_letters_is_what_a_model_is_measured_beside() -> None:
    assert counted_nats(["abab", "ba"]) == pytest.approx(math.log(2))
    assert counted_nats(["aaa"]) == counted_nats([]) == 0.0


def test_words_are_counted_where_there_are_some() -> None:
    assert units_of("the cat sat") == ["the", "cat", "sat"]
    assert units_of("床前明月光") == ["床", "前", "明", "月", "光"]
