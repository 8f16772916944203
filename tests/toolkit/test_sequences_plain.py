"""The tools for sequences that need no torch, against values worked out by hand and properties."""

import math
import random
import subprocess
import sys
from collections.abc import Generator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from aigc_studio.api import Dataset, Melody, Note, Progress, Text
from aigc_studio.testing import write_dataset
from aigc_studio.toolkit.sequences import (
    UNKNOWN,
    Chances,
    Copy,
    Vocabulary,
    bits,
    copies,
    copying,
    distinct,
    durations,
    find_copies,
    intervals,
    longest_copy,
    mover_distance,
    nats,
    perplexity,
    pitch_classes,
    probabilities,
    sample,
    self_bleu,
    stretches,
    total_variation,
)


def test_nothing_of_it_imports_torch() -> None:
    code = (
        "import sys; from aigc_studio.toolkit import sequences as s; "
        "[getattr(s, n) for n in s.__all__ "
        "if n not in ('Stream', 'Excerpts', 'Window', 'IGNORED', 'Carried', 'nats_along', "
        "'swift_gru', 'frozen_but', 'gathered', "
        "'WholeMatrix', 'GruCell', 'LstmCell', 'PlainCell')]; "
        "import numpy as np; s.sample(np.zeros((1, 3)), s.Chances(1).next()); "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Vocabulary


def test_a_vocabulary_numbers_what_is_frequent_first() -> None:
    known = Vocabulary.of(["abba", "cab"], marks=["<begin>"])
    assert known.symbols == (UNKNOWN, "<begin>", "a", "b", "c")
    assert known.encode("cabx").tolist() == [4, 2, 3, 0]
    assert "".join(known.decode([4, 2, 3, 0])) == "cab" + UNKNOWN
    assert known["<begin>"] == 1
    assert known["x"] == 0
    assert "x" not in known
    assert UNKNOWN not in known
    assert len(known) == 5


def test_what_is_rare_or_too_much_stays_unknown_and_is_counted() -> None:
    assert Vocabulary.of(["aabbbc"], least=2).symbols == (UNKNOWN, "b", "a")
    known = Vocabulary.of(["aabbbc"], most=1, marks=["|"])
    assert known.symbols == (UNKNOWN, "|", "b")
    assert known.unknown("abc🎵🎵") == {"a": 1, "c": 1, "🎵": 2}
    assert Vocabulary([]).unknown("") == {}


def test_words_are_symbols_as_well() -> None:
    known = Vocabulary.of([["to", "be"], ["to", "do"]])
    assert known.encode(["do", "to", "see"]).tolist() == [3, 1, 0]
    assert known.decode([1, 2]) == ["to", "be"]


def test_the_quick_way_of_characters_is_the_same_as_the_slow_one() -> None:
    text = "Wörter, 長い文 🎵\u0301\n\ud800 end"
    quick = Vocabulary.of([text[:12]])
    slow = Vocabulary([*quick.symbols[1:], "<end>"])
    assert quick.encode(text).tolist() == slow.encode(text).tolist()
    assert quick.encode("").tolist() == []


def test_a_vocabulary_comes_back_from_json() -> None:
    known = Vocabulary.of(["水調歌頭"], marks=["<b>"])
    assert Vocabulary.from_json(known.to_json()) == known
    assert hash(Vocabulary.from_json(known.to_json())) == hash(known)
    for bad in (None, {"a": 1}, ["a", 1], ["a", "a"], [""], [UNKNOWN], "ab"):
        with pytest.raises(ValueError, match="vocabulary"):
            Vocabulary.from_json(bad)
    with pytest.raises(IndexError):
        known.decode([-1])


# Sampling

LOGITS = np.log(np.array([[0.1, 0.4, 0.3, 0.2]]))


def test_probabilities_follow_temperature_top_k_and_top_p() -> None:
    def told(**given: float) -> list[float]:
        found = probabilities(LOGITS, **given)[0]  # type: ignore[arg-type]
        return [round(float(each), 6) for each in found]

    assert told() == [0.1, 0.4, 0.3, 0.2]
    squares = np.array([0.01, 0.16, 0.09, 0.04]) / 0.3
    assert told(temperature=0.5) == squares.round(6).tolist()
    assert told(temperature=0) == [0, 1, 0, 0]
    assert told(top_k=2) == [0, round(4 / 7, 6), round(3 / 7, 6), 0]
    assert told(top_k=9) == told()
    assert told(top_p=0.4) == [0, 1, 0, 0]
    assert told(top_p=0.41) == [0, round(4 / 7, 6), round(3 / 7, 6), 0]
    assert told(top_p=0.9) == [0, round(4 / 9, 6), round(3 / 9, 6), round(2 / 9, 6)]
    # Of the three that top-k leaves (4, 3 and 2 ninths) two make three quarters.
    assert told(top_k=3, top_p=0.75) == [0, round(4 / 7, 6), round(3 / 7, 6), 0]


def test_equal_ones_are_left_in_their_order_and_banned_ones_never() -> None:
    equal = np.zeros(5)
    assert probabilities(equal, top_k=2).tolist() == [0.5, 0.5, 0, 0, 0]
    assert probabilities(equal, top_p=0.4).tolist() == [0.5, 0.5, 0, 0, 0]
    assert probabilities(equal, temperature=0).tolist() == [1, 0, 0, 0, 0]
    banned = np.array([[-np.inf, 0.0, -np.inf]])
    assert sample(banned, np.array([0.0])).tolist() == [1]
    assert sample(banned, np.array([0.999999999])).tolist() == [1]


def test_top_p_is_the_same_as_putting_all_in_order() -> None:
    rng = np.random.default_rng(0)
    for row in rng.normal(0, 3, (200, 30)):
        p = float(rng.uniform(0.05, 0.999))
        whole = probabilities(row)
        ranked = np.argsort(-whole, kind="stable")
        kept = ranked[: int(np.searchsorted(whole[ranked].cumsum(), p)) + 1]
        assert set(np.flatnonzero(probabilities(row, top_p=p))) == set(kept)


@pytest.mark.parametrize(
    ("logits", "given"),
    [
        ([0.0, 1.0], {"temperature": -1.0}),
        ([0.0, 1.0], {"top_k": -1}),
        ([0.0, 1.0], {"top_p": 0.0}),
        ([0.0, 1.0], {"top_p": 1.5}),
        ([0.0, math.nan], {}),
        ([0.0, math.inf], {}),
        ([-math.inf, -math.inf], {}),
    ],
)
def test_what_cannot_be_drawn_from_is_said(logits: list[float], given: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"sampling needs|logits must"):
        probabilities(np.array(logits), **given)  # type: ignore[arg-type]


def test_draws_are_as_frequent_as_they_are_likely() -> None:
    chances = Chances(3)
    drawn = [int(sample(LOGITS, chances.next())[0]) for _n in range(4000)]
    shares = np.bincount(drawn, minlength=4) / 4000
    assert np.abs(shares - [0.1, 0.4, 0.3, 0.2]).max() < 0.025


def test_a_candidate_does_not_depend_on_the_others() -> None:
    two, five, third = Chances(7, 2), Chances(7, 5), Chances(9, 1)
    for _step in range(600):
        of_two, of_five = two.next(), five.next()
        assert of_five[:2].tolist() == of_two.tolist()
        assert of_five[2] == third.next()[0]
        assert ((of_five >= 0) & (of_five < 1)).all()


# Likelihood


def test_nats_bits_and_perplexity() -> None:
    found = nats(np.repeat(LOGITS, 2, 0), np.array([1, 3]))
    assert found == pytest.approx([-math.log(0.4), -math.log(0.2)])
    assert nats(np.array([1000.0, 0.0]), np.array(1)) == pytest.approx(1000)
    assert bits(math.log(2)) == 1
    assert perplexity(math.log(8)) == pytest.approx(8)


# Copies


def test_the_longest_copy_is_found_with_its_place() -> None:
    sources = ["the cat sat", "on the mat", ""]
    assert longest_copy("a cat sat on", sources) == Copy(1, 9, 0, 3)
    assert longest_copy("xyz", sources) is None
    assert longest_copy("", sources) is None
    assert longest_copy("abc", []) is None
    assert len(Copy(1, 9, 0, 3)) == 8


def test_all_runs_that_cannot_be_made_longer_are_told() -> None:
    assert copies("abcXbcdeYab", ["abcde"], 2) == [
        Copy(0, 3, 0, 0),
        Copy(4, 8, 0, 1),
        Copy(9, 11, 0, 0),
    ]
    # Two that overlap: neither is a part of the other.
    assert copies("abcd", ["abc", "bcd"], 2) == [Copy(0, 3, 0, 0), Copy(1, 4, 1, 0)]
    assert copies([1, 2, 3], iter([[2, 3]]), 1) == [Copy(1, 3, 0, 0)]


def test_copies_are_those_that_a_plain_search_finds() -> None:
    rng = random.Random(5)
    for _round in range(150):
        sequence = "".join(rng.choices("ab" + "c" * (_round % 2), k=rng.randint(0, 30)))
        sources = ["".join(rng.choices("abc", k=rng.randint(0, 40))) for _n in range(3)]
        found = copies(sequence, iter(sources), 1)
        assert [(each.start, each.stop) for each in found] == _plain(sequence, sources)
        for each in found:
            there = sources[each.source][each.place : each.place + len(each)]
            assert there == sequence[each.start : each.stop]


def test_copies_are_the_same_in_pieces_however_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "BLOCK", 7)
    rng = random.Random(6)
    for _round in range(60):
        sequence = "".join(rng.choices("ab" + "c" * (_round % 2), k=rng.randint(0, 60)))
        sources = ["".join(rng.choices("abc", k=rng.randint(0, 40))) for _n in range(3)]
        sources.insert(rng.randint(0, 3), sequence[rng.randint(0, 9) : rng.randint(20, 60)])
        for least in (1, 3, 9):
            found = copies(sequence, iter(sources), least)
            whole = [each for each in _plain(sequence, sources) if each[1] - each[0] >= least]
            assert [(each.start, each.stop) for each in found] == whole
            for each in found:
                there = sources[each.source][each.place : each.place + len(each)]
                assert there == sequence[each.start : each.stop]


