"""Pictures through the window: mask, frame, latent, label and device arrive where they should."""

import gc
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from handwork import change_content
from kinds import there
from PIL import Image as Pillow
from PySide6.QtCore import QRect, Qt
from pytestqt.qtbot import QtBot

from aigc_studio.api import Image
from aigc_studio.project import Item, Provenance, commands, export
from aigc_studio.testing import draw
from aigc_studio.ui.prompt.values import Prompt
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.target import Target
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.making.asked import Asked
from aigc_studio.ui.window.making.material import Material

Wait = Callable[[Callable[[], Any]], None]
HOLE = (slice(8, 20), slice(30, 45))


@pytest.fixture
def window(
    make_window: Callable[..., StudioWindow],
    studio: Studio,
    add_plugins: Callable[..., None],
    plugin_names: Callable[..., None],
    pixel_model: Path,
    wait: Wait,
) -> StudioWindow:
    """A window with the picture plugin, and a model of it that eats 16×16 grey pixels."""
    plugin_names("pixels")
    add_plugins("pixels")
    studio.registry.refresh()
    card = {"generator": "pixels", "frame": {"width": 16, "height": 16, "mode": "L"}}
    studio.model_store.publish(pixel_model, "mean", card)
    window = make_window("pixels")
    wait(lambda: bool(studio.models))
    window.panel.choose("pixels", "mean")
    assert window.panel.generator() == "pixels"
    return window


@pytest.fixture
def pixel_model(tmp_path: Path) -> Path:
    import importlib.util

    path = Path(__file__).parents[3] / "plugins" / "pixels.py"
    spec = importlib.util.spec_from_file_location("pixels_for_a_model", path)
    assert spec is not None
    assert spec.loader is not None
    pixels = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(pixels)
    mean = pixels.MeanPicture()
    for picture in draw("image", 4)[0]:
        mean.learn(picture)
    mean.save(tmp_path / "step-000000004", {"step": 4, "seconds": 1.0})
    return tmp_path / "step-000000004"


def noise(width: int = 60, height: int = 40, seed: int = 3) -> Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    return Image(pixels)


def put(
    window: StudioWindow,
    image: Image,
    hole: tuple[slice, slice] | None = None,
    provenance: Provenance | None = None,
    latent: bytes | None = None,
) -> Item:
    """A picture on the board, perhaps with a mask over a part of it, selected."""
    project = window.studio.project
    mask = None
    if hole is not None:
        pixels = np.zeros(image.pixels.shape[:2], np.uint8)
        pixels[hole] = 255
        mask = project.store.put(Image(pixels))
    item = Item(
        project.board.new_ids(1)[0], "P", project.store.put(image),
        300.0 * len(project.board.items), 0, 240, 160, mask=mask, provenance=provenance,
        latent=project.store.put_latent(latent) if latent else "",
    )  # fmt: skip
    window.studio.do(commands.add_items(project.board, [item]))
    window.board_area.view.select([item.id])
    return item


def ask(window: StudioWindow, wait: Wait, operation: str, count: int = 1, seed: int = 5) -> None:
    """Have the panel run an operation as its button does; wait for what comes."""
    verb = "generate" if operation == "draw" else "edit"
    before = len(window.session.waiting)
    prompt = Prompt(
        generator="pixels", operation=operation, verb=verb, model="mean", count=count, seed=seed
    )
    window.panel.set_prompt(prompt)
    assert window.panel.why_not() == ""
    window.panel.run()
    wait(lambda: len(window.session.waiting) > before and not window.panel.buttons.is_busy())


def newest(window: StudioWindow) -> Any:
    return window.session.waiting[-1]


def pixels_of(window: StudioWindow, item: Item | Any) -> np.ndarray:
    image = window.studio.project.store.get(item.content)
    assert isinstance(image, Image)
    return image.pixels


