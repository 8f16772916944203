"""What surrounds a test stays until it is over, whatever the test takes back of its own."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from aigc_studio.folders import plugin_folder
from aigc_studio.toolkit.plan import Plan


def test_a_test_that_undoes_its_own_patches_keeps_its_home(
    home: Path,
    plugin_home: Callable[..., Path],
    little_shown: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, shown = plugin_home("spans"), Plan.preview_is_due
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "another")
    monkeypatch.undo()
    assert os.environ["AIGC_STUDIO_HOME"] == str(home)
    assert os.environ["AIGC_STUDIO_PLUGIN_PATH"] == ""
    assert os.environ["AIGC_STUDIO_PLUGINS"] == "spans"
    assert plugin_folder() == folder
    assert Plan.preview_is_due is shown