def test_copies_of_characters_beyond_the_plane_and_of_lone_surrogates() -> None:
    text = "a\ud800🎻琴🎻琴b"
    assert copies(text, ["x🎻琴🎻琴", "a\ud800🎻"], 2) == [Copy(0, 3, 1, 0), Copy(2, 6, 0, 1)]
    assert copies("ab", [["a", "b"]], 2) == [Copy(0, 2, 0, 0)]
    with pytest.raises(ValueError, match="not 0"):
        copies("ab", ["ab"], 0)


def test_copies_are_found_in_a_dataset_piece_by_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "_PIECE", 5)  # cuts characters of three and four bytes
    texts = ["床前明月光，疑是地上霜。", "🎻🎻 the cat sat", "", "疑是地上霜"]
    data = Dataset(write_dataset(tmp_path / "data", [Text(each) for each in texts]))
    events, found = _all_of(find_copies("月光，疑是地上霜。the cat", data, 4))
    assert found == [Copy(0, 9, 0, 3), Copy(9, 16, 1, 3)]
    assert events[-1].step == events[-1].total == sum(len(each.encode()) for each in texts)
    assert len(events) > 5


def test_a_run_goes_on_in_the_passage_that_continues_the_text(tmp_path: Path) -> None:
    folder = write_dataset(
        tmp_path / "data", [Text(each) for each in ("one two", " three", "four")]
    )
    data = Dataset(folder)
    for number, row in enumerate(data.rows):
        row.update(passage=number, source="a.txt" if number < 2 else "b.txt")
    _events, found = _all_of(find_copies("two three four", data, 4))
    assert found == [Copy(0, 9, 0, 4), Copy(10, 14, 2, 0)]


