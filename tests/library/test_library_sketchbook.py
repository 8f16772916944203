"""Drawings on their way to data: leaves in turn, all of them on disk, and a dataset in the end."""

import os
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from kinds import an_image
from PIL import Image as Pillow

from aigc_studio.api import StudioError, documents
from aigc_studio.library import DatasetStore, ImportOptions
from aigc_studio.library.sketchbook import Leaves, Sketchbook, read_kinds, write_kinds


def png(shade: int) -> bytes:
    picture = Pillow.new("L", (64, 64), 255)
    picture.paste(shade, (8, 8, 30 + shade % 20, 50))
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def drawn(book: Sketchbook, kinds: str, count: int) -> Leaves:
    """So many drawings in turn, as the pad makes them: the picture first, then it is taken."""
    leaves, _pictures = book.open()
    leaves = leaves.with_kinds(read_kinds(kinds))
    for number in range(count):
        book.write(leaves, leaves.file, png(number))
        leaves = leaves.taken()
        book.write(leaves)
    return leaves


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("0 1 2", ("0", "1", "2")),
        ("full moon, star,  sun ,", ("full moon", "star", "sun")),
        ("月、日，星", ("月", "日", "星")),
        ("a b a A", ("a", "b", "A")),
        ("full moon,", ("full moon",)),
        ("? ! /", ("?", "!", "/")),
        ("  ", ()),
    ],
)
def test_a_line_names_kinds(line: str, kinds: tuple[str, ...]) -> None:
    assert read_kinds(line) == kinds
    assert read_kinds(write_kinds(kinds)) == kinds


def test_too_many_kinds_and_too_long_ones_are_sentences() -> None:
    with pytest.raises(StudioError, match="201 kinds"):
        read_kinds(" ".join(map(str, range(201))))
    with pytest.raises(StudioError, match="too long"):
        read_kinds("x" * 1001)


def test_kinds_come_in_turn_and_leaves_can_be_leafed_through() -> None:
    leaves = Leaves(("a", "b"))
    assert (leaves.kind, leaves.file) == ("a", "000000.png")
    leaves = leaves.taken()
    assert (leaves.kind, leaves.file, leaves.is_fresh) == ("b", "000001.png", True)
    leaves = leaves.skipped()
    assert (leaves.kind, leaves.file) == ("a", "000001.png")
    leaves = leaves.taken()
    assert leaves.counts() == {"a": 2, "b": 0}
    former = leaves.before()
    assert (former.open, former.kind, former.is_fresh) == (1, "a", False)
    assert former.before().before().open == 0  # there is none before the first
    assert former.taken() == leaves  # what was taken before is not taken twice
    assert leaves.of_kind("b").kind == "b"


def test_one_is_taken_away_and_comes_back_in_its_place() -> None:
    leaves = Leaves(("a", "b", "c")).taken().taken().taken().before()
    less = leaves.without(0)
    assert [leaf.kind for leaf in less.leaves] == ["b", "c"]
    assert less.leaves[less.open] == leaves.leaves[leaves.open]  # the same lies open
    assert less.with_leaf(0, leaves.leaves[0]) == leaves


def test_other_kinds_leave_what_is_drawn() -> None:
    leaves = Leaves(("a", "b")).taken().with_kinds(("c", "b"))
    assert leaves.counts() == {"c": 0, "b": 0, "a": 1}
    assert leaves.kind == "b"  # what was asked for is asked for still


def test_it_goes_on_where_it_was_with_a_leaf_half_drawn() -> None:
    book = Sketchbook()
    leaves = drawn(book, "a b", 3)
    book.write(leaves, leaves.file, png(9))  # begun, and the window is killed
    book.close()
    again, pictures = Sketchbook().open()
    assert again == leaves
    assert pictures[leaves.file] == png(9)
    assert len(pictures) == 4


def test_a_picture_that_is_taken_back_is_gone() -> None:
    book = Sketchbook()
    leaves = drawn(book, "a", 0)
    book.write(leaves, leaves.file, png(9))
    book.write(leaves, leaves.file, None)
    book.close()
    assert Sketchbook().open()[1] == {}


def test_two_windows_do_not_draw_into_one_book() -> None:
    book = Sketchbook()
    book.open()
    with pytest.raises(StudioError, match="Another window"):
        Sketchbook().open()
    book.close()
    other = Sketchbook()
    other.open()
    other.close()


def test_damage_loses_no_drawing_that_can_be_read() -> None:
    book = Sketchbook()
    drawn(book, "a b", 3)
    book.close()
    (book.folder / "leaves.json").write_text("{")
    leaves, pictures = book.open()
    assert len(leaves.leaves) == len(pictures) == 3
    assert leaves.file not in pictures  # the next one writes over none of them
    book.close()
    (book.folder / "000001.png").unlink()
    leaves, _pictures = book.open()
    assert [leaf.file for leaf in leaves.leaves] == ["000000.png", "000002.png"]
    book.close()


