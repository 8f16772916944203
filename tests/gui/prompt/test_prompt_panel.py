"""The prompt panel: what it offers, emits, remembers, and why it says no."""

import hashlib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from gui.targets import selected
from kinds import known, there
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from aigc_studio.api import Description, Operation, Progress, Span
from aigc_studio.host import PluginRecord, PluginSource
from aigc_studio.host.records import RecordState
from aigc_studio.library import ModelInfo
from aigc_studio.ui.forms.numbers import NumberSlider
from aigc_studio.ui.prompt import verbs
from aigc_studio.ui.prompt.explains import explains_for
from aigc_studio.ui.prompt.operations import OperationChooser, OperationPage
from aigc_studio.ui.prompt.panel import Prompt, PromptPanel
from aigc_studio.ui.prompt.parts import NoticeBar
from aigc_studio.ui.settings import Settings
from aigc_studio.ui.target import Target

FORM = {
    "properties": {
        "variety": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5},
        "steps": {"type": "integer", "default": 3},
    }
}
DIGITS = Description(
    id="gan-digits",
    title={"en": "GAN digits", "zh": "数字"},
    medium="image",
    verbs=("train", "generate", "edit"),
    operations=(
        Operation(
            id="digits",
            verb="generate",
            title="Digits",
            parameters=FORM,
            prompt="required",
            prompt_example="2024",
        ),
        Operation(
            id="clean-up", verb="edit", title="Clean up & redraw", artifacts=1, prompt="optional"
        ),
        Operation(
            id="fill",
            verb="edit",
            title="Fill in",
            artifacts=1,
            selection="required",
            prompt="none",
        ),
        Operation(id="morph", verb="edit", title="Morph", artifacts=2),
    ),
)
ECHO = Description(id="echo", title="Echo", medium="text", verbs=("generate", "edit"))
TUNES = Description(id="tunes", title="Tunes", medium="melody", verbs=("edit",))


def test_tab_finds_a_notice_where_it_is_seen(qtbot: QtBot) -> None:
    window, before, bar, after = QWidget(), QPushButton(), NoticeBar(), QPushButton()
    column = QVBoxLayout(window)
    for part in (before, bar, after):
        column.addWidget(part)
    qtbot.addWidget(window)
    window.show()
    assert bar.findChildren(QWidget) == []  # it is made when there is something to say
    bar.show_text("Beware.", "Try anyway", better="Use another")
    before.setFocus()
    reached: list[QWidget] = []
    while after not in reached:
        qtbot.keyClick(there(window.focusWidget()), Qt.Key.Key_Tab)
        reached.append(there(window.focusWidget()))
    assert [each for each in reached if each in (bar.better, bar.link)] == [bar.better, bar.link]
    assert all(bar.isAncestorOf(each) for each in reached[:-1])
    bar.clear()
    assert (bar.text(), bar.isVisible()) == ("", False)


def record(description: Description | None, state: RecordState = "ready") -> PluginRecord:
    name = description.id if description else "broken"
    return PluginRecord(PluginSource("file", name), state, description)


def model(
    name: str,
    generator: str = "gan-digits",
    shipped: bool = False,
    digest: str = "",
    weights_digest: str = "",
    **metrics: float,
) -> ModelInfo:
    folder = Path("shipped" if shipped else "own") / name
    digest = digest or hashlib.sha256(str(folder).encode()).hexdigest()
    card = {"metrics": metrics}
    return ModelInfo(name, generator, folder, card, shipped, digest, 1, weights_digest or digest)


