"""Training RNN text: any kind of text the same way, and words for what does not do."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import rnn_text
import torch
from rnn_text.alphabet import BEGIN, END
from rnn_text.kinds import form_of_data
from rnn_text.model import open_model
from rnn_text.training.cleaning import cleaned, theme_of
from rnn_text.training.cuts import Growing
from rnn_text.training.learning import draws_held_out, settings_for
from rnn_text.training.material import Material, learnt_from
from rnn_text.training.parameters import TrainParameters
from rnn_text.training.step import fitting_dropout, often_read
from rnn_text.training.windows import Windows, told_by, told_varied
from rnn_text_examples import NAMES, PROSE, alphabet_of, poems, write_dataset

from aigc_studio.api import (
    Checkpoint,
    Dataset,
    Event,
    GeneratorError,
    Message,
    Metric,
    Preview,
    Text,
    TrainRequest,
)
from aigc_studio.toolkit import load_weights
from aigc_studio.toolkit.sequences import IGNORED

pytestmark = pytest.mark.usefixtures("little_shown")

SMALL = {"width": 16, "embedding": 8, "batch_size": 4, "length": 8}
HEBREW = "שָׁלוֹם לְכָל הָעוֹלָם וְטוֹב לִרְאוֹתְכֶם. "
EMOJI = "Good 👨\u200d👩\u200d👧 morning 🇨🇭! "

NOT_VERSE = ["compose", "rewrite-verse", "metre"]


def request_for(folder: Path, dataset: Dataset, **fields: Any) -> TrainRequest[TrainParameters]:
    folder.mkdir(parents=True, exist_ok=True)
    model = fields.get("model")
    small = SMALL if model is None else {"batch_size": 4, "length": 8}
    parameters = TrainParameters(**(small | fields.pop("parameters", {})))
    length: dict[str, Any] = {"steps": 3} | fields
    return TrainRequest(dataset=dataset, folder=folder, parameters=parameters, **length)


def train(folder: Path, dataset: Dataset, **fields: Any) -> list[Event]:
    return list(rnn_text.train(request_for(folder, dataset, **fields)))


def last(events: Sequence[Event]) -> Checkpoint:
    return [event for event in events if isinstance(event, Checkpoint)][-1]


def said(events: Sequence[Event]) -> str:
    told = [each.text for each in events if isinstance(each, Message)]
    return "\n".join(each if isinstance(each, str) else each["en"] for each in told)


def read(
    dataset: Dataset, *, most_held_out: int = 60_000, drawn: bool = True, **parameters: Any
) -> Material:
    asked = TrainParameters(**parameters)
    reading = learnt_from(dataset, asked, None, most_held_out, drawn=drawn)
    while True:
        try:
            next(reading)
        except StopIteration as end:
            material: Material = end.value
            return material


# -- kinds -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "kind"),
    [([PROSE, PROSE], "prose"), (NAMES, "lines"), (poems(40), "verse")],
    ids=["prose", "lines", "verse"],
)
def test_every_kind_of_text_is_trained_the_same_way(
    tmp_path: Path, texts: list[str], kind: str
) -> None:
    dataset = write_dataset(tmp_path / "data", texts, held_out=1)
    events = train(tmp_path / "job", dataset)
    card = last(events).card
    assert card["kind"] == kind
    assert card.get("without", []) == ([] if kind == "verse" else NOT_VERSE)
    assert {each.name for each in events if isinstance(each, Metric)} >= {
        "loss", "nats_per_character", "bits_per_character",
    }  # fmt: skip
    shown = [each.artifact for each in events if isinstance(each, Preview)]
    assert all(isinstance(each, Text) for each in shown)
    model = open_model(last(events).path)
    assert model.kind == kind
    assert len(model.opening) >= 1
    assert model.alphabet.decode(model.alphabet.encode(texts[0])) == texts[0]
    choices = card["controls"]["controls"]
    assert [each["options"] for each in choices] == ([["7x4", "5x4"]] if kind == "verse" else [])


def test_of_many_held_out_poems_the_same_are_drawn_from_all_over(tmp_path: Path) -> None:
    """A collection is sorted, by poet say: its first poems are those of one."""
    texts = poems(120)
    dataset = write_dataset(tmp_path / "d", [*texts, *texts[::2], *texts[1::2]], held_out=120)
    first, again, early = (
        read(dataset, most_held_out=600, drawn=drawn).held_out for drawn in (True, True, False)
    )
    widths = [{len(poem) for poem in found} for found in (first, early)]
    assert (len(widths[0]), len(widths[1])) == (2, 1)
    assert first.symbols.tolist() == again.symbols.tolist()
    assert 600 <= len(first.symbols) < 700
    # Where all of it is read, nothing is drawn, and prose stays in one piece.
    whole = [read(dataset, drawn=drawn).held_out.symbols.tolist() for drawn in (True, False)]
    assert whole[0] == whole[1]
    prose = write_dataset(tmp_path / "p", [PROSE, PROSE, *(f"{n} {PROSE}" for n in range(9))],
                          held_out=9)  # fmt: skip
    cut = [read(prose, most_held_out=500, drawn=drawn).held_out for drawn in (True, False)]
    assert cut[0].symbols.tolist() == cut[1].symbols.tolist()


def test_a_training_that_was_begun_before_measures_as_it_did(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path / "d", poems(12), held_out=2)
    assert draws_held_out(request_for(tmp_path / "a", dataset))
    assert draws_held_out(request_for(tmp_path / "a", dataset, resume=True))
    assert not draws_held_out(request_for(tmp_path / "b", dataset, resume=True))


def test_sentences_of_longer_texts_are_running_text(tmp_path: Path) -> None:
    sentences = [f"This is sentence {number} of a play." for number in range(60)]
    of_one = write_dataset(tmp_path / "a", sentences, sources=["play.txt"] * 60)
    alone = write_dataset(tmp_path / "b", sentences)
    assert form_of_data(of_one, "auto").kind == "prose"
    assert form_of_data(alone, "auto").kind == "lines"
    assert form_of_data(alone, "prose").kind == "prose"


def test_texts_that_do_not_go_on_have_something_between_them(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path / "data", ["One two three. " * 9, "Four five six. " * 9])
    material = read(dataset)
    text = material.alphabet.decode(material.learnt.symbols.tolist())
    assert text == "One two three. " * 9 + "\n" + "Four five six. " * 9
    assert material.characters == len(text)


def test_passages_go_on_with_nothing_between_them(tmp_path: Path) -> None:
    parts = [PROSE[start : start + 100] for start in range(0, len(PROSE), 100)]
    dataset = write_dataset(tmp_path / "data", parts, held_out=2, passages=True)
    assert form_of_data(dataset, "auto").kind == "prose"
    material = read(dataset)
    assert material.alphabet.decode(material.learnt.symbols.tolist()) == "".join(parts[:-2])
    assert material.alphabet.decode(material.held_out.symbols.tolist()) == "".join(parts[-2:])


def test_an_example_begins_and_ends(tmp_path: Path) -> None:
    material = read(write_dataset(tmp_path / "data", NAMES, held_out=4))
    begin, end = material.alphabet.marks[BEGIN], material.alphabet.marks[END]
    rows = [row.tolist() for row in material.learnt]
    assert len(rows) == len(NAMES) - 4
    assert len(material.held_out) == 4
    assert all((row[0], row[-1]) == (begin, end) for row in rows)
    assert material.alphabet.decode(rows[3]) == NAMES[3]


def test_a_poem_is_told_its_form_and_what_its_title_says(tmp_path: Path) -> None:
    titles = [{"title": "春江花月夜二首 其一"} for _number in range(40)]
    material = read(write_dataset(tmp_path / "data", poems(40), attributes=titles))
    alphabet, row = material.alphabet, material.learnt[0]
    begin = alphabet.marks[BEGIN]
    assert row[0] == alphabet.marks["7x4"]
    assert row[1] == alphabet.marks["theme"]
    told = told_by(begin)(row)
    assert alphabet.decode(row[:told].tolist()) == "春江花月夜"
    vary = told_varied(alphabet)
    seen = set()
    for seed in range(60):
        found = vary(row, torch.Generator().manual_seed(seed))
        start = told_by(begin)(found)
        assert torch.equal(found[start:], row[told:])
        seen.add(("form" if start > 1 else "") + (" theme" if start > 2 else ""))
        assert start <= 2 + 1 + 6
    assert seen == {"", "form", "form theme"}


def test_what_a_poem_is_told_is_not_learnt(tmp_path: Path) -> None:
    material = read(write_dataset(tmp_path / "data", poems(40)))
    begin = material.alphabet.marks[BEGIN]
    windows = Windows(material, 8, 8, 1)
    for step in range(4):
        window = windows.at(step).window
        for inputs, targets in zip(window.inputs, window.targets, strict=True):
            start = told_by(begin)(inputs) - 1
            assert bool((targets[:start] == IGNORED).all())
            assert int(targets[start]) >= material.alphabet.first
        rows, lengths, same = windows.at(step).beyond()
        assert same
        assert lengths is not None
        ends = rows.gather(1, lengths[:, None] - 1)[:, 0]
        assert bool((ends == material.alphabet.marks[END]).all())


def test_themes_leave_out_what_counts_poems() -> None:
    assert theme_of("江南曲五首 一") == "江南曲"
    assert theme_of("九日") == "九日"
    assert theme_of("寄 李白（其二）") == "寄李白"


# -- learning --------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["gru", "lstm", "tanh"])
def test_it_learns(tmp_path: Path, cell: str) -> None:
    dataset = write_dataset(tmp_path / "data", [PROSE, PROSE[:300]], held_out=1)
    asked = {"cell": cell, "width": 48, "learning_rate": 0.01}
    events = train(tmp_path / "job", dataset, steps=60, parameters=asked)
    found = [e.value for e in events if isinstance(e, Metric) and e.name == "nats_per_character"]
    assert found[-1] < found[0] - 0.6


@pytest.mark.parametrize(
    "texts", [[PROSE, PROSE], NAMES, poems(40)], ids=["prose", "lines", "verse"]
)
def test_an_interrupted_training_ends_as_one_that_was_not(tmp_path: Path, texts: list[str]) -> None:
    dataset = write_dataset(tmp_path / "data", texts, held_out=1)
    asked = {"rewriting": "along", "dropout": 0.2}
    whole = last(train(tmp_path / "whole", dataset, steps=12, parameters=asked))
    cut = iter(rnn_text.train(request_for(tmp_path / "cut", dataset, steps=12, parameters=asked)))
    for event in cut:
        if isinstance(event, Metric) and event.step >= 5:
            break
    cut.close()  # type: ignore[attr-defined]
    rest = train(tmp_path / "cut", dataset, steps=12, parameters=asked, resume=True)
    one, _about = load_weights(whole.path / "weights.safetensors")
    other, _about = load_weights(last(rest).path / "weights.safetensors")
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)


@pytest.fixture
def two_threads() -> Iterator[int]:
    before = torch.get_num_threads()
    yield 2
    torch.set_num_threads(before)


def test_on_two_threads_it_learns_the_same_and_goes_on_to_the_bit(
    tmp_path: Path, two_threads: int
) -> None:
    dataset = write_dataset(tmp_path / "data", [PROSE * 4], held_out=0)
    asked = {"rewriting": "along", "dropout": 0.0, "batch_size": 16}
    alone = last(train(tmp_path / "alone", dataset, steps=12, parameters=asked))
    asked_of = {"steps": 12, "threads": two_threads, "parameters": asked}
    whole = last(train(tmp_path / "whole", dataset, **asked_of))
    cut = iter(rnn_text.train(request_for(tmp_path / "cut", dataset, **asked_of)))
    for event in cut:
        if isinstance(event, Metric) and event.step >= 5:
            break
    cut.close()  # type: ignore[attr-defined]
    rest = last(train(tmp_path / "cut", dataset, resume=True, **asked_of))
    found = [load_weights(each.path / "weights.safetensors")[0] for each in (alone, whole, rest)]
    for name, one in found[0].items():
        assert torch.equal(found[1][name], found[2][name])
        if "levels" not in name:
            torch.testing.assert_close(one, found[1][name], rtol=0.02, atol=0.003)


def test_writing_towards_what_follows_is_learnt_along_or_afterwards(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path / "data", [PROSE, PROSE], held_out=1)
    plain = last(train(tmp_path / "plain", dataset)).path
    assert open_model(plain).writer.right is None
    along = train(tmp_path / "along", dataset, steps=20, parameters={"rewriting": "along"})
    assert "rewriting_loss" in {e.name for e in along if isinstance(e, Metric)}
    after = train(tmp_path / "after", dataset, model=plain, parameters={"rewriting": "only"})
    model = open_model(last(after).path)
    assert model.writer.right is not None
    for name, kept in open_model(plain).writer.state_dict().items():
        assert torch.equal(model.writer.state_dict()[name], kept)
    with pytest.raises(GeneratorError, match="no model"):
        train(tmp_path / "none", dataset, parameters={"rewriting": "only"})


def test_short_trainings_do_not_learn_to_rewrite(tmp_path: Path) -> None:
    material = read(write_dataset(tmp_path / "data", [PROSE]))
    asked = TrainParameters()
    assert settings_for(asked, material, None, 1.0).right == 0
    assert settings_for(asked, material, None, 10.0).right == 160


def test_what_is_read_often_is_read_with_more_left_out() -> None:
    found = [fitting_dropout(epochs) for epochs in (0, 1, 3, 4, 7, 8.5, 16, 32, 1000)]
    assert found[:3] == [0, 0, 0]
    assert found == sorted(found)
    assert found[3:] == pytest.approx([0.05, 0.05, 0.08, 0.35, 0.45, 0.45])
    assert [often_read(epochs) for epochs in (0, 2, 3, 4, 1000)] == [0, 0, 0.5, 1, 1]


def test_a_training_goes_on_from_a_model_whose_alphabet_grows(tmp_path: Path) -> None:
    first = last(train(tmp_path / "first", write_dataset(tmp_path / "a", [PROSE]))).path
    other = write_dataset(tmp_path / "b", [PROSE + "Zürich, Zürich! Ñandú? " * 9])
    events = train(tmp_path / "second", other, model=first)
    assert "grows by" in said(events)
    assert "ü" in said(events)
    grown, base = open_model(last(events).path), open_model(first)
    assert grown.alphabet.symbols[: len(base.alphabet)] == base.alphabet.symbols
    assert "ü" in grown.alphabet
    assert "z" not in base.alphabet or grown.alphabet.encode("z") == base.alphabet.encode("z")


@pytest.mark.parametrize(
    ("text", "parameters", "words"),
    [
        ("与原来完全不同的文字，" * 40, {}, "More than half"),
        (PROSE, {"kind": "lines"}, "writes prose"),
        (PROSE, {"width": 32}, "width 16"),
        (PROSE, {"cell": "lstm"}, "cell gru"),
    ],
)
def test_what_does_not_go_with_a_model_is_refused(
    tmp_path: Path, text: str, parameters: dict[str, Any], words: str
) -> None:
    first = last(train(tmp_path / "first", write_dataset(tmp_path / "a", [PROSE]))).path
    other = write_dataset(tmp_path / "b", [text])
    with pytest.raises(GeneratorError, match=words):
        train(tmp_path / "second", other, model=first, parameters=parameters)


# -- odd data --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ([], "0 characters"),
        ([""], "0 characters"),
        (["ten chars."], "10 characters"),
        (["a" * 500], "one and the same"),
        (["\x00\x01" * 500], "0 characters"),
    ],
)
def test_what_does_not_do_is_told_in_words(tmp_path: Path, texts: list[str], words: str) -> None:
    dataset = write_dataset(tmp_path / "data", texts)
    with pytest.raises(GeneratorError, match=words):
        train(tmp_path / "job", dataset)


@pytest.mark.parametrize(
    "text",
    [HEBREW * 20, EMOJI * 30, "x y" * 20_000, "\r\n".join(["a b"] * 200), "ab\x00c" * 100],
    ids=["right to left", "emoji", "one line", "Windows", "NULs"],
)
def test_odd_texts_are_learnt(tmp_path: Path, text: str) -> None:
    events = train(tmp_path / "job", write_dataset(tmp_path / "data", [text]))
    model = open_model(last(events).path)
    assert not set("\x00\r") & set("".join(model.alphabet.symbols))
    assert not model.alphabet.unknown(cleaned(text))


def test_little_text_is_told_of(tmp_path: Path) -> None:
    assert "very few" in said(train(tmp_path / "job", write_dataset(tmp_path / "data", [PROSE])))


def test_pictures_are_refused(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path / "data", [PROSE])
    dataset.about["medium"] = "melody"
    with pytest.raises(GeneratorError, match="has no texts"):
        train(tmp_path / "job", dataset)


def test_a_text_takes_a_byte_a_symbol() -> None:
    for most, kind in ((256, torch.uint8), (257, torch.int16), (40_000, torch.int32)):
        growing = Growing(most, room=2)
        growing.add([1, 2, 3])
        growing.add([], ends=False)
        growing.add([4])
        cuts = growing.cuts()
        assert cuts.symbols.dtype is kind
        assert [each.tolist() for each in cuts] == [[1, 2, 3], [4]]
        assert cuts[-1].tolist() == [4]
        with pytest.raises(IndexError):
            cuts[2]


def test_line_ends_are_of_one_kind_and_what_cannot_be_seen_is_left_out() -> None:
    assert cleaned("a\r\nb\rc\x00\ud800\ufeffd\t\n") == "a\nb\ncd\t\n"
    assert alphabet_of(cleaned("a\r\nb")).symbols[3:] == ("\n", "a", "b")
