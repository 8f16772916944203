"""The train dialog: what a person asks for becomes a training; what cannot be is said in place."""

import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from gui.person import is_in_reach
from kinds import there
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.api import Description, Melody, Note, Operation, Text
from aigc_studio.host import PluginRecord, PluginSource
from aigc_studio.library import (
    DatasetInfo,
    DatasetStore,
    ModelInfo,
    ModelStore,
    PackStore,
    TrainingStore,
    downloads,
)
from aigc_studio.library.drafts import Draft
from aigc_studio.ui.library.import_dialog import ImportDialog
from aigc_studio.ui.settings import Settings
from aigc_studio.ui.training.dialog import TrainDialog, TrainingAsked
from aigc_studio.ui.training.estimate import buys_text, estimate_text, memory_free, remarks

SCHEMA = {
    "type": "object",
    "properties": {
        "rate": {
            "type": "number", "default": 0.1, "minimum": 0, "maximum": 1, "x-ui": {"label": "Rate"},
        }
    },
}  # fmt: skip


@pytest.fixture
def stores(tmp_path: Path) -> SimpleNamespace:
    return SimpleNamespace(
        dataset_store=DatasetStore(),
        pack_store=PackStore(),
        model_store=ModelStore(shipped=tmp_path / "none"),
        training_store=TrainingStore(),
        settings=Settings(tmp_path / "settings.ini"),
    )


@pytest.fixture
def record() -> PluginRecord:
    description = Description(
        id="words",
        title={"en": "Words", "zh": "词"},
        medium="text",
        version="3",
        operations=(Operation(id="learn", verb="train", title="Learn", parameters=SCHEMA),),
        verbs=("train",),
    )
    source = PluginSource("entry_point", "words", "words", "aigc-words", "3")
    return PluginRecord(source, "ready", description)


@pytest.fixture
def texts() -> None:
    drafts = [Draft(Text(f"{n}")) for n in range(60)]
    list(DatasetStore().write("诗", "text", drafts, {"licence": "CC0"}))


def opened(
    qtbot: QtBot, record: PluginRecord, stores: SimpleNamespace, folder: Path | None = None
) -> TrainDialog:
    dialog = TrainDialog(record, stores, folder)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.page.model.count() > 0)
    return dialog


def test_until_the_data_is_listed_it_says_so_and_its_buttons_stand_where_they_will(
    qtbot: QtBot, record: PluginRecord, stores: SimpleNamespace, texts: None
) -> None:
    dialog = TrainDialog(record, stores)
    qtbot.addWidget(dialog)
    dialog.show()  # what is listed comes with a later turn of events
    page = dialog.page
    assert page.estimate.text() == "Looking at the data…"
    widths = page.cancel.width(), page.accept.width()
    qtbot.waitUntil(lambda: "of memory" in page.estimate.text())
    assert (page.cancel.width(), page.accept.width()) == widths


def test_what_is_asked_becomes_a_training(
    qtbot: QtBot, record: PluginRecord, stores: SimpleNamespace, texts: None
) -> None:
    dialog = opened(qtbot, record, stores)
    page = dialog.page
    assert page.dataset.currentData() == "诗"
    assert "held out" in page.about.text()
    assert "of memory" in page.estimate.text()
    assert page.name.text() == "诗"  # as the data
    page.by_steps.click()
    page.steps.setValue(70)
    page.seed.setValue(9)
    asked: list[Any] = []
    dialog.training_requested.connect(asked.append)
    with qtbot.waitSignal(dialog.training_ready) as ready:
        qtbot.mouseClick(page.accept, Qt.MouseButton.LeftButton)
    assert asked == [
        TrainingAsked(
            generator="words", dataset="诗", operation="learn", name="诗", steps=70, seed=9,
            parameters={"rate": 0.1},
        )
    ]  # fmt: skip
    document = ready.args[0].document
    assert (document["steps"], document["minutes"], document["seed"]) == (70, None, 9)
    assert document["versions"] == {"words": "3"}
    assert document["distribution"] == "aigc-words"
    assert not dialog.isVisible()


