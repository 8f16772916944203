"""Tables beside pictures, texts and tunes: what they say of each becomes its attributes."""

import csv
import io
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from aigc_studio.api import Dataset, StudioError, limits
from aigc_studio.api.attributes import Attribute, count_attributes, read_attributes
from aigc_studio.library import DatasetStore, ImportOptions
from aigc_studio.library.attribute_values import meaning_of
from aigc_studio.library.checks import preflight
from aigc_studio.library.preflights import Preflight
from aigc_studio.library.rows import Wanted


def draw(path: Path, number: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(number).integers(0, 255, (8, 8), np.uint8)
    Pillow.fromarray(pixels).save(path)


@pytest.fixture
def faces(tmp_path: Path) -> Path:
    """Six pictures `000001.png` to `000006.png` in one folder."""
    for number in range(1, 7):
        draw(tmp_path / "faces" / f"{number:06}.png", number)
    return tmp_path / "faces"


def write_table(path: Path, rows: Sequence[Sequence[object]], delimiter: str = ",") -> Path:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(rows)
    path.write_text(file.getvalue(), encoding="utf-8")
    return path


def imported(folder: Path, options: ImportOptions | None = None, medium: Any = "image") -> Dataset:
    store = DatasetStore()
    list(store.import_files(folder, folder.name, medium, options))
    return store.open(folder.name, None)


def told(data: Dataset) -> dict[str, dict[str, Any]]:
    return {each.source: dict(each.attributes) for each in data}


def said(found: Preflight, words: str) -> str:
    return next(each for each in found.remarks if words in each)


def test_a_column_called_file_names_the_picture_and_the_others_are_attributes(faces: Path) -> None:
    write_table(
        faces / "people.csv",
        [
            ("age", "Filename", "smiling", "hair", "remark"),
            (31, "000001.png", "yes", "brown", "a friend"),
            ("4.5", "000002.png", "no", "brown", "met in May"),
            (60, "000003", "yes", "black", "n/a"),
            ("", "000004.png", "no", "", "too dark"),
        ],
    )
    found = preflight(faces, "image")
    assert "4 attributes for 4 of 6 examples; 2 have none." in found.remarks
    (row,) = [each for each in found.rows if each.name == "people.csv"]
    assert row.used
    assert row.detail == "4 attributes of 4 files"
    data = imported(faces)
    assert told(data)["000001.png"] == {
        "age": 31, "smiling": True, "hair": "brown", "remark": "a friend",
    }  # fmt: skip
    assert told(data)["000003.png"] == {"age": 60, "smiling": True, "hair": "black"}
    assert told(data)["000004.png"] == {"smiling": False, "remark": "too dark"}
    assert told(data)["000005.png"] == {}
    known = {each.name: each for each in data.attributes}
    assert known["smiling"] == Attribute("smiling", "yes_no", 4, counts={"yes": 2, "no": 2})
    assert known["age"] == Attribute("age", "number", 3, 4.5, 60)
    assert known["hair"] == Attribute("hair", "choice", 3, counts={"brown": 2, "black": 1})
    assert known["remark"].kind == "text"
    assert DatasetStore().info("faces").attributes == data.attributes


def test_celebas_lists_are_read_as_they_are(faces: Path) -> None:
    lines = ["6", "Smiling Wearing_Hat", *(f"{n:06}.jpg  {(-1) ** n}  -1" for n in range(1, 7))]
    (faces / "list_attr_celeba.txt").write_text("\n".join(lines) + "\n")
    boxes = ["6", "image_id x_1 width", *(f"{n:06}.jpg    {n}  226" for n in range(1, 7))]
    (faces / "list_bbox_celeba.txt").write_text("\n".join(boxes) + "\n")
    identities = [f"{n:06}.jpg {2880 + n // 3}" for n in range(1, 7)]
    (faces / "identity_CelebA.txt").write_text("\n".join(identities) + "\n")
    data = imported(faces, ImportOptions(group_column="identity_CelebA"))
    assert told(data)["000002.png"] == {
        "Smiling": True, "Wearing_Hat": False, "x_1": 2, "width": 226,
    }  # fmt: skip
    assert [each.group for each in data] == ["2880", "2880", "2881", "2881", "2881", "2882"]
    assert {each.name: each.kind for each in data.attributes} == {
        "Smiling": "yes_no", "Wearing_Hat": "yes_no", "x_1": "number", "width": "number",
    }  # fmt: skip


def test_a_text_beside_a_picture_is_no_table(faces: Path) -> None:
    (faces / "000001.txt").write_text("000001.png 5\n000002.png 7\n")
    found = preflight(faces, "image")
    assert found.attributes == ()


@pytest.mark.parametrize(
    "name",
    [
        "a/x.png", "pictures/a/x.png", "/home/someone/pictures/a/x.png", "C:\\data\\a\\X.PNG",
        "a/x", "./a/x.jpg",
    ],
)  # fmt: skip
def test_pictures_are_found_by_what_a_table_tells_of_their_paths(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "pictures"
    for number, place in enumerate(("a/x.png", "b/x.png", "b/y.png")):
        draw(folder / place, number)
    write_table(folder / "t.csv", [("file", "n"), (name, 5)])
    assert told(imported(folder, ImportOptions(folders="none"))) == {
        "a/x.png": {"n": 5}, "b/x.png": {}, "b/y.png": {},
    }  # fmt: skip


def test_a_name_that_several_pictures_have_tells_none(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    for number, place in enumerate(("a/x.png", "b/x.png", "b/y.png")):
        draw(folder / place, number)
    write_table(folder / "t.csv", [("file", "n"), ("x.png", 5), ("y.png", 6), ("a/z.png", 7)])
    found = preflight(folder, "image")
    (row,) = [each for each in found.rows if each.name == "t.csv"]
    assert not row.used
    assert row.reason == "1 of its 3 rows names a file that is here."
    options = ImportOptions(attributes=str(folder / "t.csv"))
    assert said(preflight(folder, "image", options), "2 rows name files that are not here")
    assert preflight(folder, "image", options).described == 1


def test_rows_without_pictures_doubles_and_bad_cells_are_told(faces: Path) -> None:
    rows: list[tuple[object, ...]] = [("image", "age")]
    rows += [(f"{number:06}.png", 20 + number) for number in range(1, 6)]
    rows += [("000001.png", 99), ("000002.png", 22), ("elsewhere.png", 1)]
    rows += [(f"{number}.png", number) for number in range(100, 130)]
    rows[5] = ("000005.png", "old?")
    for number in range(7, 27):
        draw(faces / f"{number:06}.png", number)
        rows.append((f"{number:06}.png", number))
    write_table(faces / "ages.csv", rows)
    found = preflight(faces, "image")
    assert said(found, "31 rows name files that are not here")
    assert said(found, "1 row contradicts an earlier one of the same file: the first counts")
    assert "1 cell of age does not fit the others and was left out: “old?”." in found.remarks
    data = told(imported(faces))
    assert data["000001.png"] == {"age": 21}
    assert data["000005.png"] == {}


def test_several_tables_say_more_of_the_same_pictures_and_of_others(faces: Path) -> None:
    write_table(faces / "1.csv", [("file", "a"), ("000001.png", 1.5), ("000002.png", 2.5)])
    write_table(
        faces / "2.csv", [("file", "a", "b"), ("000003.png", 3.5, "x"), ("000001.png", 9, "y")]
    )
    data = told(imported(faces))
    assert data["000001.png"] == {"a": 1.5, "b": "y"}
    assert data["000003.png"] == {"a": 3.5, "b": "x"}


def test_a_table_without_a_head_line(faces: Path) -> None:
    write_table(faces / "score.csv", [(f"{number:06}.png", number / 2) for number in range(1, 7)])
    assert told(imported(faces))["000003.png"] == {"score": 1.5}


def test_a_column_called_label_is_the_label_where_folders_say_nothing(faces: Path) -> None:
    rows = [
        ("file", "label", "age"),
        *((f"{n:06}.png", "猫" if n % 2 else "dog", n) for n in range(1, 7)),
    ]
    write_table(faces / "labels.csv", rows)
    found = preflight(faces, "image")
    assert found.described == 6
    assert not any("attribute" in each for each in found.remarks)
    assert "The labels were taken from the column label." in found.remarks
    assert found.labels == {"dog": 3, "猫": 3}
    assert found.attributes[0].name == "age"
    none = preflight(faces, "image", ImportOptions(label_column="-"))
    assert none.labels == {}
    assert {each.name for each in none.attributes} == {"age", "label"}


def test_label_and_group_may_be_chosen(faces: Path) -> None:
    rows = [
        ("file", "hair", "person"),
        *((f"{n:06}.png", "br" * (n % 2) or "bl", n % 3) for n in range(1, 7)),
    ]
    write_table(faces / "t.csv", rows)
    data = imported(faces, ImportOptions(label_column="Hair", group_column="3"))
    assert [(each.label, each.group) for each in data][:3] == [
        ("br", "1"),
        ("bl", "2"),
        ("br", "0"),
    ]
    assert data.attributes == ()
    with pytest.raises(StudioError, match="no column colour: they have hair, person"):
        preflight(faces, "image", ImportOptions(label_column="colour"))


def test_a_table_elsewhere_is_named(faces: Path, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    table = write_table(tmp_path / "far" / "t.csv", [("file", "n"), ("000001.png", 7)])
    write_table(faces / "here.csv", [("file", "m"), ("000001.png", 8)])
    options = ImportOptions(attributes=str(table))
    found = preflight(faces, "image", options)
    assert next(each for each in found.rows if each.name == "t.csv").used
    assert told(imported(faces, options))["000001.png"] == {"n": 7}
    assert preflight(faces, "image", ImportOptions(attributes="-")).attributes == ()
    with pytest.raises(StudioError, match=r"gone\.csv is not there"):
        preflight(faces, "image", ImportOptions(attributes=str(tmp_path / "gone.csv")))
    write_table(table, [("file", "n"), ("nobody.png", 7)])
    with pytest.raises(StudioError, match=r"No row of the table t\.csv names a file"):
        preflight(faces, "image", options)


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (["1", "-1"], [True, False]), (["0", "1"], [False, True]), (["0", "1", "2"], [0, 1, 2]),
        (["True", "false"], [True, False]), (["是", "否"], [True, False]),
        (["Y", "n"], [True, False]), (["-1", "-1"], [False, False]),
        (["1,5", "2"], [1.5, 2]), (["1,234", "12"], [1234, 12]), (["1e3", "−2"], [1000.0, -2]),
        (["007", "008"], ["007", "008"]), (["none", "5"], [None, 5]),
        (["3.9", "3.10", "3.11"], ["3.9", "3.10", "3.11"]), (["4.50", "2.25", "3"], [4.5, 2.25, 3]),
        (["1.0", "2.25", "0.125"], [1.0, 2.25, 0.125]), (["3.1", "3.10"], ["3.1", "3.10"]),
        (["none", "hat"], ["none", "hat"]),
        (["", "NaN", "?"], [None, None, None]), (["inf", "1"], ["inf", "1"]),
        (["9" * 30, "1"], ["9" * 30, "1"]), (["x" * 1001, "y"], [None, "y"]),
    ],
)  # fmt: skip
def test_what_cells_mean(cells: list[str], wanted: list[Any]) -> None:
    meaning = meaning_of({cell: cells.count(cell) for cell in cells}).values
    values = [meaning.get(cell) for cell in cells]
    assert values == wanted
    assert [type(each) for each in values] == [type(each) for each in wanted]


def test_the_other_columns_of_a_table_of_texts(tmp_path: Path) -> None:
    rows = [("text", "label", "stars", "verified")]
    rows += [
        (f"This is review {n}.", "ab"[n % 2], str(n % 5 + 1), str(n % 3 == 0)) for n in range(30)
    ]
    write_table(tmp_path / "reviews.csv", rows)
    data = imported(tmp_path / "reviews.csv", medium="text")
    assert data[0].attributes == {"stars": 1, "verified": True}
    assert [(each.name, each.kind) for each in data.attributes] == [
        ("stars", "number"), ("verified", "yes_no"),
    ]  # fmt: skip


def test_a_table_beside_texts_that_names_them(tmp_path: Path) -> None:
    folder = tmp_path / "poems"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.txt").write_text(f"A poem about the number {number}.")
    write_table(
        folder / "index.csv", [("file", "year"), *((f"{n}.txt", 1900 + n) for n in range(4))]
    )
    data = imported(folder, medium="text")
    assert told(data)["2.txt"] == {"year": 1902}
    assert len(data) == 4


def test_the_same_pictures_with_other_attributes_are_another_dataset(faces: Path) -> None:
    imported(faces)
    store = DatasetStore()
    assert store.same_as(preflight(faces, "image")) == "faces"
    write_table(faces / "t.csv", [("file", "n"), ("000001.png", 7)])
    assert store.same_as(preflight(faces, "image")) == ""
    list(store.import_files(faces, "again", "image"))
    assert store.same_as(preflight(faces, "image")) == "again"


def test_looking_through_by_attributes(faces: Path) -> None:
    rows = [
        ("file", "age", "hat", "note"),
        *((f"{n:06}.png", n, n > 4, f"n{n}") for n in range(1, 6)),
    ]
    write_table(faces / "t.csv", rows)
    imported(faces)
    browser = DatasetStore().browse("faces")
    assert browser.find(attributes=[Wanted("age", low=2, high=4)]) == [1, 2, 3]
    assert browser.find(attributes=[Wanted("hat", "yes")]) == [4]
    assert browser.find(attributes=[Wanted("hat", "no"), Wanted("age", low=3)]) == [2, 3]
    assert browser.find(attributes=[Wanted("hat", "")]) == [5]
    assert browser.find(words="N3") == [2]
    assert browser.info(4).attributes == {"age": 5, "hat": True, "note": "n5"}
    assert [each.name for each in browser.attributes] == ["age", "hat", "note"]


def test_as_many_columns_as_the_limit_says(faces: Path) -> None:
    names = [f"c{number}" for number in range(limits.ATTRIBUTES + 3)]
    write_table(faces / "wide.csv", [("file", *names), ("000001.png", *range(len(names)))])
    found = preflight(faces, "image")
    assert said(found, f"only the first {limits.ATTRIBUTES} become attributes")
    assert len(imported(faces).attributes) == limits.ATTRIBUTES


def test_attributes_that_are_no_values_are_passed_over_and_kinds_hold_in_a_part() -> None:
    rows: list[dict[str, Any]] = [{"a": [1]}, {"a": {"b": 2}}, {}]
    assert count_attributes(rows) == ()
    known = count_attributes([{"w": each} for each in "aabbcc"])
    assert known[0].kind == "choice"
    (part,) = count_attributes([{"w": "a"}, {"w": "b"}, {"w": "c"}], known)
    assert part.kind == "choice"
    assert read_attributes([each.to_json() for each in known]) == known
    assert read_attributes([{"name": 5}]) == ()
    assert read_attributes(None) == ()


def test_whatever_stands_in_a_table_the_answer_is_an_import_or_a_sentence(faces: Path) -> None:
    chance = random.Random(5)
    pieces = [
        "000001.png",
        ",",
        "\n",
        '"',
        "\t",
        ";",
        "1",
        "-1",
        "file",
        " ",
        "\\",
        "é",
        "6\n",
        "\x00",
    ]
    for _attempt in range(60):
        text = "".join(chance.choices(pieces, k=chance.randrange(40)))
        (faces / "odd.csv").write_text(text, encoding="utf-8")
        (faces / "odd.txt").write_text(text, encoding="utf-8")
        found = preflight(faces, "image")
        assert found.examples == 6
        json.dumps([each.to_json() for each in found.attributes])
