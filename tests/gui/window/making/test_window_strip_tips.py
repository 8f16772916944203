"""What the strip says under the pointer of a candidate: who made it, as people call that."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt

from aigc_studio.api import Text
from aigc_studio.project import CandidateRecord, Provenance
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], object]], None]


def tip_of(window: StudioWindow, wait: Wait, **made: Any) -> str:
    project = window.studio.project
    content = project.store.put(Text("words"))
    by = Provenance(medium="text", **made)
    project.candidates.add(CandidateRecord(project.candidates.new_id(), content, provenance=by))
    shown = window.board_area.strip.list.shown
    wait(lambda: len(shown.cells) == 1)
    return str(shown.data(shown.at(0), Qt.ItemDataRole.ToolTipRole))


def test_a_generator_has_its_title(window: StudioWindow, wait: Wait) -> None:
    assert "Echo, seed 7" in tip_of(window, wait, generator="echo", seed=7)


def test_one_that_is_not_here_any_more_has_its_id(window: StudioWindow, wait: Wait) -> None:
    tip = tip_of(window, wait, generator="gone", seed=7, model="old")
    assert "gone, seed 7" in tip
    assert "Model: old" in tip