def test_without_data_there_are_packs_and_import(
    qtbot: QtBot, record: PluginRecord, stores: SimpleNamespace
) -> None:
    dialog = opened(qtbot, record, stores)
    assert not dialog.page.accept.isEnabled()
    assert list(dialog._packs.cards) == ["shakespeare", "tang-poems"]
    assert dialog.page.packs_section.is_open()
    qtbot.mouseClick(dialog.page.import_button, Qt.MouseButton.LeftButton)
    imports = QApplication.activeModalWidget()
    assert isinstance(imports, ImportDialog)
    assert imports.page.medium() == "text"  # as this generator learns from
    imports.reject()


def test_packs_fold_away_once_there_is_something_to_learn_from(
    qtbot: QtBot, record: PluginRecord, stores: SimpleNamespace, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("One. Two. Three.")
    dialog = opened(qtbot, record, stores, tmp_path / "a.txt")
    packs = dialog.page.packs_section
    qtbot.waitUntil(packs.is_open)
    imports = there(dialog.findChild(ImportDialog))
    qtbot.waitUntil(lambda: imports.found is not None)
    qtbot.mouseClick(imports.page.accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not packs.is_open())
    assert packs.isVisible()
    packs.set_open(True)  # by hand it is open
    dialog.page.show_packs(any_pack=True, any_data=True)
    assert packs.is_open()


def test_a_fetch_that_broke_off_offers_both_ways_on_in_the_dialog(
    qtbot: QtBot, record: PluginRecord, stores: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = "raise SystemExit('IncompleteRead')"
    monkeypatch.setattr(downloads, "pip_command", lambda _folder: [sys.executable, "-c", program])
    dialog = opened(qtbot, record, stores)
    assert "fetch a pack" in dialog.page.estimate.text()  # why Train is grey
    card = dialog._packs.cards["shakespeare"]
    # What may be pressed for one's own data is Your own…, and nothing of the pack.
    shown = [each for each in (card.choose, card.choose_folder) if each.isVisible()]
    assert (dialog.page.import_button.text(), shown) == ("Your own…", [])
    card.agree.setChecked(True)
    qtbot.waitUntil(lambda: is_in_reach(card.fetch))  # it is shown before it has its place
    qtbot.mouseClick(card.fetch, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "was interrupted" in card.error.text())
    assert card.fetch.text() == "Try again"
    assert card.fetch.isEnabled()
    assert card.choose.isEnabled()
    assert card.choose.isVisible()  # the other way to it


def test_a_dropped_folder_is_learnt_from(
    qtbot: QtBot, record: PluginRecord, stores: SimpleNamespace, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("One. Two. Three.")
    dialog = opened(qtbot, record, stores, tmp_path / "a.txt")
    imports = there(dialog.findChild(ImportDialog))
    qtbot.waitUntil(lambda: imports.found is not None)
    qtbot.mouseClick(imports.page.accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.page.dataset.currentData() == "a")
    qtbot.waitUntil(dialog.page.accept.isEnabled)
    assert "learns them by heart" in dialog.page.remarks.text()


def test_data_that_it_cannot_learn_from_is_not_passed_over_in_silence(
    qtbot: QtBot, record: PluginRecord, stores: SimpleNamespace, texts: None, tmp_path: Path
) -> None:
    (tmp_path / "a.abc").write_text("X:1\nT:a\nM:4/4\nL:1/4\nK:C\nCDEF|GABc|]\n")
    dialog = opened(qtbot, record, stores, tmp_path / "a.abc")
    came: list[tuple[str, str]] = []
    dialog.data_came.connect(lambda *told: came.append(told))
    imports = there(dialog.findChild(ImportDialog))
    qtbot.waitUntil(lambda: imports.found is not None)
    qtbot.mouseClick(imports.page.accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: came == [("a", "melody")])
    assert dialog.page.error.text() == "Words does not learn from “a”: it holds tunes."
    assert dialog.page.dataset.currentData() == "诗"


def test_a_list_that_was_read_before_the_data_came_does_not_pass_over_it(
    qtbot: QtBot, record: PluginRecord, stores: SimpleNamespace, texts: None
) -> None:
    dialog = opened(qtbot, record, stores)
    came: list[tuple[str, str]] = []
    dialog.data_came.connect(lambda *told: came.append(told))
    older: Any = (DatasetStore().list(), [], [], [])
    drafts = [Draft(Melody(notes=(Note(0, 480, 60 + n),))) for n in range(4)]
    list(DatasetStore().write("tunes", "melody", drafts, {"licence": "CC0"}))
    dialog._take_dataset("tunes")
    dialog._fill(older)  # it was on its way
    qtbot.waitUntil(lambda: came == [("tunes", "melody")])


def test_a_bad_name_is_said_in_place(
    qtbot: QtBot, record: PluginRecord, stores: SimpleNamespace, texts: None
) -> None:
    dialog = opened(qtbot, record, stores)
    dialog.page.name.setText("a/b")
    qtbot.mouseClick(dialog.page.accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "leave it out" in dialog.page.error.text())
    assert dialog.isVisible()
    assert stores.training_store.list() == []
    dialog.page.name.clear()
    assert not dialog.page.accept.isEnabled()


def test_the_name_that_is_proposed_is_free_among_all_models(
    qtbot: QtBot, record: PluginRecord, stores: SimpleNamespace, texts: None
) -> None:
    """Another generator learnt from the same data: both cannot have its name."""
    folder = stores.model_store.folder / "诗"
    folder.mkdir(parents=True)
    (folder / "card.json").write_text('{"generator": "others"}')
    dialog = opened(qtbot, record, stores)
    assert dialog.page.name.text() == "诗 2"
    with qtbot.waitSignal(dialog.training_ready):
        qtbot.mouseClick(dialog.page.accept, Qt.MouseButton.LeftButton)


def test_errors_stand_beside_their_fields(
    qtbot: QtBot, record: PluginRecord, stores: SimpleNamespace, texts: None
) -> None:
    dialog = opened(qtbot, record, stores)
    dialog.set_errors({"rate": "too much", "other": "no such thing"})
    assert dialog.page.forms["learn"].rows["rate"].error() == "too much"
    assert dialog.page.error.text() == "no such thing"


def test_what_minutes_buy_is_never_told_as_no_step_at_all() -> None:
    starved = buys_text(1, None, 0.3, None)  # one step in three minutes, beside other work
    assert "shows in the first seconds" in starved
    assert "0 steps" not in starved
    assert "are about 30 steps" in buys_text(1, None, 30, None)


def test_the_estimate_warns_when_memory_is_short(
    texts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = DatasetStore().info("诗")
    assert memory_free() > 0
    assert not estimate_text(info, None, 5)[1]
    monkeypatch.setattr("aigc_studio.ui.training.estimate.memory_free", lambda: 1000)
    text, warns = estimate_text(info, None, 5)
    assert warns
    assert text.startswith("Takes 5 min at most.")
    assert "Close other programs" in text


def test_remarks_before_training(texts: None) -> None:
    info = DatasetStore().split_by("诗", test_share=0)
    found = remarks(info, None, classes=True)
    assert len(found) == 2
    card = {"frame": {"width": 28, "height": 28, "mode": "L"}}
    model = ModelInfo("m", "words", Path("m"), card, False, "", 0)
    shapes = {"64×64×3": 108}
    pictures = DatasetInfo("p", Path("p"), "image", "", 99, 9, labels={"a": 1}, shapes=shapes)
    (sentence,) = remarks(pictures, model, classes=True)
    assert "28×28" in sentence
    assert "64×64×3" in sentence
    larger = replace(pictures, shapes={"128×128": 108})
    assert remarks(larger, model, classes=True) == []  # made smaller, which costs nothing
    wide = replace(pictures, shapes={"128×256": 108})
    assert len(remarks(wide, model, classes=True)) == 1


@pytest.mark.parametrize(("known", "told"), [(["a", "b"], False), (["b"], True), ([], True)])
def test_few_examples_are_enough_for_who_knows_their_kinds(known: list[str], told: bool) -> None:
    few = DatasetInfo("p", Path("p"), "image", "", 30, 3, labels={"a": 33})
    card = {"controls": {"classes": known}}
    model = ModelInfo("m", "digits", Path("m"), card, False, "d" * 64, 0)
    assert ("by heart" in " ".join(remarks(few, model, classes=True))) is told
    assert "by heart" in " ".join(remarks(few, None, classes=True))
    fewer = replace(few, train=19)
    assert "by heart" in " ".join(remarks(fewer, model, classes=True))


def test_what_was_asked_last_stands_there_again(
    qtbot: QtBot, record: PluginRecord, stores: SimpleNamespace, texts: None
) -> None:
    list(DatasetStore().write("a first", "text", [Draft(Text("a"))], {"licence": "CC0"}))
    first = opened(qtbot, record, stores)
    page = first.page
    page.dataset.setCurrentIndex(page.dataset.findData("诗"))
    page.by_steps.click()
    page.steps.setValue(70)
    page.forms["learn"].set_values({"rate": 0.3})
    with qtbot.waitSignal(first.training_ready):
        qtbot.mouseClick(page.accept, Qt.MouseButton.LeftButton)
    second = opened(qtbot, record, stores)
    again = second.page
    assert again.dataset.currentData() == "诗"
    assert again.length() == (None, 70)
    assert again.parameters() == {"rate": 0.3}


def test_remembered_nonsense_is_passed_over(
    qtbot: QtBot, record: PluginRecord, stores: SimpleNamespace, texts: None
) -> None:
    nonsense = {"dataset": "gone", "steps": "many", "minutes": True, "operation": 3,
                "parameters": [1]}  # fmt: skip
    stores.settings.remember(nonsense, "train", "words")
    dialog = opened(qtbot, record, stores)
    page = dialog.page
    assert page.dataset.currentData() == "诗"
    assert page.length() == (5.0, None)
    assert page.parameters() == {"rate": 0.1}


def test_it_fits_a_small_screen(
    qtbot: QtBot, record: PluginRecord, stores: SimpleNamespace, texts: None
) -> None:
    dialog = opened(qtbot, record, stores)
    assert dialog.height() <= 600
    assert dialog.minimumSizeHint().height() <= 600


def test_the_footer_cuts_no_field_where_the_screen_has_room(
    qtbot: QtBot, record: PluginRecord, stores: SimpleNamespace
) -> None:
    description = replace(there(record.description), sample_packs=("tang-poems",))
    dialog = opened(qtbot, replace(record, description=description), stores)
    area, name = dialog.page._area, dialog.page.name
    assert dialog._packs.cards["tang-poems"].isVisible()

    def is_whole() -> bool:
        corner = name.mapTo(area.viewport(), name.rect().bottomRight())
        return area.viewport().rect().contains(corner)

    qtbot.waitUntil(is_whole)
    assert dialog.screen().availableGeometry().contains(dialog.frameGeometry())


def wait_for_look(qtbot: QtBot, dialog: ImportDialog) -> None:
    qtbot.waitUntil(lambda: dialog.found is not None)


def test_folders_open_at_home_and_then_where_the_last_was(
    qtbot: QtBot, stores: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def choose(_parent: object, _title: str, start: str) -> str:
        asked.append(start)
        return str(tmp_path / "poems")

    (tmp_path / "poems").mkdir()
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getExistingDirectory", choose)
    for _time in range(2):
        dialog = ImportDialog(stores.dataset_store)
        qtbot.addWidget(dialog)
        dialog.page.choose_folder.click()
        wait_for_look(qtbot, dialog)
    assert asked == [str(Path.home()), str(tmp_path)]


def test_the_model_to_start_from_is_the_one_chosen_of_two_of_one_name(
    qtbot: QtBot, record: PluginRecord, stores: SimpleNamespace, texts: None, tmp_path: Path
) -> None:
    header = b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'
    weights = len(header).to_bytes(8, "little") + header + b"1"
    for top in (tmp_path / "none" / "words", stores.model_store.folder):
        folder = top / "poems"
        folder.mkdir(parents=True)
        (folder / "weights.safetensors").write_bytes(weights)
        (folder / "words.txt").write_text(str(top))
        (folder / "card.json").write_text('{"generator": "words"}')
    came = next(each for each in stores.model_store.list() if each.shipped)
    dialog = opened(qtbot, record, stores)
    combo = dialog.page.model
    qtbot.waitUntil(lambda: combo.count() == 3)
    assert [combo.itemText(n) for n in (1, 2)] == [
        "poems (yours)", "poems (came with the studio)"
    ]  # fmt: skip
    combo.setCurrentIndex(2)
    with qtbot.waitSignal(dialog.training_ready) as ready:
        qtbot.mouseClick(dialog.page.accept, Qt.MouseButton.LeftButton)
    base = ready.args[0].document["model"]
    assert (base["digest"], base["path"]) == (came.digest, str(came.folder))