@pytest.fixture
def settings(qapp: QApplication, tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.ini")


@pytest.fixture
def panel(qtbot: QtBot, settings: Settings) -> PromptPanel:
    settings.set_preference("live_preview", False)
    made = PromptPanel(settings)
    qtbot.addWidget(made)
    made.set_records([record(DIGITS), record(ECHO), record(TUNES), record(None, "failed")])
    made.set_models([model("best", shipped=True, label_accuracy=0.97), model("mine")])
    made.resize(320, 700)
    made.show()
    return made


def heard(signal: Any) -> list[Any]:
    found: list[Any] = []
    signal.connect(found.append)
    return found


def test_only_what_is_ready_is_offered(panel: PromptPanel, qtbot: QtBot) -> None:
    combo = panel.generators.combo
    assert [combo.itemData(n) for n in range(combo.count())] == ["gan-digits", "echo", "tunes"]
    assert panel.generators._broken.isVisible()
    with qtbot.waitSignal(panel.plugins_requested):
        qtbot.mouseClick(panel.generators._broken, Qt.MouseButton.LeftButton)


def test_generate_works_at_once(panel: PromptPanel, qtbot: QtBot) -> None:
    """A generator that was never used starts with its example as the prompt."""
    with qtbot.waitSignal(panel.generate_requested) as asked:
        qtbot.mouseClick(panel.buttons.main, Qt.MouseButton.LeftButton)
    prompt = asked.args[0]
    assert isinstance(prompt, Prompt)
    assert (prompt.generator, prompt.operation, prompt.verb) == ("gan-digits", "digits", "generate")
    assert (prompt.prompt, prompt.model, prompt.count) == ("2024", "best", 4)
    assert prompt.parameters == {"variety": 0.5, "steps": 3}
    assert prompt.seed == panel.middle.seed.seed()


def test_enter_in_the_prompt_generates_pictures_but_breaks_lines_of_text(
    panel: PromptPanel, qtbot: QtBot
) -> None:
    made = heard(panel.generate_requested)
    box = panel.middle.page().prompt
    box.setPlainText("7")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert [each.prompt for each in made] == ["7"]
    panel.choose("echo")
    box = panel.middle.page().prompt
    qtbot.keyClicks(box, "a")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.keyClicks(box, "b")
    assert len(made) == 1
    qtbot.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert made[-1].prompt == "a\nb"


def test_ctrl_enter_anywhere_in_the_window(panel: PromptPanel, qtbot: QtBot) -> None:
    panel.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is panel)
    panel.middle.count.setFocus()
    with qtbot.waitSignal(panel.generate_requested):
        qtbot.keyClick(panel.middle.count, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_an_unlocked_seed_is_rolled_only_after_it_was_used(panel: PromptPanel) -> None:
    made = heard(panel.generate_requested)
    shown = panel.middle.seed.seed()
    panel.run()
    panel.run()
    panel.run()
    seeds = [each.seed for each in made]
    assert seeds[0] == shown
    assert len(set(seeds)) == 3
    assert panel.middle.seed.seed() == seeds[-1]


def test_a_locked_seed_stays_and_used_ones_are_recalled(panel: PromptPanel) -> None:
    made = heard(panel.generate_requested)
    panel.use_seed(2**32 - 1)
    panel.run()
    panel.run()
    assert [each.seed for each in made] == [2**32 - 1] * 2
    assert panel.settings.recent_seeds() == [2**32 - 1]
    panel.middle.seed._fill_menu()
    assert [a.text() for a in panel.middle.seed._menu.actions()] == [str(2**32 - 1)]


def test_a_required_prompt_is_asked_for(panel: PromptPanel) -> None:
    made = heard(panel.generate_requested)
    panel.middle.page().prompt.clear()
    panel.run()
    assert made == []
    assert "2024" in panel.middle.page()._error.text()
    assert panel.middle.page()._error.property("kind") == "secondary"  # nothing failed
    assert not panel.middle.page().prompt.property("invalid")
    panel.set_errors({"prompt": "No digit."})
    assert panel.middle.page()._error.property("kind") == "error"
    panel.middle.page().prompt.setPlainText("3")
    assert panel.middle.page()._error.text() == ""
    panel.run()
    assert len(made) == 1


def test_edits_need_a_target(panel: PromptPanel) -> None:
    panel.set_verb("edit")
    made = heard(panel.edit_requested)
    page = panel.middle.edit_page
    assert not panel.buttons.main.isEnabled()
    assert "Select an item" in page.reason()
    panel.set_target(selected("text"))
    assert "pictures" in page.reason()
    panel.set_target(selected("image"))
    assert page.reason() == ""
    page.chooser.choose("fill")
    assert "Mark the part" in page.reason()
    panel.run()
    assert made == []
    panel.set_target(selected("image", marked=True))
    assert panel.buttons.main.isEnabled()
    assert panel.buttons.main.accessibleName() == "Fill in"
    panel.run()
    assert [(each.operation, each.verb) for each in made] == [("fill", "edit")]
    page.chooser.choose("morph")
    assert "2 items" in page.reason()


def test_a_caret_chooses_nothing_and_a_span_what_its_plugin_names_first(qtbot: QtBot) -> None:
    rewrite = Operation(id="rewrite", verb="edit", title="R", artifacts=1, selection="optional")
    onward = Operation(id="continue", verb="edit", title="C", artifacts=1, selection="optional")
    pick = Operation(
        id="pick", verb="edit", title="P", artifacts=1, selection="required", pick=True
    )
    like = Operation(id="like", verb="edit", title="L", artifacts=1, selection="none")
    operations = (like, rewrite, onward, pick)
    writer = Description(
        id="writer", title="Writer", medium="text", verbs=("edit",), operations=operations
    )
    item = selected("text").items
    span, caret = Target(item, Span(2, 6)), Target(item, Span(6, 6))
    able = verbs.suited(writer.operations, {}, span)
    assert [each.id for each in able] == ["rewrite", "continue", "pick", "like"]
    page = OperationPage()
    qtbot.addWidget(page)
    page.set_description(writer, "edit")
    page.set_target(Target(item))
    page.set_target(span)
    assert there(page.operation()).id == "rewrite"
    page.use("continue")
    page.set_target(caret)
    assert there(page.operation()).id == "continue"
    page.set_target(span)
    assert there(page.operation()).id == "rewrite"


def test_at_a_caret_what_is_for_one_comes_first_until_another_was_used_there(qtbot: QtBot) -> None:
    rewrite = Operation(id="rewrite", verb="edit", title="R", artifacts=1, selection="optional")
    onward = replace(rewrite, id="continue", title="C", caret=True)
    writer = Description(
        id="writer", title="W", medium="text", verbs=("edit",), operations=(rewrite, onward)
    )
    writer = Description.from_json(writer.to_json())
    item = selected("text").items
    span, caret = Target(item, Span(2, 6)), Target(item, Span(6, 6))
    for target, first in ((Target(item), "rewrite"), (span, "rewrite"), (caret, "continue")):
        found = verbs.verbs_for([writer], target, ("writer", ""))
        assert found[0].operation.id == first
    page = OperationPage()
    qtbot.addWidget(page)
    page.set_description(writer, "edit")
    page.set_target(Target(item))
    assert there(page.operation()).id == "rewrite"
    for target, usual, chosen in (
        (caret, "", "continue"), (span, "", "rewrite"), (caret, "rewrite", "rewrite"),
    ):  # fmt: skip
        page.set_target(target, usual=usual)
        assert there(page.operation()).id == chosen


def test_what_a_model_is_there_for_comes_first_in_the_bar_too(qtbot: QtBot) -> None:
    operations = tuple(
        Operation(id=each, verb="edit", title=each, artifacts=1) for each in ("like", "verse", "on")
    )
    writer = Description(
        id="writer", title="W", medium="text", verbs=("edit",), operations=operations
    )
    other = replace(writer, id="other", title="O")
    card = {"operations": ["verse", 7]}
    found = verbs.verbs_for([writer, other], selected("text"), ("writer", ""), card)
    ids = [each.key for each in found]
    assert ids[:3] == [("writer", "verse"), ("writer", "like"), ("writer", "on")]
    assert ids[3:] == [("other", "like"), ("other", "verse"), ("other", "on")]


def test_the_bar_asks_for_words_that_the_model_knows() -> None:
    """It offered `8` to a model of circles and crosses."""
    change = Operation(
        id="change", verb="edit", title="C", artifacts=1, prompt="required", prompt_example="8"
    )
    digits = Description(
        id="digits", title="D", medium="text", verbs=("edit",), operations=(change,)
    )
    target = selected("text")
    for card, example in (({}, "8"), ({"prompt": "Circle or cross."}, "")):
        (found,) = verbs.verbs_for([digits], target, ("digits", ""), card)
        assert found.operation.prompt_example == example


def test_what_a_model_is_not_offered_for_is_in_no_bar() -> None:
    operations = (
        Operation(id="like", verb="edit", title="L", artifacts=1),
        Operation(id="verse", verb="edit", title="V", artifacts=1),
        Operation(id="expected", verb="evaluate", title="E", artifacts=1),
        Operation(id="metre", verb="evaluate", title="M", artifacts=1),
    )
    writer = Description(
        id="writer", title="W", medium="text", verbs=("edit", "evaluate"), operations=operations
    )
    other, card = replace(writer, id="other"), {"without": ["verse", "metre", 7]}
    found = verbs.verbs_for([writer, other], selected("text"), ("writer", ""), card)
    assert [each.key for each in found] == [
        ("writer", "like"), ("other", "like"), ("other", "verse"),
    ]  # fmt: skip
    told = explains_for([writer, other], selected("text"), "writer", card)
    assert [each.key for each in told] == [
        ("writer", "expected"), ("other", "expected"), ("other", "metre"),
    ]  # fmt: skip


def test_while_models_are_looked_for_nobody_is_told_that_there_is_none(panel: PromptPanel) -> None:
    panel.set_models([], complete=False)
    panel.run()
    assert panel.models.about.text() == "Looking for models…"
    assert panel.why_not() == "The models are still being looked for."
    panel.set_models([])
    assert panel.models.about.text() == "There is no model yet."
    assert panel.why_not() == "There is no model yet: train one first."


def test_a_generator_of_one_verb_shows_no_choice_of_verbs(panel: PromptPanel) -> None:
    panel.choose("tunes")
    assert panel.verb() == "edit"
    assert not panel.middle.verbs.isVisible()
    panel.choose("gan-digits")
    assert panel.middle.verbs.isVisible()


def test_without_a_model_train_one(panel: PromptPanel, qtbot: QtBot) -> None:
    panel.set_models([])
    assert not panel.buttons.main.isEnabled()
    assert "train" in panel.why_not()
    with qtbot.waitSignal(panel.train_requested) as asked:
        qtbot.mouseClick(panel.models._train, Qt.MouseButton.LeftButton)
    assert asked.args == ["gan-digits"]
    panel.choose("echo")
    assert not panel.models.isVisible()
    assert panel.buttons.main.isEnabled()


def test_the_card_says_how_good_the_model_is(panel: PromptPanel) -> None:
    about = panel.models.about
    assert about.text() == "reads right 97 times in 100"
    assert about.toolTip() == "Label accuracy (1 is always right): 0.97"
    panel.models.choose("mine")
    assert not about.isVisible()
    assert panel.models.picture.isVisible()


def test_the_model_is_told_in_one_plain_line(panel: PromptPanel) -> None:
    card = {
        "controls": {"classes": list("0123456789")},
        "frame": {"width": 28, "height": 28},
        "metrics": {"label_accuracy": 0.9855, "frechet_distance": 1.3},
    }
    panel.set_models([replace(model("best", shipped=True), card=card)])
    assert panel.models.about.text() == "0 to 9 · 28×28 · reads right 99 times in 100"


def test_the_picture_of_the_model_opens_it(panel: PromptPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.models.opened) as asked:
        qtbot.mouseClick(panel.models.picture, Qt.MouseButton.LeftButton)
    assert asked.args == [model("best", shipped=True).digest]


def test_no_generator_at_all(qtbot: QtBot, settings: Settings) -> None:
    panel = PromptPanel(settings)
    qtbot.addWidget(panel)
    panel.set_records([record(None, "failed")])
    panel.resize(320, 400)
    panel.show()
    assert panel._nothing.isVisible()
    assert not panel.buttons.main.isEnabled()
    assert panel.prompt() is None
    panel.run()


def test_busy_is_cancel_with_progress(panel: PromptPanel, qtbot: QtBot) -> None:
    panel.set_busy(True)
    panel.set_progress(Progress(3, 10, {"en": "Looking", "zh": "查找"}))
    assert panel.buttons.main.accessibleName() == "Cancel"
    assert "3 of 10" in panel.buttons._text.text()
    assert panel.cancel_action.isEnabled()
    assert not panel.run_action.isEnabled()
    made = heard(panel.generate_requested)
    with qtbot.waitSignal(panel.cancel_requested):
        qtbot.mouseClick(panel.buttons.main, Qt.MouseButton.LeftButton)
    panel.run()
    assert made == []
    panel.set_busy(False)
    assert panel.buttons.main.accessibleName() == "Generate"
    assert not panel.cancel_action.isEnabled()


def test_errors_stand_beside_their_fields(panel: PromptPanel, qtbot: QtBot) -> None:
    panel.set_errors(
        {
            "prompt": "No letters.",
            "variety": "Too much.",
            "count": "Too many.",
            "seed": "Too large.",
            "": "It stopped.",
        },
        "Traceback",
    )
    page = panel.middle.page()
    assert page._error.text() == "No letters."
    assert page.form.rows["variety"].error() == "Too much."
    assert panel.middle._errors["count"].text() == "Too many."
    assert panel.middle._errors["seed"].text() == "Too large."
    assert panel.bar.text() == "It stopped."
    with qtbot.waitSignal(panel.details_requested) as asked:
        qtbot.mouseClick(panel.bar.link, Qt.MouseButton.LeftButton)
    assert asked.args == ["Traceback"]
    panel.run()
    assert panel.bar.text() == ""
    assert panel.middle.first_error() is None


def test_an_error_without_a_place_is_in_the_bar(panel: PromptPanel) -> None:
    panel.set_errors({"gone": "That field is not here."})
    assert panel.bar.text() == "That field is not here."


def test_values_are_remembered_for_each_operation(
    qtbot: QtBot, settings: Settings, panel: PromptPanel
) -> None:
    panel.middle.page().form.set_values({"variety": 0.9})
    panel.middle.page().prompt.setPlainText("77")
    panel.models.choose("mine")
    panel.middle.count.setValue(6)
    panel.choose("echo")
    panel.middle.page().prompt.setPlainText("hello")
    panel.choose("gan-digits")
    assert panel.middle.page().prompt.toPlainText() == "77"
    settings.save()
    later = PromptPanel(Settings(settings.path))
    qtbot.addWidget(later)
    later.set_models([model("best"), model("mine")])
    later.set_records([record(ECHO), record(DIGITS)])
    prompt = there(later.prompt())
    assert prompt.generator == "gan-digits"
    assert (prompt.prompt, prompt.model, prompt.count) == ("77", "mine", 6)
    assert prompt.parameters["variety"] == 0.9


def test_what_one_generator_was_asked_does_not_go_to_another(panel: PromptPanel) -> None:
    panel.set_verb("edit")
    panel.middle.page().prompt.setPlainText("only for digits")
    panel.choose("echo")
    panel.set_verb("edit")
    assert there(panel.prompt()).verb == "edit"
    assert there(panel.prompt()).prompt == ""
    panel.choose("gan-digits")
    assert there(panel.prompt()).prompt == "only for digits"


def test_tab_goes_down_the_panel(panel: PromptPanel, qtbot: QtBot) -> None:
    panel.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is panel)
    first = there(panel.middle.verbs.findChild(QAbstractButton))
    first.setFocus()
    places: list[int] = []
    current: QWidget = first
    for _ in range(40):
        qtbot.keyClick(current, Qt.Key.Key_Tab)
        current = there(QApplication.focusWidget())
        if current is first:
            break
        places.append(current.mapTo(panel, current.rect().center()).y())
    assert len(places) > 10
    assert all(after > before - 24 for before, after in pairwise(places))
    assert panel.buttons.main.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_live_preview_asks_once_for_many_changes(panel: PromptPanel, qtbot: QtBot) -> None:
    asked = heard(panel.preview_requested)
    panel.middle.live.setChecked(True)
    qtbot.waitUntil(lambda: len(asked) == 1)
    control = panel.middle.page().form.rows["variety"]._control
    assert isinstance(control, NumberSlider)
    slider = control.slider
    for place in range(10, 60):
        slider.setValue(place)
    qtbot.waitUntil(lambda: len(asked) == 2)
    assert asked[-1].parameters["variety"] == there(panel.prompt()).parameters["variety"]
    panel.middle.live.setChecked(False)
    slider.setValue(3)
    qtbot.wait(60)
    assert len(asked) == 2
    assert panel.settings.preference("live_preview") is False