def _all_of(
    work: Generator[Progress, None, list[Copy]],
) -> tuple[list[Progress], list[Copy]]:
    """What is yielded, and what is returned."""
    events = []
    while True:
        try:
            events.append(next(work))
        except StopIteration as end:
            return events, end.value


def _plain(sequence: str, sources: list[str]) -> list[tuple[int, int]]:
    count = len(sequence)
    runs = [
        (start, stop)
        for start in range(count)
        for stop in range(start + 1, count + 1)
        if any(sequence[start:stop] in source for source in sources)
    ]
    return [
        (start, stop)
        for start, stop in runs
        if (start - 1, stop) not in runs and (start, stop + 1) not in runs
    ]


# Variety


def test_distinct_and_self_bleu() -> None:
    assert distinct(["abab"], 2) == pytest.approx(2 / 3)
    assert distinct(["ab", "ab"], 1) == 0.5
    assert distinct(["a"], 2) == 0
    assert self_bleu(["abcdef", "abcdef", "abcdef"]) == pytest.approx(1)
    assert self_bleu(["abcdefgh"]) == 0
    assert self_bleu(["", ""]) == 0
    # "ab" to "ac": a half of its characters, none (counted as half) of its one pair.
    assert self_bleu(["ab", "ac"], 2) == pytest.approx(0.5)
    # Each has 4 of 4 characters, 3 of 3, 2 of 2 and 1 of 1; the shorter pays for its length.
    assert self_bleu(["abcd", "abcde"]) == pytest.approx(
        (math.exp(1 - 5 / 4) + (4 / 5 * 3 / 4 * 2 / 3 * 1 / 2) ** 0.25) / 2
    )


