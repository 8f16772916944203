"""An explanation that looks into the data that a model learnt from, and can be asked otherwise."""

from collections.abc import Callable
from pathlib import Path

import pytest
from kinds import there
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from aigc_studio.api import Checkpoint, Text
from aigc_studio.library.drafts import Draft
from aigc_studio.library.new_trainings import NewTraining
from aigc_studio.project import Item, commands
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.making.explaining import Explaining

Wait = Callable[[Callable[[], object]], None]
MakeWindow = Callable[..., StudioWindow]
LEFT = Qt.MouseButton.LeftButton
TITLE = "What was copied?"

COPIES = """
from aigc_studio.api import *
from aigc_studio.toolkit.sequences import copies

class Least(Parameters):
    least: int = parameter(6, {"en": "At least", "zh": "至少"}, minimum=2, maximum=100,
                           unit={"en": "characters", "zh": "字"},
                           help={"en": "From how many on.", "zh": "从多少个起。"})

@hookimpl
def describe():
    return Description(id="copies", title="Copies", medium=Text, operations=(
        Operation(id="learn", verb="train", title="Learn"),
        Operation(id="measure", verb="evaluate", title="Measure"),
        Operation(id="copied", verb="evaluate", title="What was copied?", artifacts=1,
                  parameters=Least, data="required"),
    ))

@hookimpl
def train(request):
    yield Progress(1, 1)

@hookimpl
def evaluate(request):
    if request.parameters.least == 13:
        raise GeneratorError("Not thirteen.", zh="不可为十三。", parameter="least")
    text, least = request.text.value, request.parameters.least
    found = copies(text, [str(each.artifact) for each in request.dataset], least)
    for each in found:
        words = f"{len(each)} of {request.dataset.split}"
        yield Annotation(Span(each.start, each.stop), 1.0, words)
    if not found:
        yield Message("Nothing was copied.")
"""
HEAD = b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'


@pytest.fixture
def window(
    home: Path,
    studio: Studio,
    plugin_names: Callable[..., None],
    make_window: MakeWindow,
    request: pytest.FixtureRequest,
) -> StudioWindow:
    """A window with a generator that tells what was copied, and one model of it; the parameter is
    what its dataset says of itself besides."""
    (home / "data" / "plugins" / "copies.py").write_text(COPIES, encoding="utf-8")
    plugin_names("copies", "echo")
    studio.registry.refresh()
    drafts = [Draft(Text("The fox runs home."), split="train"), Draft(Text("Owls."), split="test")]
    about = {"test_share": None} | getattr(request, "param", {})
    list(studio.dataset_store.write("tales", "text", drafts, about))
    training = studio.training_store.create(
        NewTraining("copies", studio.dataset_store.open("tales"), name="m", steps=1)
    )
    training.request()
    folder = training.work / "one"
    folder.mkdir()
    (folder / "weights.safetensors").write_bytes(len(HEAD).to_bytes(8, "little") + HEAD + bytes(4))
    training.note_checkpoint(Checkpoint(folder, 1, {"zeal": 1.0}, best=True))
    assert training.publish(studio.model_store) is not None
    training.discard()
    window = make_window("copies", size=(1280, 800))
    studio.refresh_models()
    window.board_area.view.setFocus()
    return window


def put(window: StudioWindow, words: str) -> Item:
    project = window.studio.project
    board, content = project.board, project.store.put(Text(words))
    item = Item(board.new_ids(1)[0], "item", content, len(board) * 400.0, 0.0, 240.0, 160.0)
    assert window.studio.do(commands.add_items(board, [item]))
    view = window.board_area.view
    view.show_rect(view.board_scene.bounds(), 1.0)
    view.select([item.id])
    return item


def explain(window: StudioWindow, wait: Wait) -> Explaining:
    wait(lambda: window.panel.models.model() is not None)
    window.verbs.refresh()
    found = window.board_area.verbs.findChildren(QToolButton)
    button = next(each for each in found if each.isVisible() and each.accessibleName() == TITLE)
    QTest.mouseClick(button, LEFT)
    settle(window, wait)
    return window.board_area.explaining


def settle(window: StudioWindow, wait: Wait) -> None:
    wait(lambda: not window.studio.jobs.under_way())


def set_least(window: StudioWindow, number: int, wait: Wait) -> None:
    """Type a number into the form at the legend, and wait for what comes of it."""
    explaining = window.board_area.explaining
    asked: list[object] = []
    row = there(explaining.options).form.rows["least"]
    (field,) = [each for each in row.findChildren(QLineEdit) if each.isVisible()]
    field.setFocus()
    field.selectAll()
    # A job may be over before anybody has looked.
    window.studio.jobs.job_added.connect(asked.append)
    QTest.keyClicks(field, str(number))
    QTest.keyClick(field, Qt.Key.Key_Return)
    wait(lambda: bool(asked))
    window.studio.jobs.job_added.disconnect(asked.append)
    settle(window, wait)


def parts(window: StudioWindow) -> list[tuple[str, str]]:
    """The letters and the words of each part."""
    item = window.board_area.view.board_scene.item(window.board_area.explaining.item_id)
    heat = there(there(item).heat)
    return [(letters, words) for letters, _value, words in heat.table()]


def told(window: StudioWindow) -> str:
    return window.board_area.bar.text


