"""The pen of rnn_text: what it reads and writes is exact, and ends where it should."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from rnn_text.alphabet import Alphabet
from rnn_text.network.stepping import Floats
from rnn_text.writing.ends import Stop, ending, most_symbols
from rnn_text.writing.loops import LEAST, Guard
from rnn_text.writing.pen import REACH, Page, Pen, Style, write
from rnn_text.writing.prompts import notices, read
from rnn_text_chains import opened, write_chain, write_untrained

from aigc_studio.toolkit.sequences import WholeMatrix
from aigc_studio.translation import localized

ROUND: dict[str, dict[str, float]] = {"a": {"b": 1}, "b": {"c": 1}, "c": {"a": 1}, "\n": {"a": 1}}


def texts(
    pen: Pen, left: str = "", *, count: int = 1, seed: int = 0, most: int = 60, **style: float
) -> list[str]:
    *_, page = write(
        pen, numbers(pen, left), seed=seed, count=count, style=Style(**style),  # type: ignore[arg-type]
        end=ending("length", most), most=most + 32, ends_itself=False,
    )  # fmt: skip
    return [page.text(number) for number in range(count)]


def numbers(pen: Pen, text: str) -> np.ndarray:
    return np.array([pen.pieces.index(each) for each in text], np.int64)


@pytest.mark.parametrize("cell", ["gru", "lstm", "tanh"])
@pytest.mark.parametrize(("tied", "layers"), [(False, 1), (True, 2)])
def test_it_reads_as_the_network_does(tmp_path: Path, cell: str, tied: bool, layers: int) -> None:
    model = opened(write_untrained(tmp_path / "m", cell=cell, tied=tied, layers=layers))
    pen, left = Pen(model), model.alphabet.encode("abc, def. gh")
    outputs, _state = pen.read(left)
    whole = np.concatenate([model.opening, left])
    truth, _after = model.writer.read(torch.from_numpy(whole)[None])
    found, expected = pen.steps.logits(outputs)[0], truth[0, -1].numpy()
    assert np.abs(found - expected).max() < 0.06 * expected.std()


@pytest.mark.parametrize("cell", ["gru", "lstm", "tanh"])
def test_a_text_is_the_same_however_many_are_written_beside_it(tmp_path: Path, cell: str) -> None:
    pen = Pen(opened(write_untrained(tmp_path / "m", cell=cell)))
    many = texts(pen, "abc", count=16, seed=3, temperature=1.2)
    assert len(set(many)) > 10
    for number in (0, 5, 15):
        assert texts(pen, "abc", seed=3 + number, temperature=1.2) == [many[number]]


def test_what_was_read_before_changes_nothing(tmp_path: Path) -> None:
    model = opened(write_untrained(tmp_path / "m"))
    left = "abc de. " * 60
    fresh = texts(Pen(model), left)
    pen = Pen(model)
    for stop in range(0, len(left), 37):
        texts(pen, left[:stop], most=3)
    assert texts(pen, left) == fresh


def test_a_left_side_longer_than_ever_seen_counts_by_its_end(tmp_path: Path) -> None:
    pen = Pen(opened(write_untrained(tmp_path / "m")))
    end = "abcdefgh" * (REACH // 8)
    assert texts(pen, "a" * 4096 + end) == texts(pen, "b" * 4096 + end)


def test_products_of_whole_numbers_do_not_depend_on_the_rows() -> None:
    rng = np.random.default_rng(0)
    weight = rng.standard_normal((300, 448)).astype(np.float32)
    rows = rng.standard_normal((33, 448)).astype(np.float32) * 3
    for bounded, given in ((True, np.tanh(rows)), (False, rows)):
        product = WholeMatrix(weight, bounded=bounded)
        whole = product(given)
        assert all((product(given[n : n + 1]) == whole[n]).all() for n in range(33))
        assert np.abs(whole - given @ weight.T).max() < 0.03 * whole.std()


def test_a_steered_text_writes_what_it_is_told(tmp_path: Path) -> None:
    pen = Pen(opened(write_untrained(tmp_path / "m")))
    wanted = numbers(pen, "cafe")

    def steer(page: Page, logits: Floats) -> None:
        if page.place < len(wanted):
            logits[:, np.arange(logits.shape[1]) != wanted[page.place]] = -np.inf

    def bend(page: Page, outputs: Floats) -> None:
        outputs[:] = 0
        seen.append(page.outputs is outputs)

    seen: list[bool] = []
    *_, page = write(
        pen, wanted[:0], seed=0, count=3, style=Style(), end=ending("length", 20), most=52,
        steer=steer, bend=bend,
    )  # fmt: skip
    assert {page.text(number)[:4] for number in range(3)} == {"cafe"}
    assert all(seen)


def test_marks_and_the_unknown_are_never_written(tmp_path: Path) -> None:
    pen = Pen(opened(write_untrained(tmp_path / "m")))
    *_, page = write(
        pen, numbers(pen, "a"), seed=0, count=8, style=Style(temperature=2), most=200,
        end=ending("length", 150), ends_itself=False,
    )  # fmt: skip
    assert (page.written[:, :150] >= 3).all()


def ended(text: str, stop: Stop, length: int = 500) -> str:
    """What is left of a text that is written a character at a time."""
    end, pieces = ending(stop, length), list[str]()
    for each in text:
        pieces.append(each)
        if (drop := end(pieces)) is not None:
            return "".join(pieces[: len(pieces) - drop])
    return "".join(pieces) + "|"


@pytest.mark.parametrize(
    ("text", "stop", "expected"),
    [
        ("one two\nthree", "line", "one two"),
        ("\n\none two\nthree", "line", "\n\none two"),
        ("He went. Then he", "sentence", "He went."),
        ("At 3.5 he went. Then", "sentence", "At 3.5 he went."),
        ("J. Smith went away! So", "sentence", "J. Smith went away!"),
        ("“Go!” he said. And", "sentence", "“Go!” he said."),
        ("“Go!” She went", "sentence", "“Go!”"),
        (". And he went? No", "sentence", ". And he went?"),
        ("他走了。然后", "sentence", "他走了。"),
        ("他说：“走吧。”然后", "sentence", "他说：“走吧。”"),
        ("Go.\nThen", "sentence", "Go."),
        ("one\ntwo\n\nthree", "paragraph", "one\ntwo"),
        ("one\n \nthree", "paragraph", "one"),
        ("第一段。\n第二段", "paragraph", "第一段。"),
    ],
)  # fmt: skip
def test_a_text_ends_where_it_should(text: str, stop: Stop, expected: str) -> None:
    assert ended(text, stop) == expected


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("He went. Then he came. So", 12, "He went. Then he came."),
        ("He went. Then he came. So", 9, "He went."),  # it was over just before
        ("他走了。然后他来了。于是", 6, "他走了。然后他来了。"),
        ("one two three four", 4, "one two"),  # no longer than twice as long
        ("one two\nthree four five", 5, "one two"),  # what has no sentences ends with a line
        (f"{'a b ' * 60}end. So", 100, f"{'a b ' * 50}".rstrip()),
        (f"{'a b ' * 20}end. So", 50, f"{'a b ' * 20}end."),
    ],
)
def test_at_the_length_the_sentence_is_finished(text: str, length: int, expected: str) -> None:
    found = ended(text, "finished", length)
    assert found.rstrip() == expected
    assert len(text) < length or len(found) <= most_symbols("finished", length)


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("one two three", 5, "one two"),
        ("one two three", 3, "one"),
        ("one two three", 4, "one "),
        ("x" * 100, 5, "x" * 30),
        ("春眠不觉晓处处", 3, "春眠不"),
        ("it's so", 2, "it's"),
    ],
)
def test_at_the_length_the_word_is_finished(text: str, length: int, expected: str) -> None:
    assert ended(text, "length", length) == expected


def struck(text: str) -> int:
    """How often the guard strikes along a text, as it stands."""
    guard = Guard(1, np.array([not chr(n).isalnum() for n in range(0x300)]))
    count = 0
    for each in text:
        logits = np.zeros((1, 0x300), np.float32)
        guard.forbid(logits)
        count += bool(np.isinf(logits[0, ord(each)]))
        guard.add(np.array([ord(each)]))
    return count


def test_the_guard_leaves_refrains_and_laughter() -> None:
    stanza = "And the rain it raineth every day, hey ho the wind and the rain.\n"
    song = "".join(f"When that I was number {n} indeed,\n{stanza}" for n in range(6))
    assert struck(song) == 0
    assert struck("Ha, ha, ha, ha, ha, ha!\nNo, no, no, no, no!\n") == 0
    assert struck(stanza * 2) == 0


def test_the_guard_ends_a_loop(tmp_path: Path) -> None:
    assert struck("I say that I say " * 12) > 0
    assert struck("a" * (3 * LEAST)) > 0
    chain: dict[str, dict[str, float]] = {**ROUND, "c": {"a": 1, "x": 1e-6}, "x": {"a": 1}}
    pen = Pen(opened(write_chain(tmp_path / "m", chain)))
    looping = texts(pen, most=300, guard=False)[0]
    assert "x" not in looping
    assert looping == ("abc" * 200)[: len(looping)]
    assert "x" in texts(pen, most=300)[0]


def test_unknown_characters_are_mapped_or_left_out_with_one_sentence(tmp_path: Path) -> None:
    alphabet = opened(write_untrained(tmp_path / "m", "\n abcdefghe'-\"")).alphabet
    found = read("Ｂé—“☃\U0001f600a\u00a0b", alphabet)
    assert found.text == 'be--"a b'
    assert set(found.left_out) == {"☃", "\U0001f600"}
    (message,) = notices([found, read("☃", alphabet)])
    assert "é → e" in localized(message.text, "en")
    assert "☃" in localized(message.text, "zh_CN")
    assert not list(notices([read("abc\n", alphabet)]))
    couplets = read("春江潮水，\n海上明月。", Alphabet("春江潮水海上明月，。"))
    assert couplets.left_out == {"\n": 1}
    assert not list(notices([couplets]))


def test_traditional_characters_are_read_as_simplified_ones(tmp_path: Path) -> None:
    alphabet = opened(write_untrained(tmp_path / "m", "\n国门")).alphabet
    assert read("國門", alphabet).text == "国门"


def test_no_character_is_cut(tmp_path: Path) -> None:
    family = "👨‍👩‍👧"
    accent = "e\u0301"
    chain = {"\n": {"a": 1}, "a": {accent: 1}, accent: {family: 1}, family: {"a": 1}}
    pen = Pen(opened(write_chain(tmp_path / "m", chain)))
    whole = ("a" + accent + family) * 30
    for page in write(
        pen, numbers(pen, ""), seed=0, count=1, style=Style(), end=ending("length", 40), most=72
    ):
        assert whole.startswith(page.text(0))
        assert page.text(0).endswith(("a", accent, family))


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
