"""What files from the shell say of how they were made (promise 6); edits keep to their masks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from aigc_studio import cli
from aigc_studio.api import Image
from aigc_studio.library import DatasetStore
from aigc_studio.project import Provenance
from aigc_studio.project.export import export, read_provenance

Shell = Callable[..., None]


@pytest.fixture
def shell(plugin_home: Callable[..., Any]) -> Shell:
    """Call it with words that must be done."""
    plugin_home("echo", "paints")

    def run(*words: object) -> None:
        assert cli.main([str(word) for word in words]) == 0

    return run


def test_a_label_is_on_unless_told_otherwise_and_the_prompt_on_its_own(
    shell: Shell, tmp_path: Path
) -> None:
    words = ("generate", "echo", "--prompt", "a secret", "--seed", 3, "--out")
    shell(*words, tmp_path / "usual")
    shell(*words, tmp_path / "silent", "--no-prompt")
    shell(*words, tmp_path / "bare", "--no-label")
    made = read_provenance(tmp_path / "usual" / "echo-3.txt")
    silent = read_provenance(tmp_path / "silent" / "echo-3.txt")
    assert made is not None
    assert made.prompt == "a secret"
    assert silent == made.without_prompt()
    label = next((tmp_path / "silent").glob("*.provenance.json")).read_text("utf-8")
    assert "secret" not in label
    assert [path.name for path in (tmp_path / "bare").iterdir()] == ["echo-3.txt"]


@pytest.mark.parametrize("own", [True, False])
def test_an_edit_says_whether_a_person_had_a_part_in_it(
    shell: Shell, tmp_path: Path, own: bool
) -> None:
    source = tmp_path / "in.png"
    provenance = None if own else Provenance(medium="image", generator="paints", seed=1)
    export(Image(np.full((20, 30), 200, np.uint8)), source, provenance)
    shell("edit", "paints", "--operation", "darken", "--input", source, "--out", tmp_path / "o.png")
    made = read_provenance(tmp_path / "o.png")
    assert made is not None
    assert made.composite is own
    assert made.parents
    kind = "compositeWithTrainedAlgorithmicMedia" if own else "/trainedAlgorithmicMedia"
    with Pillow.open(tmp_path / "o.png") as picture:
        assert kind in str(picture.info)


def test_a_masked_edit_changes_nothing_outside_whatever_the_plugin_gave(
    shell: Shell, tmp_path: Path
) -> None:
    before = np.random.default_rng(3).integers(0, 256, (40, 60), np.uint8)
    mask = np.zeros((40, 60), np.uint8)
    mask[8:20, 30:45] = 255
    Pillow.fromarray(before).save(tmp_path / "in.png")
    Pillow.fromarray(mask).save(tmp_path / "mask.png")
    shell(
        "edit", "paints", "--operation", "fill", "--input", tmp_path / "in.png",
        "--mask", tmp_path / "mask.png", "--seed", 7, "--out", tmp_path / "out.png",
    )  # fmt: skip
    after = np.asarray(Pillow.open(tmp_path / "out.png").convert("L"))
    assert np.array_equal(after[mask == 0], before[mask == 0])
    assert (after[mask > 0] != before[mask > 0]).mean() > 0.9


def test_digits_go_into_a_dataset_under_their_class_and_titles_of_others_under_none(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "gan-digits,echo")
    shell("generate", "gan-digits", "--prompt", "4 7", "--count", 3, "--to-data", "digits")
    assert DatasetStore().info("digits").labels == {"4": 3, "7": 3}
    shell("generate", "echo", "--prompt", "x", "--count", 3, "--to-data", "texts")
    assert DatasetStore().info("texts").labels == {}
