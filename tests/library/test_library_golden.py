"""What must never change between releases: which examples are held out, and fingerprints.

A change here splits every dataset anew: models would be measured on what they have learnt.
"""

from collections.abc import Sequence

import numpy as np

from aigc_studio.api import Image, Medium, Melody, Note, Text
from aigc_studio.library import DatasetStore
from aigc_studio.library.drafts import Draft
from aigc_studio.library.rows import assign_split


def made(drafts: Sequence[Draft], medium: Medium) -> tuple[str, list[int]]:
    """The fingerprint of these drafts as a dataset, and the numbers of those held out."""
    store = DatasetStore()
    list(store.write("golden", medium, drafts, {}))
    rows = store.open("golden", None).rows
    held_out = [number for number, row in enumerate(rows) if row["split"] == "test"]
    return store.info("golden").fingerprint, held_out


def test_texts_with_labels() -> None:
    drafts = [Draft(Text(f"example {n}"), label="ab"[n % 2]) for n in range(40)]
    fingerprint, held_out = made(drafts, "text")
    assert held_out == [21, 29]
    assert fingerprint == "9070c0f4165ee2e454b20588c471c5b8b7bcdda378ef2a2a550bce2093f94f63"


def test_groups_and_labels_that_are_not_ascii() -> None:
    drafts = [Draft(Text(f"句子 {n}"), label="café", group=f"剧 {n % 30}") for n in range(60)]
    fingerprint, held_out = made(drafts, "text")
    assert held_out == [6, 8, 15, 36, 38, 45]
    assert fingerprint == "51a58cb7ceb3479e5c8b3beb6b2e20af3fc1c089cf98d68f39dc8e13fd3d1f29"


def test_pictures() -> None:
    drafts = [Draft(Image(np.full((4, 5), n, np.uint8)), label=str(n % 3)) for n in range(20)]
    fingerprint, held_out = made(drafts, "image")
    assert held_out == [5, 9, 12]
    assert fingerprint == "d461ed17aad398d00ee2d7cfa064698d0aa33e1b86a022e5caea3b43e0fbf0a5"


def test_melodies() -> None:
    drafts = [Draft(Melody(notes=(Note(0, 480, 50 + n),))) for n in range(20)]
    fingerprint, held_out = made(drafts, "melody")
    assert held_out == [2]
    assert fingerprint == "58698bf5c367582907afd940d130be8198013fa2e8cc732166a4a40a78164d6d"


def test_the_groups_of_a_share() -> None:
    rows = [{"group": f"group {n}", "sha256": ""} for n in range(20)]
    assign_split(rows, 0.1)
    assert [row["group"] for row in rows if row["split"] == "test"] == ["group 3", "group 19"]
    assign_split(rows, 0.5)
    assert [n for n, row in enumerate(rows) if row["split"] == "test"] == [
        3,
        5,
        8,
        9,
        10,
        14,
        15,
        17,
        19,
    ]
