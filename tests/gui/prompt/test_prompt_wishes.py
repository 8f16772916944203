"""An edit that does nothing by itself: what it asks for is asked before anything is made."""

from pathlib import Path

import pytest
from gui.targets import selected
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.api import Control, Controls, Description, Operation
from aigc_studio.host import PluginRecord, PluginSource
from aigc_studio.library import ModelInfo
from aigc_studio.ui.prompt.panel import PromptPanel
from aigc_studio.ui.settings import Settings

_BOTH = ("prompt", "controls")
_LEVEL = {"type": "object", "properties": {"level": {"type": "integer", "default": 0}}}
FACES = Description(
    id="faces",
    title="Faces",
    medium="image",
    verbs=("edit",),
    operations=(
        Operation(
            id="change",
            verb="edit",
            title="Change",
            artifacts=1,
            controls=True,
            prompt="optional",
            asks=_BOTH,
        ),
        Operation(id="turn", verb="edit", title="Turn", artifacts=1, controls=True),
        Operation(
            id="light", verb="edit", title="Light", artifacts=1, parameters=_LEVEL, asks=("level",)
        ),
    ),
)
CONTROLS = Controls(controls=(Control(name="smile"), Control(name="age")))


def model(name: str, controls: Controls, words: bool = True) -> ModelInfo:
    card = {"controls": controls.to_json(), "prompt": {"en": "Say it."} if words else False}
    digest = name[0] * 64
    return ModelInfo(name, "faces", Path(name), card, True, digest, 1, digest)


@pytest.fixture
def panel(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> PromptPanel:
    settings = Settings(tmp_path / "settings.ini")
    settings.set_preference("live_preview", False)
    made = PromptPanel(settings)
    qtbot.addWidget(made)
    made.set_records([PluginRecord(PluginSource("file", "faces"), "ready", FACES)])
    made.set_models(
        [model("all", CONTROLS), model("dumb", CONTROLS, False), model("none", Controls(), False)]
    )
    made.set_target(selected("image"))
    made.show()
    return made


def verb(panel: PromptPanel, key: str) -> None:
    found = {each.operation.id: each for each in panel.editing.verbs()}
    panel.editing.do(found[key])


def test_a_verb_that_was_told_nothing_asks_and_makes_nothing(
    panel: PromptPanel, qtbot: QtBot
) -> None:
    asked: list[object] = []
    panel.edit_requested.connect(asked.append)
    verb(panel, "change")
    assert asked == []
    assert panel.bar.text() == "First say what to change: in words, or by a control."
    assert panel.focusWidget() is panel.middle.edit_page.prompt
    assert panel.bar.level == panel.bar.property("kind").removesuffix("_bar") == "info"
    panel.middle.controls.rows["smile"].set_value(0.5)
    assert panel.bar.text() == ""  # it holds no longer
    panel.set_error("It broke.")
    assert panel.bar.level == panel.bar.property("kind").removesuffix("_bar") == "error"
    panel.run()
    assert len(asked) == 1


def test_words_are_a_wish_as_well_and_blanks_are_none(panel: PromptPanel) -> None:
    asked: list[object] = []
    panel.edit_requested.connect(asked.append)
    verb(panel, "change")
    panel.middle.edit_page.prompt.setPlainText("  \n ")
    panel.run()
    assert asked == []
    panel.middle.edit_page.prompt.setPlainText("no beard")
    panel.run()
    assert len(asked) == 1


def test_a_model_without_words_points_to_its_controls(panel: PromptPanel) -> None:
    panel.choose("faces", "dumb")
    verb(panel, "change")
    assert panel.bar.text() == "First say what to change: set what is offered above."
    assert panel.focusWidget() is panel.middle.controls.rows["smile"].focus_widget()


def test_a_model_that_can_be_asked_nothing_says_so(panel: PromptPanel) -> None:
    asked: list[object] = []
    panel.edit_requested.connect(asked.append)
    panel.choose("faces", "none")
    verb(panel, "change")
    assert "choose another one" in panel.bar.text()
    assert asked == []


def test_a_parameter_can_be_the_wish(panel: PromptPanel) -> None:
    asked: list[object] = []
    panel.edit_requested.connect(asked.append)
    verb(panel, "light")
    assert asked == []
    assert panel.focusWidget() is panel.middle.edit_page.form.rows["level"].focus_widget()
    panel.middle.edit_page.form.set_values({"level": 3})
    panel.run()
    assert len(asked) == 1


def test_an_operation_that_asks_for_nothing_is_done_at_once(panel: PromptPanel) -> None:
    asked: list[object] = []
    panel.edit_requested.connect(asked.append)
    verb(panel, "turn")
    assert len(asked) == 1