def test_a_masked_part_is_made_anew_and_nothing_else_changes(
    window: StudioWindow, wait: Wait
) -> None:
    before = noise()
    item = put(window, before, HOLE)
    ask(window, wait, "fill")
    record = newest(window)
    made = pixels_of(window, record)
    outside = np.ones(before.pixels.shape[:2], bool)
    outside[HOLE] = False
    assert made.shape == before.pixels.shape
    assert np.array_equal(made[outside], before.pixels[outside])
    assert (made[HOLE] != before.pixels[HOLE]).any(axis=2).mean() > 0.9
    assert record.provenance.selection["kind"] == "mask"
    assert record.provenance.parents == (item.content.digest,)
    assert window.session.accept([record.id])
    after = pixels_of(window, window.studio.project.board.item(item.id))
    assert np.array_equal(after, made)


def test_the_model_gets_its_frame_and_the_device_that_was_chosen(
    window: StudioWindow, wait: Wait
) -> None:
    window.studio.settings.set_preference("device", "cuda")
    put(window, noise(), HOLE)
    ask(window, wait, "fill")
    assert newest(window).title == "cuda 16x16"


def test_the_frame_tool_shows_what_the_chosen_model_would_get(
    window: StudioWindow, wait: Wait
) -> None:
    scene = window.board_area.view.board_scene
    item = put(window, noise(300, 200), (slice(50, 90), slice(100, 160)))
    assert scene.seen_frame(item.id) == QRect(85, 25, 90, 90)
    scene.set_frame(item.id, QRect(120, 40, 60, 60))
    assert scene.seen_frame(item.id) == QRect(120, 40, 60, 60)
    ask(window, wait, "fill")
    changed = (pixels_of(window, newest(window)) != pixels_of(window, item)).any(axis=2)
    rows, columns = changed.nonzero()
    assert (columns.min(), columns.max(), rows.min(), rows.max()) == (120, 159, 50, 89)


def test_a_frame_without_a_mask_is_what_is_made_anew(window: StudioWindow, wait: Wait) -> None:
    item = put(window, noise(300, 200))
    window.board_area.view.board_scene.set_frame(item.id, QRect(100, 60, 50, 50))
    ask(window, wait, "clean")
    assert newest(window).title.endswith("16x16")
    made, before = pixels_of(window, newest(window)), pixels_of(window, item)
    changed = (made != before).any(axis=2)
    assert made.shape == before.shape
    assert changed[60:110, 100:150].mean() > 0.9
    changed[60:110, 100:150] = False
    assert not changed.any()


@pytest.mark.parametrize(
    ("frame", "words"), [((0, 0, 20, 20), "Nothing of the mask"), ((0, 0, 9, 3), "too little")]
)
def test_a_frame_that_is_no_use_is_said_and_nothing_is_made(
    window: StudioWindow, wait: Wait, frame: Any, words: str
) -> None:
    item = put(window, noise(300, 200), (slice(50, 90), slice(100, 160)))
    left, top, right, bottom = frame
    window.board_area.view.board_scene.set_frame(item.id, QRect(left, top, right, bottom))
    prompt = Prompt(generator="pixels", operation="fill", verb="edit", model="mean", count=1)
    window.panel.set_prompt(prompt)
    window.panel.run()
    wait(lambda: words in window.panel.bar.text())
    assert not window.session.waiting
    assert window.studio.project.board.item(item.id) == item


