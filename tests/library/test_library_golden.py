"""What must never change between releases: which examples are held out, and fingerprints.

A change here splits every dataset anew: models would be measured on what they have learnt. (It was
changed once, for small data: what the hash held out was half or twice the share that was asked for.
Datasets that are there keep the split that was written down with them.)
"""

from collections.abc import Sequence

import numpy as np
import pytest

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
    assert held_out == [18, 21, 28, 29]
    assert fingerprint == "7b96715a27c9c78c3eb5e683bdb7c1b84a401e947334fcd46f8e44b122389848"


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
    assert held_out == [2, 5]
    assert fingerprint == "2332ca3a515444fb779e937e6e580b9f187b51ca7fc4af6d1a79af2c530e147f"


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


@pytest.mark.parametrize("count", [20, 60, 80, 120, 300, 1000])
@pytest.mark.parametrize("share", [0.1, 0.2, 0.5])
@pytest.mark.parametrize("kind", range(12))
def test_as_many_are_held_out_as_is_said(count: int, share: float, kind: int) -> None:
    def split(wanted: int) -> list[str]:
        rows = [{"sha256": f"{kind} {n}"} for n in range(wanted)]
        assign_split(rows, share)
        return [row["split"] for row in rows]

    found = split(count)
    assert abs(found.count("test") - share * count) <= max(share * count / 4, 1)
    assert split(count) == found


def test_groups_stay_whole_and_a_large_one_is_not_held_out_for_a_small_share() -> None:
    for kind in range(20):
        sizes = {f"{kind} large": 100, **{f"{kind} {n}": 1 + n % 3 for n in range(60)}}
        rows = [{"group": name, "sha256": ""} for name, size in sizes.items() for _n in range(size)]
        assign_split(rows, 0.1)
        parts = {(row["group"], row["split"]) for row in rows}
        assert len(parts) == len(sizes)
        held = sum(row["split"] == "test" for row in rows)
        assert abs(held - 22) <= 6, kind


def test_data_that_grows_mostly_keeps_its_parts() -> None:
    rows = [{"sha256": f"{n}"} for n in range(2000)]
    assign_split(rows[:1000], 0.1)
    before = [row["split"] for row in rows[:1000]]
    assign_split(rows, 0.1)
    assert [row["split"] for row in rows[:1000]] == before