def test_a_drag_that_never_rests_is_previewed_all_the_same(
    panel: PromptPanel, qtbot: QtBot
) -> None:
    panel.middle.live.setChecked(True)
    asked = heard(panel.preview_requested)
    qtbot.waitUntil(lambda: len(asked) == 1)
    control = panel.middle.page().form.rows["variety"]._control
    assert isinstance(control, NumberSlider)
    slider = control.slider
    mouse = QTimer(interval=2)
    mouse.timeout.connect(lambda: slider.setValue((slider.value() + 7) % slider.maximum()))
    mouse.start()
    qtbot.waitUntil(lambda: len(asked) >= 4)
    mouse.stop()


def test_nothing_is_asked_for_before_something_changes(qtbot: QtBot, settings: Settings) -> None:
    settings.set_preference("live_preview", True)
    panel = PromptPanel(settings)
    qtbot.addWidget(panel)
    asked = heard(panel.preview_requested)
    panel.set_records([record(ECHO)])
    qtbot.wait(60)
    assert panel.middle.live.isChecked()
    assert asked == []


def test_a_preview_keeps_the_seed_for_the_run(panel: PromptPanel, qtbot: QtBot) -> None:
    asked, made = heard(panel.preview_requested), heard(panel.generate_requested)
    panel.middle.live.setChecked(True)
    qtbot.waitUntil(lambda: len(asked) == 1)
    panel.run()
    assert made[0].seed == asked[0].seed