def test_drawings_that_nothing_is_noted_of_are_kept(tmp_path: Path) -> None:
    book = Sketchbook(tmp_path)
    drawn(book, "a b", 3)
    book.close()
    (tmp_path / "leaves.json").unlink()
    leaves, pictures = book.open()
    assert [leaf.file for leaf in leaves.leaves] == ["000000.png", "000001.png", "000002.png"]
    assert pictures["000001.png"] == png(1)


def test_a_drawing_that_cannot_be_read_now_is_not_thrown_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = Sketchbook(tmp_path)
    drawn(book, "a b", 3)
    book.close()
    read = documents.read_bytes

    def broken(path: Path, most: int) -> bytes:
        if path.name == "000001.png":
            raise OSError(5, "Input/output error")
        return read(path, most)

    with monkeypatch.context() as patched:
        patched.setattr(documents, "read_bytes", broken)
        with pytest.raises(StudioError, match="Input/output error"):
            book.open()
        book.close()
    leaves, pictures = book.open()
    assert len(leaves.leaves) == 3
    assert pictures["000001.png"] == png(1)


def test_a_drawing_that_cannot_be_read_now_is_not_left_out_of_the_data_and_thrown_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, store = Sketchbook(tmp_path), DatasetStore()
    leaves = drawn(book, "a b", 3)
    opened = os.open

    def broken(path: Any, *rest: Any, **more: Any) -> int:
        if str(path).endswith("000001.png"):
            raise OSError(5, "Input/output error", str(path))
        return opened(path, *rest, **more)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", broken)
        with pytest.raises(StudioError, match="Input/output error"):
            list(book.make_data(leaves, "hand", store, {}))
    assert store.names() == []
    assert (tmp_path / "000001.png").read_bytes() == png(1)
    list(book.make_data(leaves, "hand", store, {}))
    assert store.info("hand").examples == 3
    book.close()


def test_it_becomes_data_with_its_kinds_as_labels() -> None:
    book, store = Sketchbook(), DatasetStore()
    leaves = drawn(book, "a, /, half moon", 30)
    told = {"licence": "My own work", "source": "Drawn here"}
    for _progress in book.make_data(leaves, "my hand", store, told):
        pass
    info = store.info("my hand")
    assert (info.examples, info.labels) == (30, {"a": 10, "/": 10, "half moon": 10})
    assert (info.licence, info.source, info.medium) == ("My own work", "Drawn here", "image")
    picture = an_image(store.open("my hand")[0].artifact)
    assert (picture.width, picture.mode) == (128, "L")
    left, pictures = Sketchbook(book.folder)._read(), list(book.folder.glob("*.png"))
    assert (left.kinds, left.leaves, pictures) == (("a", "/", "half moon"), (), [])
    book.close()


def test_all_of_a_drawing_joins_data_of_which_only_a_frame_was_taken(tmp_path: Path) -> None:
    book, store = Sketchbook(), DatasetStore()
    Pillow.new("L", (40, 40), 30).save(tmp_path / "photograph.png")
    options = ImportOptions(crop=(0.6, 0.6, 1.0, 1.0), size=16, mode="grey")
    list(store.import_files([tmp_path / "photograph.png"], "framed", "image", options))
    leaves = drawn(book, "a", 1)
    list(book.add_to(leaves, "framed", store, {}))
    picture = an_image(store.open("framed", None)[1].artifact)
    assert (picture.width, picture.height) == (16, 16)
    assert picture.pixels.min() < 200  # its ink lies outside the frame
    book.close()


def test_what_cannot_be_made_data_stays_drawn() -> None:
    book, store = Sketchbook(), DatasetStore()
    leaves = drawn(book, "a", 2)
    for _progress in book.make_data(leaves, "taken", store, {}):
        pass
    leaves = drawn_on(book, 2)
    with pytest.raises(StudioError, match="taken"):
        list(book.make_data(leaves, "taken", store, {}))
    book.close()
    assert len(Sketchbook().open()[0].leaves) == 2


def test_a_drawing_that_never_came_to_the_disk_is_told_before_the_others_are_thrown_away() -> None:
    book, store = Sketchbook(), DatasetStore()
    leaves = drawn(book, "a", 3)
    (book.folder / leaves.leaves[1].file).unlink()
    with pytest.raises(StudioError, match="cannot be kept"):
        list(book.make_data(leaves, "hand", store, {}))
    assert store.names() == []
    assert len(list(book.folder.glob("*.png"))) == 2
    book.close()


def drawn_on(book: Sketchbook, count: int) -> Leaves:
    book.close()
    return drawn(book, "a", count)


def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StudioError, match="cannot be kept"):
        Sketchbook(tmp_path / "file").open()
