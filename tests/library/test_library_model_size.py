"""A model is no larger than one that is exported and imported again."""

from pathlib import Path

import pytest

from aigc_studio.api import StudioError, limits
from aigc_studio.library.weights import model_files


def test_a_model_at_its_limit_is_taken_and_one_above_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    with file.open("wb") as holes:
        holes.truncate(limits.MODEL_BYTES)
    assert model_files(tmp_path) == ["notes.txt"]
    with file.open("ab") as holes:
        holes.truncate(limits.MODEL_BYTES + 1)
    with pytest.raises(StudioError, match="bytes"):
        model_files(tmp_path)