def test_what_a_preview_shows_after_a_run_is_what_the_next_run_makes(
    panel: PromptPanel, qtbot: QtBot
) -> None:
    made, asked = heard(panel.generate_requested), heard(panel.preview_requested)
    panel.run()
    panel.middle.live.setChecked(True)
    panel.middle.page().prompt.setPlainText("5")
    qtbot.waitUntil(lambda: bool(asked))
    panel.run()
    assert made[1].seed == asked[-1].seed == made[0].seed
    panel.run()
    assert made[2].seed != made[1].seed


def test_models_that_come_are_not_previewed(panel: PromptPanel, qtbot: QtBot) -> None:
    panel.middle.live.setChecked(True)
    qtbot.wait(50)
    asked = heard(panel.preview_requested)
    panel.set_models([model("new", shipped=True), model("mine")])
    qtbot.wait(50)
    assert asked == []


def test_a_model_that_is_chosen_is_not_previewed(panel: PromptPanel, qtbot: QtBot) -> None:
    panel.middle.live.setChecked(True)
    panel.set_models([model("new", shipped=True), model("mine")])
    qtbot.wait(50)
    asked = heard(panel.preview_requested)
    combo = panel.models.combo
    for place in (1, 0):
        combo.setCurrentIndex(place)
        panel.models.combo.activated.emit(place)
    panel.choose("gan-digits", "mine")
    panel.choose("echo")
    panel.choose("gan-digits")
    qtbot.wait(50)
    assert asked == []
    panel.middle.page().prompt.setPlainText("5")
    qtbot.waitUntil(lambda: len(asked) == 1)


