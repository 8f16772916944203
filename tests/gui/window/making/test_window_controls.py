"""Controls through the window: dragged, previewed, made, remembered with the result, used again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from kinds import there
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from aigc_studio.api import StudioError
from aigc_studio.project import CandidateRecord
from aigc_studio.ui.forms.schema import Field
from aigc_studio.ui.prompt.pad import SIDE, Pad
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.making.asked import Asked

MakeWindow = Callable[..., StudioWindow]
Wait = Callable[[Callable[[], Any]], None]
LEFT = Qt.MouseButton.LeftButton
MIDDLE = slice(7, 9)


@pytest.fixture
def window(
    make_window: MakeWindow,
    studio: Studio,
    add_plugins: Callable[..., None],
    plugin_names: Callable[..., None],
) -> StudioWindow:
    """A window with the picture plugin, which is steered without a model too."""
    plugin_names("pixels")
    add_plugins("pixels")
    studio.registry.refresh()
    window = make_window("pixels", (1280, 900))
    window.panel.middle.page().form.set_values({"noise": 0})
    return window


def pixels_of(window: StudioWindow, record: CandidateRecord) -> Any:
    made: Any = window.studio.project.store.get(record.content)
    return made.pixels


def newest(window: StudioWindow) -> CandidateRecord:
    return window.studio.project.candidates.list()[-1]


def drag_to(window: StudioWindow, qtbot: QtBot, across: float, up: float) -> None:
    """Drag the knob of the pad to shares of its side, from the lower left."""
    pad = window.panel.middle.controls.pads["right", "up"]
    window.panel._scroll.ensureWidgetVisible(pad)
    end = QPoint(round(pad.width() * across), round(pad.height() * (1 - up)))
    qtbot.mousePress(pad, LEFT, pos=pad.knob().toPoint())
    qtbot.mouseMove(pad, (pad.knob().toPoint() + end) / 2)
    qtbot.mouseMove(pad, end)
    qtbot.mouseRelease(pad, LEFT, pos=end)


def test_a_pad_that_is_dragged_is_seen_at_once_and_made_as_it_was_seen(
    window: StudioWindow, studio: Studio, qtbot: QtBot, wait: Wait
) -> None:
    studio.settings.set_preference("live_preview", True)
    window.panel.middle.live.setChecked(True)
    looks: list[Any] = []
    window.session.looked.connect(looks.append)
    drag_to(window, qtbot, 1.0, 1.0)
    wait(lambda: bool(looks) and looks[-1].artifact.pixels[0, 14] == 255)
    window.panel.run()
    wait(lambda: len(studio.project.candidates.list()) == 1 and not window.session.is_busy)
    made = newest(window)
    assert (pixels_of(window, made) == looks[-1].artifact.pixels).all()
    assert there(made.provenance).controls == {"right": 1.0, "up": 1.0}


def test_use_these_settings_brings_them_back(
    window: StudioWindow, studio: Studio, qtbot: QtBot, wait: Wait
) -> None:
    box = window.panel.middle.controls
    box.set_values({"light": 40.0, "ink": "white"})
    window.panel.run()
    wait(lambda: len(studio.project.candidates.list()) == 1 and not window.session.is_busy)
    made = newest(window)
    window.session.accept([made.id])
    wait(lambda: len(studio.project.board) == 1)
    qtbot.mouseClick(box.reset_all, LEFT)
    box.set_values({"up": 0.5})
    (item,) = studio.project.board.items
    window.prompting.restore(there(item.provenance))
    assert box.values() == {"light": 40.0, "ink": "white"}
    window.panel.run()
    wait(lambda: len(studio.project.candidates.list()) == 1 and not window.session.is_busy)
    assert (pixels_of(window, newest(window)) == pixels_of(window, made)).all()


def test_an_edit_is_steered_too(
    window: StudioWindow, studio: Studio, qtbot: QtBot, wait: Wait
) -> None:
    window.panel.run()
    wait(lambda: len(studio.project.candidates.list()) == 1 and not window.session.is_busy)
    window.session.accept([newest(window).id])
    wait(lambda: len(studio.project.board) == 1)
    wait(lambda: window.panel.verb() == "edit")
    assert there(window.panel.middle.page().operation()).id == "clean"
    assert window.panel.middle.controls.isVisible()
    window.panel.middle.controls.rows["light"].set_value(-55)
    window.panel.run()
    wait(lambda: len(studio.project.candidates.list()) == 1 and not window.session.is_busy)
    made = newest(window)
    assert there(made.provenance).controls == {"light": -55.0}
    assert pixels_of(window, made)[3, 3] == 200  # its latent came along as well
    # What is blended over has none.
    window.panel.middle.page().use("morph")
    assert not window.panel.middle.controls.isVisible()


def test_more_like_this_begins_from_its_latent(
    window: StudioWindow, studio: Studio, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.panel.middle.controls.set_values({"light": 30.0})
    window.panel.run()
    wait(lambda: len(studio.project.candidates.list()) == 1 and not window.session.is_busy)
    first = newest(window)
    asked: list[Any] = []
    submit = studio.jobs.submit

    def noted(record: Any, verb: str, request: Any, *rest: Any) -> Any:
        asked.append(request)
        return submit(record, verb, request, *rest)

    monkeypatch.setattr(studio.jobs, "submit", noted)
    window.session.ask(*there(window.session.more_like(first.id)))
    wait(lambda: len(studio.project.candidates.list()) == 2 and not window.session.is_busy)
    latent = studio.project.store.latent(first.latent)
    request = asked[0]()
    assert request.latents == (latent,)
    assert request.controls == {}  # they are in it
    made = there(newest(window).provenance)
    assert made.latents == (first.latent,)
    # Used again while it is here, and said where it is not.
    window.prompting.restore(made)
    assert there(window.panel.prompt()).latents == (first.latent,)
    assert window.panel.middle.like.isVisible()
    window.prompting.restore(replace(made, latents=("ab" * 32,)))
    assert there(window.panel.prompt()).latents == ()
    assert "to be like is not on this board" in window.board_area.bar.text


def test_a_latent_of_another_model_begins_nothing(window: StudioWindow, studio: Studio) -> None:
    known = studio.project.store.put_latent(b"made from seed 5")
    prompt = replace(there(window.panel.prompt()), latents=(known,), model="gone")
    window.panel.set_prompt(replace(prompt, model_digest="ab" * 32))
    assert there(window.panel.prompt()).latents == ()
    description = there(studio.record("pixels").description)
    asked = Asked(description, replace(prompt, model_digest="ab" * 32), None, studio.project.store)
    with pytest.raises(StudioError, match=r"Pixels: .* “gone” made"):
        asked.request()


def test_a_latent_that_is_gone_is_said(window: StudioWindow, studio: Studio, wait: Wait) -> None:
    prompt = replace(there(window.panel.prompt()), latents=("ab" * 32,))
    job = there(window.session.ask(prompt))
    wait(lambda: job.state.ended)
    assert "is no longer on this board" in there(job.error).sentence
    assert len(studio.project.candidates.list()) == 0


def test_a_control_that_the_model_has_not_is_said_and_nothing_is_made(
    window: StudioWindow, studio: Studio, wait: Wait
) -> None:
    prompt = there(window.panel.prompt())
    job = there(window.session.ask(replace(prompt, controls={"light": 900, "gone": 1})))
    wait(lambda: job.state.ended)
    box = window.panel.middle.controls
    wait(lambda: box.error() is not None)
    assert "light must be a number from -100 to 100." in box._error.text()
    assert "no control gone" in box._error.text()
    assert len(studio.project.candidates.list()) == 0


def test_what_is_not_live_is_asked_for_by_nobody_but_the_person(
    window: StudioWindow, studio: Studio, wait: Wait
) -> None:
    record = studio.record("pixels")
    about = there(record.description)
    operations = tuple(replace(each, live=False) for each in about.operations)
    costly = replace(record, description=replace(about, operations=operations))
    studio.registry.records = (costly,)
    prompt = there(window.panel.prompt())
    # What the panel asked for by itself, while the operation was still live, ends first.
    wait(lambda: not studio.jobs._previews.running("pixels"))
    asked: list[Any] = []
    window.session.looked.connect(asked.append)
    assert window.session.sketch(prompt) is None
    window.session.preview(prompt)
    assert not studio.jobs.under_way()
    assert not studio.jobs._previews.running("pixels")
    there(window.session.ask(prompt))
    wait(lambda: len(studio.project.candidates.list()) == 1 and not window.session.is_busy)
    assert asked == []


def test_the_picture_of_the_pad_says_both_names(window: StudioWindow) -> None:
    pad = window.panel.middle.controls.pads["right", "up"]
    grabbed = pad.grab().toImage()
    grey = np.array(
        [[grabbed.pixelColor(x, y).lightness() for x in range(pad.width())] for y in range(144)]
    )
    # Letters at the upper end of the upright line and at the right end of the other.
    assert (grey[4:18, 78:140] < 160).any()
    assert (grey[74:90, 90:140] < 160).any()


def test_a_long_name_stands_whole_on_the_pad(qtbot: QtBot) -> None:
    across = Field(name="a", kind="number", label="Slant", default=0.0, minimum=-1.0, maximum=1.0)
    drawn = []
    for label in ("Stroke weight", "Stroke w…"):
        pad = Pad(across, replace(across, name="b", label=label))
        qtbot.addWidget(pad)
        drawn.append(pad.grab().toImage().copy(0, 0, SIDE, 20))
    assert drawn[0] != drawn[1]
    whole, rows = drawn[0], range(4, 18)
    lightness = [min(whole.pixelColor(x, y).lightness() for y in rows) for x in range(SIDE)]
    letters = [x for x in range(6, SIDE - 4) if lightness[x] < 160]
    assert letters[0] < SIDE / 2 < letters[-1]
