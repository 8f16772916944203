"""Models in the window's language: which one is taken first, and what it is called."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kinds import there
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.api import Description
from aigc_studio.host import PluginRecord, PluginSource
from aigc_studio.library import ModelInfo
from aigc_studio.translation import set_language
from aigc_studio.ui.prompt.panel import PromptPanel
from aigc_studio.ui.settings import Settings

VERSE = Description(id="verse", title="Verse", medium="text", verbs=("generate", "train"))


def model(name: str, **card: Any) -> ModelInfo:
    digest = name[0] * 64
    return ModelInfo(name, "verse", Path(name), {"name": name, **card}, True, digest, 1, digest)


BARD = model("bard", data={"language": "en"})
TANG = model("tang", data={"language": "zh"}, title={"en": "tang", "zh": "唐诗"})


@pytest.fixture
def chinese() -> Iterator[None]:
    set_language("zh_CN")
    yield
    set_language("en")


@pytest.fixture
def panel(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> PromptPanel:
    made = PromptPanel(Settings(tmp_path / "settings.ini"))
    qtbot.addWidget(made)
    made.set_records([PluginRecord(PluginSource("file", "verse"), "ready", VERSE)])
    made.set_models([BARD, TANG])
    return made


@pytest.mark.usefixtures("chinese")
def test_a_chinese_window_begins_with_the_model_that_writes_chinese(panel: PromptPanel) -> None:
    assert panel.models.model() is TANG
    assert panel.models.combo.currentText().startswith("唐诗")
    assert there(panel.prompt()).model == "tang"  # what is asked for keeps its name
    panel.choose("verse", "bard", BARD.digest)
    panel.set_models([BARD, TANG])
    assert panel.models.model() is BARD  # what was chosen stays


def made_anew(panel: PromptPanel, qtbot: QtBot) -> PromptPanel:
    """The window of the next time, with the same settings."""
    made = PromptPanel(panel.settings)
    qtbot.addWidget(made)
    made.set_models([BARD, TANG])
    made.set_records([PluginRecord(PluginSource("file", "verse"), "ready", VERSE)])
    return made


def test_a_model_that_nobody_chose_follows_the_language(panel: PromptPanel, qtbot: QtBot) -> None:
    panel.run()
    assert panel.models.model() is BARD
    set_language("zh_CN")
    try:
        again = made_anew(panel, qtbot)
        assert again.models.model() is TANG
        again.run()
    finally:
        set_language("en")
    assert made_anew(panel, qtbot).models.model() is BARD


def test_one_that_was_chosen_does_not(panel: PromptPanel, qtbot: QtBot) -> None:
    panel.models.combo.activated.emit(0)  # the one that was there already, by hand
    set_language("zh_CN")
    try:
        again = made_anew(panel, qtbot)
        assert again.models.model() is BARD
        again.choose("verse", "tang", TANG.digest)
    finally:
        set_language("en")
    again = made_anew(panel, qtbot)
    assert again.models.model() is TANG
    again.run()
    assert made_anew(panel, qtbot).models.model() is TANG


def test_one_that_is_to_be_used_is_chosen_though_it_was_there(
    panel: PromptPanel, qtbot: QtBot
) -> None:
    assert panel.models.model() is BARD
    panel.choose("verse", "bard", BARD.digest)  # as *Use* in the Library does
    set_language("zh_CN")
    try:
        assert made_anew(panel, qtbot).models.model() is BARD
    finally:
        set_language("en")


def test_a_generator_that_is_not_shown_is_used_with_what_was_chosen(
    panel: PromptPanel, qtbot: QtBot
) -> None:
    panel.choose("verse", "tang", TANG.digest)
    again = PromptPanel(panel.settings)
    qtbot.addWidget(again)
    again.set_models([BARD, TANG])
    assert again.models.begun_with("verse") is TANG


def test_an_english_window_begins_with_the_one_that_writes_english(panel: PromptPanel) -> None:
    panel.set_models([TANG, BARD])
    assert panel.models.combo.findText("tang (included)") >= 0
    assert panel.models.model() is BARD


def test_another_model_is_told_once_where_it_is_taken_by_hand(
    panel: PromptPanel, qtbot: QtBot
) -> None:
    told: list[str] = []
    panel.models.changed.connect(lambda: told.append(panel.models.model().name))
    qtbot.keyClick(panel.models.combo, Qt.Key.Key_Down)
    assert told == ["tang"]