def test_a_count_that_the_others_have_not_is_clipped() -> None:
    # "aaab" has three a, of which the other has one.
    assert self_bleu(["aaab", "abcd"], 1) == pytest.approx((2 / 4 + 2 / 4) / 2)
    assert self_bleu(["aa", "aa", "bb"], 1) == pytest.approx((1 + 1 + 0.25) / 3)


# Tunes

TUNE = Melody((Note(0, 480, 60), Note(480, 240, 64), Note(720, 240, 60), Note(960, 960, 72)))


def test_histograms_of_a_tune() -> None:
    assert pitch_classes([TUNE]) == {0: 0.75, 4: 0.25}
    assert pitch_classes([TUNE], by_duration=True) == {0: 0.875, 4: 0.125}
    third = 1 / 3
    assert intervals([TUNE]) == pytest.approx({-4: third, 4: third, 12: third})
    assert intervals([TUNE], most=5) == pytest.approx({-4: third, 4: third, 5: third})
    assert durations([TUNE]) == {Fraction(1, 2): 0.5, Fraction(1): 0.25, Fraction(2): 0.25}


def test_histograms_do_not_depend_on_the_ticks_and_may_be_empty() -> None:
    fine = Melody((Note(0, 32, 60), Note(96, 64, 65)), 96)
    assert durations([fine]) == {Fraction(1, 3): 0.5, Fraction(2, 3): 0.5}
    assert pitch_classes([fine, TUNE])[5] == pytest.approx(1 / 6)
    for count in (pitch_classes, intervals, durations):
        assert count([]) == {}
        assert count([Melody()]) == {}


def test_of_a_chord_the_highest_note_leads() -> None:
    chords = Melody((Note(0, 4, 60), Note(0, 4, 67), Note(4, 4, 72), Note(4, 4, 48)))
    assert intervals([chords]) == {5: 1.0}


def test_distances_of_histograms() -> None:
    one, two = {0: 0.5, 2: 0.5}, {0: 0.5, 4: 0.5}
    assert total_variation(one, two) == 0.5
    assert total_variation(one, one) == 0
    assert total_variation({1: 1.0}, {2: 1.0}) == 1
    assert mover_distance(one, two) == 1
    assert mover_distance({-3: 1.0}, {4: 1.0}) == 7
    assert mover_distance({Fraction(1, 2): 1.0}, {Fraction(3, 4): 1.0}) == 0.25
    with pytest.raises(ValueError, match="empty"):
        mover_distance(one, {})