def test_it_is_given_the_training_part_of_what_the_model_learnt_from(
    window: StudioWindow, wait: Wait
) -> None:
    window.studio.dataset_store.rename("tales", "renamed")  # it goes by what is in it
    put(window, "A fox runs away. Owls.")
    explain(window, wait)
    assert parts(window) == [(" fox runs ", "10 of train")]
    assert told(window) == ""


def test_what_to_look_for_is_set_at_the_legend_asked_for_anew_and_remembered(
    qtbot: QtBot, window: StudioWindow, wait: Wait
) -> None:
    put(window, "A fox runs away. He is at home.")
    explaining = explain(window, wait)
    legend = explaining.legend
    assert legend.options.isVisible()
    options = there(explaining.options)
    assert not options.isVisible()
    qtbot.mouseClick(legend.options, LEFT)
    assert options.isVisible()
    assert not options.geometry().intersects(legend.geometry())
    assert there(window.board_area.view).rect().contains(options.geometry())
    assert parts(window) == [(" fox runs ", "10 of train"), (" home.", "6 of train")]
    set_least(window, 8, wait)
    assert parts(window) == [(" fox runs ", "10 of train")]
    QTest.keyClick(options.form, Qt.Key.Key_Escape)
    assert not options.isVisible()
    assert legend.isVisible()
    window.board_area.view.setFocus()
    QTest.keyClick(window.board_area.view, Qt.Key.Key_Escape)
    assert not legend.isVisible()
    assert explaining.options is None
    explain(window, wait)
    assert there(explaining.options).values() == {"least": 8}


def test_where_nothing_is_found_something_else_can_be_asked_for(
    qtbot: QtBot, window: StudioWindow, wait: Wait
) -> None:
    put(window, "foxes")
    explaining = explain(window, wait)
    assert told(window) == "Nothing was copied."
    assert explaining.legend.isVisible()
    qtbot.mouseClick(explaining.legend.options, LEFT)
    set_least(window, 3, wait)
    assert parts(window) == [("fox", "3 of train")]
    set_least(window, 13, wait)
    row = there(explaining.options).form.rows["least"]
    assert row.error() == "Not thirteen."
    assert there(explaining.options).isVisible()
    set_least(window, 3, wait)
    assert row.error() == ""


def test_data_that_is_not_here_is_a_sentence_that_says_what_to_do(
    window: StudioWindow, wait: Wait
) -> None:
    window.studio.dataset_store.delete("tales")
    put(window, "A fox runs away.")
    explaining = explain(window, wait)
    assert told(window) == (
        "“What was copied?” looks into the data that the model m learnt from, “tales”, and that is "
        "not in the Library: import it there, and ask again."
    )
    assert explaining.item_id == ""
    assert not explaining.legend.isVisible()
    press(window, "Import it…")
    library = there(window.dialogs.library)
    assert library.isVisible()
    assert library.tabs.currentWidget() is library.datasets


@pytest.mark.parametrize("window", [{"pack": "fiddle-tunes"}], indirect=True)
def test_a_pack_that_is_not_here_is_a_press_away(window: StudioWindow, wait: Wait) -> None:
    window.studio.dataset_store.delete("tales")
    put(window, "A fox runs away.")
    explain(window, wait)
    assert "fetch the sample pack “Fiddle tunes” there" in told(window)
    press(window, "Show the sample pack")
    library = there(window.dialogs.library)
    assert library.tabs.currentWidget() is library.packs
    wait(lambda: "fiddle-tunes" in library.packs.cards)
    pack = library.packs.cards["fiddle-tunes"]
    wait(lambda: not pack.visibleRegion().isEmpty())
    wait(lambda: library.focusWidget() is pack.agree)


def press(window: StudioWindow, words: str) -> None:
    """Press a button of the message."""
    found = window.board_area.bar.findChildren(QAbstractButton)
    (button,) = [each for each in found if each.isVisible() and each.text() == words]
    QTest.mouseClick(button, LEFT)


def test_data_that_was_changed_since_is_looked_into_and_said(
    window: StudioWindow, wait: Wait
) -> None:
    drafts = [Draft(Text("A fox runs."), split="train"), Draft(Text("Owls."), split="test")]
    window.studio.dataset_store.delete("tales")
    list(window.studio.dataset_store.write("tales", "text", drafts, {"test_share": None}))
    put(window, "A fox runs away.")
    explain(window, wait)
    assert parts(window) == [("A fox runs", "10 of train")]
    wait(lambda: "has changed since the model m learnt from it" in told(window))


def test_the_form_stays_by_its_legend_in_a_small_window(
    qtbot: QtBot, window: StudioWindow, wait: Wait
) -> None:
    window.resize(1024, 640)
    put(window, "A fox runs away.")
    explaining = explain(window, wait)
    qtbot.mouseClick(explaining.legend.options, LEFT)
    options, legend = there(explaining.options), explaining.legend
    window.board_area.view.centerOn(0, 300)
    qtbot.waitUntil(lambda: not options.geometry().intersects(legend.geometry()))
    assert there(window.board_area.view).rect().contains(options.geometry())
    assert options.mapToGlobal(QPoint(0, 0)).x() >= window.mapToGlobal(QPoint(0, 0)).x()