def test_what_needs_no_model_works_without_one(panel: PromptPanel) -> None:
    panel.set_models([])
    assert "no model" in panel.why_not()
    operation = panel.middle.page().operation()
    object.__setattr__(operation, "model", "none")
    assert panel.why_not() == ""


def test_a_prompt_can_be_shown_again(panel: PromptPanel) -> None:
    again = Prompt(
        generator="gan-digits",
        operation="digits",
        model="mine",
        prompt="42",
        parameters={"variety": 0.1, "gone": 1},
        seed=5,
        count=3,
    )
    panel.choose("echo")
    panel.set_prompt(again)
    shown = there(panel.prompt())
    assert (shown.prompt, shown.model, shown.seed, shown.count) == (
        "42",
        "mine",
        5,
        3,
    )
    assert shown.parameters == {"variety": 0.1, "steps": 3}
    panel.set_prompt(Prompt(generator="not-here", operation="x"))
    assert panel.generator() == "gan-digits"


def test_new_records_keep_the_choice(panel: PromptPanel) -> None:
    panel.choose("echo")
    panel.middle.page().prompt.setPlainText("kept")
    panel.set_records([record(ECHO), record(DIGITS)])
    assert panel.generator() == "echo"
    assert panel.middle.page().prompt.toPlainText() == "kept"