def test_a_large_picture_is_edited_where_its_frame_is(
    window: StudioWindow, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = noise(1400, 1100)
    item = put(window, before, (slice(500, 560), slice(700, 790)))
    store = window.studio.project.store
    whole: list[Any] = []
    get = type(store).get

    def noted(self: Any, content: Any) -> Any:
        whole.append(content)
        return get(self, content)

    monkeypatch.setattr(type(store), "get", noted)
    ask(window, wait, "fill", count=2)
    assert item.content not in whole, "all of it need not be read"
    monkeypatch.undo()
    for record in window.session.waiting:
        changed = (pixels_of(window, record) != before.pixels).any(axis=2)
        assert changed[500:560, 700:790].mean() > 0.9
        changed[500:560, 700:790] = False
        assert not changed.any()


def test_the_latent_comes_back_while_the_pixels_are_what_it_made(
    window: StudioWindow, wait: Wait
) -> None:
    ask(window, wait, "draw")
    assert window.session.accept([newest(window).id])
    (item,) = window.studio.project.board.items
    window.board_area.view.select([item.id])
    ask(window, wait, "clean")
    assert pixels_of(window, newest(window))[5, 5] == 255  # the plugin had its latent
    project = window.studio.project
    painted = project.store.put(Image(np.full((16, 16), 7, np.uint8)))
    window.studio.do(change_content(project.board, {item.id: painted}))
    window.board_area.view.select([item.id])
    ask(window, wait, "clean")
    assert pixels_of(window, newest(window))[5, 5] == 0  # a hand was at work: it had none


def test_a_latent_of_the_whole_picture_does_not_go_with_a_frame_of_it(
    window: StudioWindow,
) -> None:
    studio = window.studio
    model, description = studio.models[0], studio.record("pixels").description
    assert description is not None
    own = Provenance(medium="image", generator="pixels", model="mean", model_digest=model.digest)

    def latents(operation: str, item: Item) -> Any:
        prompt = Prompt(generator="pixels", operation=operation, verb="edit", model="mean")
        store, target = studio.project.store, Target((item,))
        return Asked(description, prompt, model, store, target).request().latents

    assert latents("clean", put(window, noise(16, 16), None, own, b"its own")) == (b"its own",)
    assert latents("fill", put(window, noise(), HOLE, own, b"of all of it")) == (None,)


def test_a_latent_of_another_generator_is_not_passed_on(window: StudioWindow, wait: Wait) -> None:
    other = Provenance(medium="image", generator="gan-digits", seed=1)
    put(window, noise(16, 16), provenance=other, latent=b"of another model")
    ask(window, wait, "clean")
    assert pixels_of(window, newest(window))[5, 5] == 0


@pytest.mark.parametrize("own", [True, False])
def test_an_export_says_whether_a_person_had_a_part_in_it(
    window: StudioWindow, wait: Wait, tmp_path: Path, own: bool
) -> None:
    if own:
        put(window, noise(), HOLE)
        ask(window, wait, "fill")
    else:
        ask(window, wait, "draw")
    record = newest(window)
    assert record.provenance.composite is own
    window.session.accept([record.id])
    item = window.studio.project.board.items[0]
    path = tmp_path / "out.png"
    export.export(window.studio.project.store.get(item.content), path, item.provenance)
    kind = "compositeWithTrainedAlgorithmicMedia" if own else "/trainedAlgorithmicMedia"
    with Pillow.open(path) as picture:
        assert kind in str(picture.info)
    read = export.read_provenance(path)
    assert read is not None
    assert read.composite is own


def test_a_blend_of_two_items_is_one_strip_in_order(window: StudioWindow, wait: Wait) -> None:
    first = put(window, Image(np.zeros((16, 16), np.uint8)))
    second = put(window, Image(np.full((16, 16), 240, np.uint8)))
    window.board_area.view.select([first.id, second.id])
    ask(window, wait, "morph")
    wait(lambda: len(window.session.waiting) == 4)
    records = window.session.waiting
    assert len({record.strip for record in records}) == 1
    assert [record.position for record in records] == [0, 1, 2, 3]
    parents = (first.content.digest, second.content.digest)
    assert {there(record.provenance).parents for record in records} == {parents}
    assert [pixels_of(window, record)[0, 0] for record in records] == [0, 80, 160, 240]
    assert window.session.accept([record.id for record in records])
    frames = window.studio.project.board.items[2:]
    assert [pixels_of(window, item)[0, 0] for item in frames] == [0, 80, 160, 240]
    assert pixels_of(window, window.studio.project.board.item(first.id))[0, 0] == 0


def test_a_live_preview_of_a_masked_part_leaves_the_rest_alone(
    window: StudioWindow, wait: Wait, qtbot: QtBot
) -> None:
    before = noise()
    put(window, before, HOLE)
    looks: list[Any] = []
    window.session.looked.connect(looks.append)
    prompt = Prompt(
        generator="pixels", operation="fill", verb="edit", model="mean", count=1, seed=5
    )
    window.session.preview(prompt, window.board_area.edit_target())
    wait(lambda: bool(looks))
    made = looks[-1].artifact.pixels
    outside = np.ones(before.pixels.shape[:2], bool)
    outside[HOLE] = False
    assert np.array_equal(made[outside], before.pixels[outside])
    assert not np.array_equal(made[HOLE], before.pixels[HOLE])
    assert window.session.waiting == []


def test_candidates_of_a_large_picture_keep_its_size(window: StudioWindow, wait: Wait) -> None:
    put(window, noise(300, 200), (slice(50, 90), slice(100, 160)))
    ask(window, wait, "fill", count=3)
    wait(lambda: len(window.session.waiting) == 3)
    made = [pixels_of(window, record) for record in window.session.waiting]
    assert {each.shape for each in made} == {(200, 300, 3)}
    # The seed decides, and three candidates are three results.
    assert len({each.tobytes() for each in made}) == 3


def test_a_picture_unlike_what_the_model_knows_is_said_before_the_edit(
    qtbot: QtBot, window: StudioWindow, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, tuple[int, ...]]] = []

    def strangeness(model: Any, picture: Image) -> str:
        asked.append((model.name, picture.pixels.shape))
        return "This picture is unlike all."

    monkeypatch.setattr("aigc_studio.library.likeness.strangeness", strangeness)
    item = put(window, noise())
    panel, view = window.panel, window.board_area.view
    view.setFocus()
    wait(lambda: panel.caution.isVisible())
    assert asked == [("mean", (40, 60, 3))]
    assert not panel.buttons.main.isEnabled()
    view.select([])
    assert not panel.caution.isVisible()
    view.select([item.id])
    wait(lambda: panel.caution.isVisible())
    panel.middle.edit_page.use("clean")
    qtbot.mouseClick(panel.caution.link, Qt.MouseButton.LeftButton)
    assert not panel.caution.isVisible()
    view.select([])
    view.select([item.id])
    wait(lambda: not window.cautions._later.isActive())
    assert not panel.caution.isVisible()
    assert len(asked) == 2
    # Of a part, the model gets its frame: that is what is looked at.
    put(window, noise(seed=4), HOLE)
    wait(lambda: panel.caution.isVisible())
    assert asked[-1] == ("mean", (16, 16))


