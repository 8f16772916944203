"""Texts with their answers, and how near made answers come to the right ones."""

from pathlib import Path

import pytest

from aigc_studio.api import Dataset, GeneratorError, Text
from aigc_studio.library import DatasetStore
from aigc_studio.testing import write_dataset
from aigc_studio.toolkit.sequences import chrf, read_pairs


def test_chrf_is_what_a_hand_works_out() -> None:
    # Runs of 1, 2 and 3: shared 2, 1, 0; made 2, 1, 0; right 3, 2, 1. Precision 2/3, recall 7/18.
    assert chrf([("ab", "abc")]) == pytest.approx(100 * 14 / 33)
    # The other way round the right one has no run of 3: precision (2/3 + 1/2) / 2, recall 1.
    assert chrf([("abc", "ab")]) == pytest.approx(100 * 5 * (7 / 12) / (4 * 7 / 12 + 1))


def test_chrf_counts_all_pairs_together_and_no_spaces() -> None:
    assert chrf([("a", "a"), ("b", "c")]) == pytest.approx(50)
    assert chrf([("狐 狸\n看书", "狐狸看书")]) == pytest.approx(100)
    assert chrf([("aa", "a")]) == pytest.approx(100 * 5 * 0.5 / (4 * 0.5 + 1))  # clipped


@pytest.mark.parametrize("pairs", [[], [("", "")], [("", "a")], [("a", "")], [("a", "b")]])
def test_chrf_of_nothing_in_common_is_zero(pairs: list[tuple[str, str]]) -> None:
    assert chrf(pairs) == 0


def dataset(folder: Path, texts: list[str], **more: object) -> Dataset:
    artifacts = [Text(text) for text in texts]
    return Dataset(write_dataset(folder / "data", artifacts, **more), None)  # type: ignore[arg-type]


def test_the_attribute_of_any_words_is_the_answer(tmp_path: Path) -> None:
    told = [{"length": n, "said": f"answer {n}"} for n in range(5)]
    data = dataset(tmp_path, [f" text {n} " for n in range(5)], attributes=told)
    assert read_pairs(data)[:2] == [("text 0", "answer 0"), ("text 1", "answer 1")]
    assert read_pairs(data, "length")[3] == ("text 3", "3")


def test_what_has_no_answer_is_left_out_and_labels_answer_as_well(tmp_path: Path) -> None:
    told = [{"said": "one"}, {}, {"said": " "}]
    assert read_pairs(dataset(tmp_path, ["a", "b", "c"], attributes=told)) == [("a", "one")]
    labelled = dataset(tmp_path, ["a", "b", "c"], labels=["x", "y", ""])
    assert read_pairs(labelled) == [("a", "x"), ("b", "y")]


def test_yes_and_no_are_words(tmp_path: Path) -> None:
    told = [{"right": True}, {"right": False}]
    assert read_pairs(dataset(tmp_path, ["a", "b"], attributes=told)) == [("a", "yes"), ("b", "no")]


def test_without_answers_a_sentence_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match="import a table of two columns") as alone:
        read_pairs(dataset(tmp_path, ["a", "b"]))
    assert alone.value.parameter == "dataset"
    told = [{"said": "x"}, {"said": "y"}]
    with pytest.raises(GeneratorError, match=r"called reply\. There are: said\.") as named:
        read_pairs(dataset(tmp_path, ["a", "b"], attributes=told), "reply")
    assert named.value.parameter == "column"


def test_a_table_of_two_columns_is_imported_as_pairs(tmp_path: Path) -> None:
    lines = [f"{n} small foxes run.,{n}只小狐狸跑。" for n in range(2, 60)]
    (tmp_path / "pairs.csv").write_text("\n".join(["sentence,translation", *lines]), "utf-8")
    store = DatasetStore(tmp_path / "datasets")
    for _step in store.import_files(tmp_path / "pairs.csv", "pairs", "text"):
        pass
    pairs = read_pairs(store.open("pairs", None))
    assert len(pairs) == 58
    assert ("7 small foxes run.", "7只小狐狸跑。") in pairs
