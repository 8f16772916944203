"""Datasets that grow: what is there stays as it is, what joins is new, and all of it is whole."""

import os
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from disk import Room
from PIL import Image as Pillow

from aigc_studio.api import Dataset, Image, Melody, Note, StudioError, Text
from aigc_studio.api.dataset import CONTENT
from aigc_studio.library import DatasetInfo, DatasetStore, ImportOptions, locks
from aigc_studio.library.additions import JOINING, Added, joined_rights, split_joining
from aigc_studio.library.checks import preflight
from aigc_studio.library.drafts import Draft
from aigc_studio.library.steps import finished


@pytest.fixture
def store() -> DatasetStore:
    return DatasetStore()


@pytest.fixture
def hand(store: DatasetStore, pictures: Path) -> DatasetInfo:
    list(store.import_files(pictures, "hand", "image", ImportOptions(mode="grey"), licence="CC0"))
    return store.info("hand")


def picture(path: Path, seed: int, mode: str = "L", size: tuple[int, int] = (12, 10)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    depth = {"L": (), "RGB": (3,), "RGBA": (4,)}[mode]
    shape = (size[1], size[0], *depth)
    Pillow.fromarray(np.random.default_rng(seed).integers(0, 255, shape, np.uint8)).save(path)
    return path


def add(store: DatasetStore, name: str, path: Any, **told: Any) -> Added:
    return finished(store.add_files(name, path, **told))


def refusal(store: DatasetStore, name: str, paths: list[Path]) -> str:
    """Why files could not join; empty when they did."""
    try:
        add(store, name, paths)
    except StudioError as error:
        return str(error)
    return ""


def rows(info: DatasetInfo) -> list[dict[str, Any]]:
    return Dataset(info.folder, None).rows


def leftovers(store: DatasetStore) -> list[str]:
    return [each.name for each in store.folder.iterdir() if each.name.startswith(".")]


def test_files_join_and_what_is_there_stays_as_it_was(
    store: DatasetStore, hand: DatasetInfo, tmp_path: Path
) -> None:
    before, content = rows(hand), (hand.folder / CONTENT).read_bytes()
    more = tmp_path / "more"
    for number in range(20):
        picture(more / "c" / f"{number}.png", 100 + number)
    assert add(store, "hand", more) == Added("hand", 20, 0)
    info = store.info("hand")
    assert (info.examples, info.labels) == (32, {"a": 6, "b": 6, "c": 20})
    assert rows(info)[:12] == before
    assert (info.folder / CONTENT).read_bytes()[: len(content)] == content
    assert info.fingerprint != hand.fingerprint
    assert 1 <= info.test - hand.test < 20
    assert info.test_share == 0.1
    assert leftovers(store) == []
    assert isinstance(store.open("hand")[0].artifact, Image)


def test_whoever_reads_it_meanwhile_reads_what_it_was(
    store: DatasetStore, hand: DatasetInfo, tmp_path: Path
) -> None:
    """A training's workers open the data again and again: the places of what was there stay."""
    began = store.open("hand", None)
    pictures = [each.artifact for each in began]
    again = Dataset(hand.folder, None)
    add(store, "hand", picture(tmp_path / "new.png", 1000))
    assert [each.artifact for each in began] == pictures
    assert [again[number].artifact for number in range(12)] == pictures


def test_a_row_never_changes_its_part_and_new_ones_are_split_as_an_import_splits(
    store: DatasetStore, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for number in range(120):
        picture((first if number % 2 else second) / f"{number}.png", number)
    list(store.import_files(first, "grown", "image"))
    store.split_by("grown", test_share=0.5)
    before = {row["sha256"]: row["split"] for row in rows(store.info("grown"))}
    add(store, "grown", second)
    after = {row["sha256"]: row["split"] for row in rows(store.info("grown"))}
    assert {each: after[each] for each in before} == before
    new = [after[each] for each in after.keys() - before]
    assert len(new) == 60
    assert 20 <= new.count("test") <= 40  # half of them, as was asked for


def test_a_group_that_is_held_out_stays_held_out(store: DatasetStore, tmp_path: Path) -> None:
    for person in range(8):
        picture(tmp_path / "faces" / f"s{person}" / "1.png", person)
    list(store.import_files(tmp_path / "faces", "faces", "image", ImportOptions(folders="group")))
    store.split_by("faces", test_groups=["s3"])
    for person in (3, 4, 9):
        for number in range(12):
            picture(tmp_path / "more" / f"s{person}" / f"{number}.png", 50 * person + number)
    add(store, "faces", tmp_path / "more")
    parts = {row["group"]: row["split"] for row in rows(store.info("faces"))}
    assert [each for each, part in parts.items() if part == "test"] == ["s3"]
    assert store.info("faces").test == 13
    assert parts["s9"] == "train"  # the data says itself what is held out


def test_what_is_held_out_by_its_own_word_is_not_learnt_with_a_group_in_both_parts() -> None:
    def row(number: int, part: str = "", group: str = "writer") -> dict[str, Any]:
        return {"sha256": f"{number:064}", "group": group} | ({"split": part} if part else {})

    rows = [row(0, "test"), row(1, "train"), row(2, "test", "other")]
    new = [row(3, "test"), row(4, "train"), row(5), row(6, "train", "other")]
    split_joining(rows, new, None)
    assert [each["split"] for each in new] == ["test", "train", "train", "test"]


def test_folders_of_parts_say_what_is_held_out_of_what_joins(
    store: DatasetStore, hand: DatasetInfo, tmp_path: Path
) -> None:
    for number in range(6):
        picture(
            tmp_path / "set" / ("test" if number < 2 else "train") / f"{number}.png", 70 + number
        )
    add(store, "hand", tmp_path / "set")
    assert [row["split"] for row in rows(store.info("hand"))[12:]] == ["test"] * 2 + ["train"] * 4


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_pictures_that_look_the_same_are_passed_over_and_told(
    store: DatasetStore, hand: DatasetInfo, pictures: Path, tmp_path: Path, mode: str
) -> None:
    more = tmp_path / "more"
    more.mkdir()
    with Pillow.open(pictures / "a" / "1.png") as old:
        old.convert(mode).save(more / "copy.png")
    picture(more / "new.png", 500)
    known = store.known("hand")
    found = preflight(more, "image", ImportOptions(), known=known)
    assert [(row.name, row.used) for row in found.rows] == [("copy.png", False), ("new.png", True)]
    assert found.rows[0].reason == "It is in “hand” already, as a/1.png."
    assert "1 example is in “hand” already and is passed over." in found.remarks
    assert add(store, "hand", more) == Added("hand", 1, 1)


def test_what_is_all_there_is_refused_and_nothing_changes(
    store: DatasetStore, hand: DatasetInfo, pictures: Path
) -> None:
    with pytest.raises(StudioError, match="nothing in it that could join “hand”"):
        add(store, "hand", pictures)
    found = preflight(pictures, "image", known=store.known("hand"))
    assert found.problem.startswith("None of the 12 files in 图 1 can be used: It is in “hand”")
    assert store.info("hand") == hand
    assert leftovers(store) == []


def test_another_label_is_told_and_does_not_change_what_is_there(
    store: DatasetStore, hand: DatasetInfo, pictures: Path, tmp_path: Path
) -> None:
    more = tmp_path / "more"
    (more / "b").mkdir(parents=True)
    shutil.copy(pictures / "a" / "1.png", more / "b" / "one.png")
    picture(more / "b" / "new.png", 500)
    found = preflight(more, "image", known=store.known("hand"))
    assert "with the label a instead of b" in found.skipped[0].reason
    assert any("a/1.png (a), b/one.png (b)" in each for each in found.remarks)
    add(store, "hand", more)
    assert store.info("hand").labels == {"a": 6, "b": 7}


def test_what_was_left_out_of_use_does_not_come_back(
    store: DatasetStore, hand: DatasetInfo, pictures: Path, tmp_path: Path
) -> None:
    store.exclude("hand", [0])
    source = store.browse("hand").info(0).source
    found = preflight(pictures / source, "image", known=store.known("hand"))
    assert "left out of use" in found.skipped[0].reason
    picture(tmp_path / "new.png", 5000)
    add(store, "hand", [pictures / source, tmp_path / "new.png"])
    assert (store.info("hand").examples, store.info("hand").excluded) == (12, 1)


def test_it_joins_by_the_options_of_the_import_but_for_what_was_of_its_files_alone(
    store: DatasetStore, tmp_path: Path
) -> None:
    for number in range(4):
        picture(tmp_path / "one" / f"{number}.png", number, "RGB", (40, 30))
    options = ImportOptions(size=8, mode="grey", fit="crop", folders="none", left_out=("3.png",))
    list(store.import_files(tmp_path / "one", "one", "image", options))
    for number in range(4):
        picture(tmp_path / "two" / "x" / f"{number}.png", 10 + number, "RGB", (50, 20))
    shutil.copy(tmp_path / "two" / "x" / "3.png", tmp_path / "two" / "3.png")
    add(store, "one", tmp_path / "two" / "3.png")  # another file of a name that was left out
    add(store, "one", tmp_path / "two" / "x")
    info = store.info("one")
    assert (info.shapes, info.labels, info.examples) == ({"8×8": 7}, {}, 7)


def test_pictures_become_like_those_that_are_there(store: DatasetStore, tmp_path: Path) -> None:
    for number in range(3):
        picture(tmp_path / "one" / f"{number}.png", number, "L", (16, 16))
    list(store.import_files(tmp_path / "one", "one", "image"))
    add(store, "one", picture(tmp_path / "large.png", 77, "RGB", (90, 60)))
    assert store.info("one").shapes == {"16×16": 4}
    picture(tmp_path / "two" / "0.png", 1, "RGB", (16, 16))
    picture(tmp_path / "two" / "1.png", 1, "L", (20, 16))
    list(store.import_files(tmp_path / "two", "two", "image"))
    add(store, "two", picture(tmp_path / "larger.png", 78, "L", (9, 6)))
    assert store.info("two").shapes == {"16×16×3": 1, "16×20": 1, "6×9": 1}


def test_a_text_that_grew_gives_what_is_new_and_other_texts_keep_their_common_lines(
    store: DatasetStore, tmp_path: Path
) -> None:
    diary = tmp_path / "diary.txt"
    lines = [f"On day {number} it rained a little." for number in range(30)]
    diary.write_text("\n".join(lines))
    list(store.import_files(diary, "diary", "text", ImportOptions(split_text="lines")))
    diary.write_text("\n".join([*lines, "The sun came out.", "It was warm."]))
    assert add(store, "diary", diary) == Added("diary", 2, 30)
    (tmp_path / "other.txt").write_text("It was warm.\nNobody knew why.")
    assert add(store, "diary", tmp_path / "other.txt") == Added("diary", 2, 0)
    shutil.copy(diary, tmp_path / "renamed.txt")
    with pytest.raises(StudioError, match="nothing in it"):
        add(store, "diary", tmp_path / "renamed.txt")


def test_passages_of_a_long_text_join_once_and_its_end_is_held_out(
    store: DatasetStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aigc_studio.library import long_sources

    monkeypatch.setattr(long_sources, "LONG_BYTES", 10_000)
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    first.write_text(" ".join(f"The {number}th word of the first book." for number in range(900)))
    second.write_text(" ".join(f"A {number}th word in another book." for number in range(900)))
    options = ImportOptions(split_text="passages")
    list(store.import_files(first, "books", "text", options))
    before = rows(store.info("books"))
    added = add(store, "books", second)
    after = rows(store.info("books"))
    assert after[: len(before)] == before
    assert added.known == 0
    parts = [row["split"] for row in after[len(before) :]]
    assert parts == sorted(parts, reverse=True)
    assert set(parts) == {"train", "test"}
    with pytest.raises(StudioError, match="nothing in it"):
        add(store, "books", first)
    found = preflight(first, "text", options, known=store.known("books"))
    assert "in “books” already" in found.skipped[0].reason


def test_tunes_and_tables_join(store: DatasetStore, tmp_path: Path) -> None:
    from aigc_studio.project.midi import encode

    for number in range(5):
        tune = Melody(notes=tuple(Note(480 * n, 480, 60 + number + n) for n in range(8)))
        (tmp_path / f"{number}.mid").write_bytes(encode(tune))
    list(store.import_files([tmp_path / f"{n}.mid" for n in range(3)], "tunes", "melody"))
    assert add(store, "tunes", [tmp_path / f"{n}.mid" for n in range(5)]) == Added("tunes", 2, 3)
    table = tmp_path / "tweets.csv"
    table.write_text("text,label\n" + "\n".join(f"Tweet {n},{'ab'[n % 2]}" for n in range(30)))
    list(store.import_files(table, "tweets", "text"))
    table.write_text(table.read_text() + "\nTweet 30,c")
    assert add(store, "tweets", table) == Added("tweets", 1, 30)
    assert store.info("tweets").labels == {"a": 15, "b": 15, "c": 1}


def test_attributes_join_and_a_column_of_labels_is_asked_for_only_of_tables(
    store: DatasetStore, tmp_path: Path
) -> None:
    for number in range(6):
        picture(tmp_path / "one" / f"{number}.png", number)
    told = "file,mood,age\n" + "\n".join(f"{n}.png,{'ab'[n % 2]},{n}" for n in range(6))
    (tmp_path / "one" / "about.csv").write_text(told)
    options = ImportOptions(label_column="mood")
    list(store.import_files(tmp_path / "one", "moods", "image", options))
    add(store, "moods", picture(tmp_path / "plain.png", 60))
    picture(tmp_path / "two" / "7.png", 61)
    (tmp_path / "two" / "about.csv").write_text("file,mood,age\n7.png,c,7")
    add(store, "moods", tmp_path / "two")
    info = store.info("moods")
    assert info.labels == {"a": 3, "b": 3, "c": 1}
    assert [(each.name, each.count, each.high) for each in info.attributes] == [("age", 7, 7.0)]


def test_rights_are_joined_and_none_is_claimed_for_what_it_was_not_said_of(
    store: DatasetStore, hand: DatasetInfo, tmp_path: Path
) -> None:
    add(store, "hand", picture(tmp_path / "1.png", 201), licence="CC BY", source="the board")
    info = store.info("hand")
    assert (info.licence, info.source, info.credit) == ("CC0; CC BY", "the board", "")
    add(store, "hand", picture(tmp_path / "2.png", 202), source="the board", consent="all agreed")
    info = store.info("hand")
    assert info.licence == "CC0; CC BY; not said of all"
    assert (info.source, info.consent) == ("the board", "all agreed; not said of all")
    assert joined_rights("licence", "", "") == ""
    assert joined_rights("licence", info.licence, "") == info.licence
    with pytest.raises(StudioError, match="too long"):
        add(store, "hand", picture(tmp_path / "3.png", 203), credit="x" * 100_000)


def test_data_of_a_pack_grows_and_what_it_holds_out_stays(
    store: DatasetStore, tmp_path: Path
) -> None:
    drafts = [
        Draft(
            Image(np.full((28, 28), number, np.uint8)),
            str(number % 10),
            split="train" if number < 40 else "test",
        )
        for number in range(50)
    ]
    about = {"pack": "mnist", "options": {"crop": [0.1, 0.1, 0.2, 0.2], "size": "no size"}}
    list(store.write("Digits", "image", drafts, about))
    for number in range(30):
        picture(tmp_path / "more" / "3" / f"{number}.png", 300 + number, "RGB", (60, 60))
    add(store, "Digits", tmp_path / "more")
    info = store.info("Digits")
    assert (info.train, info.test, info.shapes) == (70, 10, {"28×28": 80})
    assert info.test_share is None
    assert info.labels["3"] == 35


def test_closing_it_leaves_the_data_as_it_was(
    store: DatasetStore, hand: DatasetInfo, tmp_path: Path
) -> None:
    steps = store.add_files("hand", [picture(tmp_path / f"{n}.png", 400 + n) for n in range(5)])
    next(steps)
    next(steps)
    steps.close()
    assert store.info("hand") == hand
    assert leftovers(store) == []


def test_a_disk_that_is_full_anywhere_leaves_the_data_as_it_was(
    store: DatasetStore, hand: DatasetInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [picture(tmp_path / f"{n}.png", 400 + n) for n in range(5)]
    room, refused = Room(monkeypatch), 0
    for size in range(0, 20_000, 250):
        room.left = size
        said = refusal(store, "hand", paths)
        if not said:
            break
        refused += 1
        assert "No space left" in said
        assert store.info("hand") == hand
        assert leftovers(store) == []
    assert refused > 5
    assert store.info("hand").examples == 17


@pytest.mark.parametrize("failing", [1, 2])
def test_killed_between_the_two_renames_it_is_there_again(
    store: DatasetStore,
    hand: DatasetInfo,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failing: int,
) -> None:
    rename, calls = os.rename, []

    def die(source: Any, target: Any) -> None:
        if JOINING in str(source) and "/hand" in str(target):
            calls.append(target)
            raise KeyboardInterrupt
        rename(source, target)
        if failing == 1 and locks.REPLACED in str(target):
            raise KeyboardInterrupt

    monkeypatch.setattr(os, "rename", die)
    with pytest.raises(KeyboardInterrupt):
        add(store, "hand", picture(tmp_path / "new.png", 600))
    monkeypatch.undo()
    assert len(calls) == failing - 1
    assert DatasetStore().info("hand") == hand
    assert add(store, "hand", tmp_path / "new.png").examples == 1


def test_what_another_window_changed_meanwhile_counts(
    store: DatasetStore, hand: DatasetInfo, tmp_path: Path
) -> None:
    picture(tmp_path / "more" / "1.png", 701)
    picture(tmp_path / "more" / "2.png", 702)
    steps: Generator[Any, None, Added] = store.add_files("hand", tmp_path / "more")
    next(steps)
    other = DatasetStore()
    other.relabel("hand", {0: "z"})
    add(other, "hand", tmp_path / "more" / "1.png")
    assert finished(steps) == Added("hand", 1, 1)
    info = store.info("hand")
    assert (info.examples, info.labels["z"]) == (14, 1)
    steps = store.add_files("hand", picture(tmp_path / "3.png", 703))
    next(steps)
    other.delete("hand")
    with pytest.raises(StudioError, match="no dataset hand"):
        finished(steps)
    assert leftovers(store) == []


def test_a_dataset_of_a_studio_is_not_taken_for_files(
    store: DatasetStore, hand: DatasetInfo, tmp_path: Path
) -> None:
    """Its table became a text of digests: what a person wanted is the whole of it."""
    list(store.write("texts", "text", [Draft(Text(f"Line {n}.")) for n in range(9)], {}))
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(store.info("texts").folder, elsewhere / "theirs")
    (elsewhere / "one.txt").write_text("A line of its own.")
    found = preflight(elsewhere, "text", known=store.known("texts"))
    assert [(row.name, row.used) for row in found.rows] == [
        ("one.txt", True), ("theirs/dataset.json", False),
    ]  # fmt: skip
    assert "Copy its folder theirs into" in found.skipped[0].remedy
    shutil.copytree(elsewhere / "theirs", store.folder / "theirs")
    assert store.info("theirs").examples == 9
    with pytest.raises(StudioError, match="nothing in it"):
        add(store, "hand", elsewhere / "theirs")
    assert "It is a dataset of a studio" in preflight(elsewhere / "theirs", "image").problem


def test_another_medium_is_refused_and_a_name_that_is_none(
    store: DatasetStore, hand: DatasetInfo, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("Words.")
    with pytest.raises(StudioError, match="nothing in it that could join"):
        add(store, "hand", tmp_path / "a.txt")
    with pytest.raises(StudioError, match="no dataset foot"):
        add(store, "foot", tmp_path / "a.txt")
    with pytest.raises(StudioError, match="not there"):
        add(store, "hand", tmp_path / "nothing")


def test_a_remark_on_few_examples_counts_all_of_them(store: DatasetStore, tmp_path: Path) -> None:
    list(store.write("many", "text", [Draft(Text(f"Line {n}."), "a") for n in range(80)], {}))
    (tmp_path / "one.txt").write_text("Another line.")
    found = preflight(tmp_path / "one.txt", "text", known=store.known("many"))
    assert not [each for each in found.remarks if "learn it by heart" in each]
    assert preflight(tmp_path / "one.txt", "text").remarks