def test_plugins_looked_at_again_do_not_disturb_the_typist(
    panel: PromptPanel, qtbot: QtBot
) -> None:
    box, form = panel.middle.page().prompt, panel.middle.page().form
    box.setPlainText("")
    qtbot.keyClicks(box, "12")
    again = Description.from_json(DIGITS.to_json())
    panel.set_records([record(ECHO), record(again)])
    qtbot.keyClicks(box, "3")
    assert box.toPlainText() == "123"
    assert panel.middle.page().form is form
    newer = Description.from_json(DIGITS.to_json() | {"version": "2"})
    panel.set_records([record(newer)])
    assert panel.middle.page().form is not form
    assert box.toPlainText() == "123"


def test_copy_as_a_command(panel: PromptPanel, qtbot: QtBot) -> None:
    panel.middle.page().prompt.setPlainText("3 'n' 7")
    panel.use_seed(11)
    with qtbot.waitSignal(panel.command_copied) as copied:
        qtbot.mouseClick(panel.buttons.copy, Qt.MouseButton.LeftButton)
    text = copied.args[0]
    assert QGuiApplication.clipboard().text() == text
    assert text.startswith("aigc-studio generate gan-digits --operation digits")
    assert "--set variety=0.5" in text
    assert "--seed 11" in text