def test_a_model_that_knows_such_pictures_is_offered_instead(
    qtbot: QtBot, window: StudioWindow, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mean,) = (each for each in window.studio.models if each.name == "mean")
    window.studio.models = [
        *window.studio.models,
        *(replace(mean, name=name, digest=name * 8) for name in ("cartoons", "photographs")),
    ]
    window.studio.models_changed.emit()
    monkeypatch.setattr(
        "aigc_studio.library.likeness.strangeness",
        lambda model, _picture: "" if model.name == "photographs" else "It is unlike all.",
    )
    monkeypatch.setattr("aigc_studio.api.likeness.Likeness.of_card", lambda _card: "known")
    put(window, noise(), HOLE)
    window.board_area.view.setFocus()
    panel = window.panel
    wait(lambda: panel.caution.isVisible())
    assert panel.caution.better.text() == "Use photographs"
    panel.run()
    assert panel.caution.better.hasFocus()
    qtbot.keyClick(panel.caution.better, Qt.Key.Key_Space)
    assert there(panel.models.model()).name == "photographs"
    assert not panel.caution.isVisible()
    assert panel.buttons.main.isEnabled()
    qtbot.wait(300)  # it is looked at again, and nothing speaks against it
    wait(lambda: not window.cautions._later.isActive())
    assert not panel.caution.isVisible()


def test_what_an_edit_read_leaves_the_memory_when_all_has_come(
    window: StudioWindow, studio: Studio, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[weakref.ref[Any]] = []
    parts = Material.parts

    def noted(self: Material) -> dict[str, Any]:
        found = parts(self)
        read.append(weakref.ref(there(self.selection)))
        return found

    monkeypatch.setattr(Material, "parts", noted)
    item = put(window, noise(), HOLE)
    ask(window, wait, "fill", count=2)
    wait(lambda: not studio.jobs.under_way())
    gc.collect()
    assert [each() for each in read] == [None]
    assert len(window.session.artifacts) == 0  # of a picture that waits, only its store has it
    base = there(newest(window).base)
    assert (base.content, base.mask) == (item.content, item.mask)
    made = newest(window)
    assert window.session.accept([made.id])
    assert studio.project.board.item(item.id).content == made.content
