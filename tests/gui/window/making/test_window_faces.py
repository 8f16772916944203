"""Faces through the real window: a part repaired, a face changed by a slider, two blended."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import vae_faces
from kinds import there
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QSlider
from vae_faces_models import face, write_faces

from aigc_studio.api import Image
from aigc_studio.project import CandidateRecord, Item, commands
from aigc_studio.ui.canvas import Tool
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow

MakeWindow = Callable[..., StudioWindow]
Wait = Callable[[Callable[[], Any]], None]
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SIZE = 240


@pytest.fixture
def window(
    home: Path,
    make_window: MakeWindow,
    studio: Studio,
    plugin_names: Callable[..., None],
    tmp_path: Path,
    wait: Wait,
) -> StudioWindow:
    """A window with faces and a small, untrained model of them."""
    # As a folder of the person's: which plugins a package brings is known when it is installed.
    shutil.copytree(Path(vae_faces.__file__).parent, home / "data" / "plugins" / "vae_faces")
    plugin_names("vae_faces")
    studio.registry.refresh()
    folder = write_faces(tmp_path / "made")
    card = json.loads((folder / "card.json").read_text("utf-8"))
    studio.model_store.publish(folder, "toons", card | {"generator": "vae-faces"})
    studio.settings.set_preference("live_preview", False)
    window = make_window("vae-faces", (1280, 900))
    wait(lambda: bool(studio.models))
    window.panel.choose("vae-faces", "toons")
    assert window.panel.generator() == "vae-faces"
    return window


def put(window: StudioWindow, picture: Image, x: float = 0.0) -> Item:
    project = window.studio.project
    content = project.store.put(picture)
    item = Item(project.board.new_ids(1)[0], "face", content, x, 0.0, SIZE, SIZE)
    assert window.studio.do(commands.add_items(project.board, [item]))
    view = window.board_area.view
    view.show_rect(view.board_scene.bounds(), 1.0)
    return item


def spot(window: StudioWindow, item: Item, across: float = 0.5, down: float = 0.5) -> QPoint:
    view = window.board_area.view
    where = QPointF(item.x + item.width * across, item.y + item.height * down)
    return view.to_view(where).toPoint()


def click(window: StudioWindow, at: QPoint, *, shift: bool = False) -> None:
    held = Qt.KeyboardModifier.ShiftModifier if shift else NONE
    QTest.mouseClick(window.board_area.view.viewport(), LEFT, held, at)


def press(window: StudioWindow, words: str, wait: Wait) -> None:
    """Press a button of the bar over the selection."""

    def found() -> list[QPushButton]:
        buttons = [each for each in window.verbs.bar.widgets() if isinstance(each, QPushButton)]
        return [each for each in buttons if each.text().strip() == words and each.isEnabled()]

    wait(lambda: bool(found()))
    QTest.mouseClick(found()[0], LEFT)


def offered(window: StudioWindow) -> list[CandidateRecord]:
    return list(window.studio.project.candidates.list())


def picture_of(window: StudioWindow, record: CandidateRecord | Item) -> Any:
    found: Any = window.studio.project.store.get(record.content)
    return found.pixels.astype(int)


def test_what_is_painted_over_is_made_anew_in_several_ways_and_one_is_kept(
    window: StudioWindow, wait: Wait
) -> None:
    item = put(window, face(64, 64))
    window.panel.middle.count.setValue(3)
    click(window, spot(window, item))
    view = window.board_area.view
    view.set_tool(Tool.MASK)
    place = view.viewport()
    QTest.mousePress(place, LEFT, NONE, spot(window, item, 0.4, 0.4))
    for share in (0.5, 0.6):
        QTest.mouseMove(place, spot(window, item, share, share))
    QTest.mouseRelease(place, LEFT, NONE, spot(window, item, 0.6, 0.6))
    board = window.studio.project.board
    wait(lambda: board.item(item.id).mask is not None)
    before = picture_of(window, board.item(item.id))
    press(window, "Regenerate the part", wait)
    wait(lambda: len(offered(window)) == 3)
    records = offered(window)
    assert len({each.content.digest for each in records}) == 3, "they truly differ"
    titles = [each.title for each in records]
    assert titles[0] == {"en": "Most likely", "zh": "最可能"}
    stored: Any = window.studio.project.store.get(there(board.item(item.id).mask))
    outside = stored.pixels == 0
    for each in records:
        assert (picture_of(window, each)[outside] == before[outside]).all()
    wait(lambda: not window.session.is_busy)
    QTest.keyClick(place, Qt.Key.Key_Return)
    wait(lambda: board.item(item.id).content.digest == records[0].content.digest)
    QTest.keyClick(place, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (picture_of(window, board.item(item.id)) == before).all()


def test_a_slider_changes_a_face_while_it_is_dragged_and_the_result_says_how(
    window: StudioWindow, studio: Studio, wait: Wait
) -> None:
    picture = face(64, 64)
    item = put(window, picture)
    click(window, spot(window, item))
    wait(lambda: window.panel.verb() == "edit")
    window.panel.middle.page().use("change")
    studio.settings.set_preference("live_preview", True)
    window.panel.middle.live.setChecked(True)
    looks: list[Any] = []
    window.session.looked.connect(looks.append)
    window.panel._scroll.ensureWidgetVisible(window.panel.middle.controls.rows["beard"])

    def slider_of() -> QSlider:
        (found,) = window.panel.middle.controls.rows["beard"].findChildren(QSlider)
        return found

    def is_there() -> bool:
        return slider_of().visibleRegion().contains(slider_of().rect().center())

    # Models and plugins may be told once more while the window opens: the panel has settled then.
    wait(lambda: is_there() and not window.session.is_busy and not studio.jobs.jobs)
    row, slider = window.panel.middle.controls.rows["beard"], slider_of()
    middle = slider.rect().center()
    QTest.mousePress(slider, LEFT, NONE, middle)
    QTest.mouseMove(slider, middle + QPoint(slider.width() // 4, 0))
    QTest.mouseMove(slider, QPoint(slider.width() - 2, middle.y()))
    QTest.mouseRelease(slider, LEFT, NONE, QPoint(slider.width() - 2, middle.y()))
    assert window.panel.middle.controls.rows["beard"] is row
    assert row.value() == 1.0
    wait(lambda: bool(looks))
    window.panel.run()
    wait(lambda: len(offered(window)) == 1 and not window.session.is_busy)
    (made,) = offered(window)
    assert there(made.provenance).controls == {"beard": 1.0}
    assert (picture_of(window, made) != picture.pixels).any()
    assert picture_of(window, made).shape == (64, 64, 3)


def test_words_that_the_model_does_not_know_stand_at_the_prompt(
    window: StudioWindow, wait: Wait
) -> None:
    window.panel.set_verb("generate")
    page = window.panel.middle.page()
    page.prompt.setPlainText("glasses")
    window.panel.run()
    wait(lambda: "beard" in page._error.text())
    assert not offered(window)


def test_two_faces_are_blended_into_a_strip(window: StudioWindow, wait: Wait) -> None:
    first, second = face(64, 64), face(48, 48, seed=3)
    items = [put(window, first), put(window, second, x=300.0)]
    click(window, spot(window, items[0]))
    click(window, spot(window, items[1]), shift=True)
    press(window, "Blend", wait)
    wait(lambda: len(offered(window)) == 8 and not window.session.is_busy)
    strip = sorted(offered(window), key=lambda each: each.position)
    assert len({each.strip for each in strip}) == 1
    assert np.abs(picture_of(window, strip[0]) - first.pixels).max() <= 1
    assert picture_of(window, strip[-1]).shape == (64, 64, 3)


def test_a_starter_takes_the_model_that_it_is_for(
    window: StudioWindow, studio: Studio, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = next(each for each in studio.models if each.name == "toons")
    came = [replace(own, name=name, shipped=True, digest=name * 8) for name in ("cartoon", "other")]
    monkeypatch.setattr(studio, "models", came)
    chosen: list[str] = []
    monkeypatch.setattr(
        window.panel, "choose", lambda _generator, name, _digest: chosen.append(name)
    )
    about = there(studio.record("vae-faces").description)
    starting = there(window.beginning).starting
    starting.begin(about, about.starters[0])
    wait(lambda: len(studio.project.board.items) == 1 and bool(chosen))
    assert chosen == ["cartoon"]
    (item,) = studio.project.board.items
    assert item.mask is not None
    assert there(window.panel.middle.page().operation()).id == "regenerate"