def test_fits_320_pixels(panel: PromptPanel) -> None:
    assert there(panel._scroll.widget()).minimumSizeHint().width() <= 310
    assert panel.minimumSizeHint().width() <= 320


def test_the_persons_own_do_not_take_the_place_of_the_one_that_came(
    panel: PromptPanel, settings: Settings, qtbot: QtBot
) -> None:
    came, own = model("zebra", shipped=True), model("aardvark")
    panel.set_models([own, came])  # as the store lists them: the person's own first
    panel.set_models([])
    panel.set_models([own, came])
    assert panel.models.model() is came
    panel.choose("gan-digits", "aardvark")
    assert panel.models.model() is own
    # From now on it is the chosen one, whatever it is called.
    renamed = replace(own, name="bear", folder=Path("own/bear"))
    panel.set_models([renamed, came])
    assert panel.models.model() is renamed
    later = PromptPanel(settings)
    qtbot.addWidget(later)
    later.set_records([record(DIGITS)])
    again = replace(own, name="cat", folder=Path("own/cat"))
    other = model("bear", digest="c" * 64)
    later.set_models([other, again, came])
    assert later.models.model() is again


def test_what_was_chosen_by_name_in_version_0_1_is_chosen(
    panel: PromptPanel, settings: Settings, qtbot: QtBot
) -> None:
    settings.remember({"model": "mine"}, "generator", "gan-digits")
    later = PromptPanel(settings)
    qtbot.addWidget(later)
    later.set_records([record(DIGITS)])
    later.set_models([model("a"), model("mine"), model("best", shipped=True)])
    assert later.models.model().name == "mine"


def test_two_models_of_one_name_are_told_apart(panel: PromptPanel) -> None:
    own, came = model("digits"), model("digits", shipped=True)
    panel.set_models([own, came, model("else", shipped=True)])
    combo = panel.models.combo
    assert [combo.itemText(n) for n in range(combo.count())] == [
        "digits (yours)", "digits (came with the studio)", "else (included)"
    ]  # fmt: skip
    for each in (own, came):
        panel.models.choose("digits", each.digest)
        prompt = panel.prompt()
        assert prompt is not None
        assert (prompt.model, prompt.model_digest) == ("digits", each.digest)
        panel.buttons.copy.click()
        assert f"--model {each.digest[:12]}" in QGuiApplication.clipboard().text()


def test_a_prompt_shown_again_takes_its_own_model_or_none(panel: PromptPanel) -> None:
    made = Prompt(
        generator="gan-digits", operation="digits", model="mine", model_digest="a" * 64, seed=5
    )
    renamed, twin = model("renamed", digest="a" * 64), model("mine", digest="b" * 64)
    best = model("best", shipped=True)
    panel.set_models([twin, renamed, best])
    panel.set_prompt(made)
    assert panel.models.model() is renamed
    panel.set_models([])
    panel.set_models([twin, best])
    assert panel.models.model() is best
    panel.set_prompt(made)
    assert panel.models.model() is best  # and not the other of the same name
    of_old = model("mine", digest="d" * 64, weights_digest="a" * 64)
    panel.set_models([twin, of_old, best])
    panel.set_prompt(made)
    assert panel.models.model() is of_old


def test_operations_with_short_names_stand_two_in_a_row(panel: PromptPanel, qtbot: QtBot) -> None:
    chooser = OperationChooser()
    qtbot.addWidget(chooser)
    for titles, rows in (("abcd", 2), (("a" * 40, "b", "c", "d"), 4), ("ab", 2)):
        made = tuple(
            Operation(id=f"o{number}", verb="edit", title=title)
            for number, title in enumerate(titles)
        )
        chooser.set_operations(made)
        grid = chooser._grid
        places = [known(tuple, grid.getItemPosition(number)) for number in range(grid.count())]
        assert len({place[0] for place in places}) == rows


def test_choosing_builds_the_one_form_that_is_right_in_the_end(
    panel: PromptPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form costs tens of milliseconds. The model's card, what is selected and the page that this
    shows each choose an operation, one after the other."""
    first = Operation(id="first", verb="generate", title="First", parameters=FORM)
    whole = Operation(id="whole", verb="edit", title="Whole", parameters=FORM, artifacts=1)
    part = replace(whole, id="part", selection="required")
    operations = (first, replace(first, id="second"), whole, part)
    other = replace(DIGITS, id="other", operations=operations)
    named = model("named", "other", shipped=True)
    named = replace(named, card={"operations": ["second", "part"]})
    panel.set_records([record(DIGITS), record(other)])
    panel.set_models([model("best", shipped=True), named])
    built: list[str] = []
    show = OperationPage._show_form

    def shown(page: OperationPage, operation: Operation) -> None:
        built.append(operation.id)
        show(page, operation)

    monkeypatch.setattr(OperationPage, "_show_form", shown)
    panel.choose("other")
    assert (built, there(panel.middle.page().operation()).id) == (["second"], "second")
    assert panel.middle.page().form.values() == {"variety": 0.5, "steps": 3}
    built.clear()
    panel.set_target(selected("image", marked=True))
    assert (built, there(panel.middle.page().operation()).id) == (["part"], "part")
    built.clear()
    panel.choose("gan-digits")
    assert (built, panel.verb()) == (["fill"], "edit")
    panel.set_verb("generate")
    panel.set_verb("edit")
    assert built == ["fill", "digits"]  # a form that stands is shown again
