"""The controls of a model in the prompt panel: shown from its card, moved, kept, recalled."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gui.targets import selected
from kinds import there
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from aigc_studio.api import Control, Controls, Description, Operation
from aigc_studio.host import PluginRecord, PluginSource
from aigc_studio.library import ModelInfo
from aigc_studio.translation import set_language
from aigc_studio.ui.forms.controls import Choice
from aigc_studio.ui.forms.numbers import NumberSlider
from aigc_studio.ui.prompt.controls import ControlBox
from aigc_studio.ui.prompt.panel import Prompt, PromptPanel
from aigc_studio.ui.settings import Settings

LEFT = Qt.MouseButton.LeftButton
FACES = Description(
    id="faces",
    title="Faces",
    medium="image",
    verbs=("generate", "edit"),
    operations=(
        Operation(id="draw", verb="generate", title="Draw", controls=True),
        Operation(id="plain", verb="generate", title="Plain"),
        Operation(id="costly", verb="generate", title="Costly", controls=True, live=False),
        Operation(id="turn", verb="edit", title="Turn", artifacts=1, controls=True),
    ),
)
SMILE = Control(name="smile", title={"en": "Smile", "zh": "微笑"}, help={"en": "How wide."})
CONTROLS = Controls(
    controls=(
        SMILE,
        Control(name="age", low=0, high=90, default=30),
        Control(name="hair", options=("black", "brown", "blond", "grey")),
        Control(name="x"),
        Control(name="y", low=-2, high=4),
    ),
    pads=(("x", "y"),),
)
OTHER = Controls(controls=(replace(SMILE, high=0.25), Control(name="beard")))


def model(name: str, controls: Controls | None = None) -> ModelInfo:
    card = {"controls": controls.to_json()} if controls else {}
    digest = name[0] * 64
    return ModelInfo(name, "faces", Path(name), card, True, digest, 1, digest)


@pytest.fixture
def settings(qapp: QApplication, tmp_path: Path) -> Settings:
    settings = Settings(tmp_path / "settings.ini")
    settings.set_preference("live_preview", False)
    return settings


@pytest.fixture
def panel(qtbot: QtBot, settings: Settings) -> PromptPanel:
    return make(qtbot, settings)


def make(qtbot: QtBot, settings: Settings) -> PromptPanel:
    made = PromptPanel(settings)
    qtbot.addWidget(made)
    made.set_records([PluginRecord(PluginSource("file", "faces"), "ready", FACES)])
    made.set_models([model("all", CONTROLS), model("bearded", OTHER), model("none")])
    made.resize(320, 900)
    made.show()
    return made


def box_of(panel: PromptPanel) -> ControlBox:
    return panel.middle.controls


def asked(panel: PromptPanel) -> dict[str, Any]:
    return dict(there(panel.prompt()).controls)


def test_each_kind_is_shown_from_the_card_of_the_model(panel: PromptPanel) -> None:
    box = box_of(panel)
    assert box.isVisible()
    assert set(box.rows) == {"smile", "age", "hair", "x", "y"}
    assert list(box.pads) == [("x", "y")]
    assert isinstance(box.rows["smile"]._control, NumberSlider)
    hair = box.rows["hair"]._control
    assert isinstance(hair, Choice)
    assert [hair.itemText(n) for n in range(hair.count())] == [
        "Any", "black", "brown", "blond", "grey"
    ]  # fmt: skip
    assert box.rows["age"].value() == 30
    assert "How wide." in box.rows["smile"]._label.toolTip()
    assert asked(panel) == {}


def test_how_well_a_control_works_is_told_where_it_stands(panel: PromptPanel) -> None:
    metrics = {"control_changes:smile": 97.0, "control_keeps:smile": 95.0}
    measured = replace(
        model("good", CONTROLS), card={**model("all", CONTROLS).card, "metrics": metrics}
    )
    panel.set_models([measured])
    rows = box_of(panel).rows
    assert "How wide. · 97 of 100 change, 95 keep all else" in rows["smile"]._label.toolTip()
    assert "of 100" not in rows["age"]._label.toolTip()


def test_titles_are_in_the_language_that_is_spoken(qtbot: QtBot, settings: Settings) -> None:
    set_language("zh_CN")
    try:
        panel = make(qtbot, settings)
        assert box_of(panel).rows["smile"]._label.text() == "微笑"
        assert box_of(panel).rows["age"]._label.text() == "age"
    finally:
        set_language("en")


def test_a_slider_that_is_dragged_is_asked_for_and_a_double_click_resets_it(
    panel: PromptPanel, qtbot: QtBot
) -> None:
    row = box_of(panel).rows["smile"]
    control = row._control
    assert isinstance(control, NumberSlider)
    slider = control.slider
    qtbot.mouseClick(slider, LEFT, pos=QPoint(slider.width() - 2, slider.height() // 2))
    assert asked(panel) == {"smile": 1.0}
    assert box_of(panel).reset_all.isVisible()
    qtbot.mouseDClick(slider, LEFT, pos=QPoint(slider.width() - 2, slider.height() // 2))
    assert asked(panel) == {}
    assert not box_of(panel).reset_all.isVisible()
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert asked(panel) == {"smile": 0.01}


def test_a_pad_moves_two_under_one_finger(panel: PromptPanel, qtbot: QtBot) -> None:
    box = box_of(panel)
    pad = box.pads["x", "y"]
    heard: list[Any] = []
    box.changed.connect(lambda: heard.append(box.values()))
    knob = pad.knob().toPoint()
    qtbot.mousePress(pad, LEFT, pos=knob)
    qtbot.mouseMove(pad, QPoint(pad.width() + 50, -50))
    qtbot.mouseRelease(pad, LEFT, pos=QPoint(pad.width() + 50, -50))
    assert asked(panel) == {"x": 1.0, "y": 4.0}
    assert heard[-1] == {"x": 1.0, "y": 4.0}
    assert box.rows["x"].value() == 1.0
    # What is typed into its boxes moves it.
    box.rows["y"].set_value(-2.0)
    assert pad.point() == (1.0, -2.0)
    assert pad.knob().y() > pad.height() * 0.8
    qtbot.mouseDClick(pad, LEFT, pos=QPoint(5, 5))
    assert asked(panel) == {}
    assert pad.knob().toPoint() == knob


def test_a_pad_answers_to_the_keyboard(panel: PromptPanel, qtbot: QtBot) -> None:
    pad = box_of(panel).pads["x", "y"]
    pad.setFocus()
    qtbot.keyClick(pad, Qt.Key.Key_Right)
    qtbot.keyClick(pad, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert asked(panel) == {"x": 0.01, "y": 0.1}
    assert pad.accessibleDescription() == "x 0.01, y 0.1"
    for _ in range(30):
        qtbot.keyClick(pad, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert asked(panel)["x"] == -1.0
    qtbot.keyClick(pad, Qt.Key.Key_Home)
    assert asked(panel) == {}
    assert "x to the right, y upwards" in pad.accessibleName()


def test_they_hide_where_there_are_none_and_come_back_as_they_were(panel: PromptPanel) -> None:
    box = box_of(panel)
    box.set_values({"smile": 0.5, "hair": "blond"})
    panel.middle.page().use("plain")
    assert not box.isVisible()
    assert asked(panel) == {}
    panel.middle.page().use("draw")
    assert box.isVisible()
    assert asked(panel) == {"smile": 0.5, "hair": "blond"}
    panel.set_target(selected("image"))
    assert panel.verb() == "edit"
    assert box.isVisible()
    panel.models.choose("none")
    assert not box.isVisible()
    assert asked(panel) == {}


def test_how_new_things_are_to_look_changes_nothing_of_what_is_selected(
    panel: PromptPanel, qtbot: QtBot, settings: Settings
) -> None:
    box = box_of(panel)
    box.set_values({"smile": 0.5, "x": 0.7})
    panel.set_target(selected("image"))
    assert panel.verb() == "edit"
    assert asked(panel) == {}
    box.set_values({"hair": "grey"})
    panel.set_verb("generate")
    assert asked(panel) == {"smile": 0.5, "x": 0.7}
    panel.set_verb("edit")
    assert asked(panel) == {"hair": "grey"}
    later = make(qtbot, settings)
    assert asked(later) == {"smile": 0.5, "x": 0.7}
    later.set_target(selected("image"))
    assert asked(later) == {"hair": "grey"}


def test_values_are_kept_for_each_model_and_over_a_restart(
    panel: PromptPanel, qtbot: QtBot, settings: Settings
) -> None:
    box = box_of(panel)
    box.set_values({"smile": 0.5})
    panel.models.choose("bearded")
    assert set(box.rows) == {"smile", "beard"}
    assert asked(panel) == {}
    box.set_values({"beard": -1})
    panel.models.choose("all")
    assert asked(panel) == {"smile": 0.5}
    panel.models.choose("bearded")
    later = make(qtbot, settings)
    assert asked(later) == {"beard": -1.0}
    qtbot.mouseClick(box_of(later).reset_all, LEFT)
    assert asked(later) == {}
    assert asked(make(qtbot, settings)) == {}


def test_what_something_was_made_with_is_recalled_as_far_as_the_model_has_it(
    panel: PromptPanel,
) -> None:
    box_of(panel).set_values({"age": 60})
    made = Prompt(generator="faces", operation="draw", model="bearded", seed=4)
    steered: dict[str, Any] = {"smile": 0.9, "beard": "no", "hair": "blond", "gone": 3, "y": None}
    panel.set_prompt(replace(made, controls=steered))
    assert asked(panel) == {"smile": 0.25}
    panel.set_prompt(replace(made, model="all", controls=steered))
    assert asked(panel) == {"smile": 0.9, "hair": "blond"}
    panel.set_prompt(replace(made, model="all"))
    assert asked(panel) == {}


def test_what_is_to_be_like_something_says_so_until_it_is_left_out(
    panel: PromptPanel, qtbot: QtBot
) -> None:
    made = Prompt(
        generator="faces", operation="draw", model="all", model_digest="a" * 64,
        latents=("ab" * 32,),
    )  # fmt: skip
    assert not panel.middle.like.isVisible()
    panel.set_prompt(made)
    assert there(panel.prompt()).latents == ("ab" * 32,)
    assert panel.middle.like.isVisible()
    panel.models.choose("bearded")
    assert there(panel.prompt()).latents == ()
    assert not panel.middle.like.isVisible()
    panel.set_prompt(made)
    qtbot.mouseClick(panel.middle.like.link, LEFT)
    assert there(panel.prompt()).latents == ()
    assert not panel.middle.like.isVisible()


def test_what_is_wrong_with_them_stands_beside_them(panel: PromptPanel) -> None:
    panel.set_errors({"controls": "smile must be a number from -1 to 1.", "": "more"})
    error = there(box_of(panel).error())
    assert error.isVisible()
    assert panel.bar.text() == "more"
    box_of(panel).rows["smile"]._box.setValue(0.5)  # type: ignore[union-attr]
    assert not error.isVisible()
    panel.middle.page().use("plain")
    panel.set_errors({"controls": "smile must be"})
    assert panel.bar.text() == "smile must be"


def test_each_change_asks_for_a_preview_and_choosing_a_model_does_not(
    panel: PromptPanel, qtbot: QtBot, settings: Settings
) -> None:
    settings.set_preference("live_preview", True)
    panel = make(qtbot, settings)
    looked: list[Prompt] = []
    panel.preview_requested.connect(looked.append)
    box_of(panel).rows["smile"].set_value(0.5)
    qtbot.waitUntil(lambda: [each.controls for each in looked] == [{"smile": 0.5}])
    pad = box_of(panel).pads["x", "y"]
    qtbot.mousePress(pad, LEFT, pos=QPoint(20, 20))
    qtbot.waitUntil(lambda: len(looked) == 2)
    assert looked[-1].controls.keys() == {"smile", "x", "y"}
    panel.models.choose("bearded")
    panel.models.choose("all")
    qtbot.wait(40)
    assert len(looked) == 2


def test_what_is_not_live_is_never_previewed_but_made(
    panel: PromptPanel, qtbot: QtBot, settings: Settings
) -> None:
    settings.set_preference("live_preview", True)
    panel = make(qtbot, settings)
    looked: list[Prompt] = []
    panel.preview_requested.connect(looked.append)
    assert panel.middle.live.isVisible()
    panel.middle.page().use("costly")
    assert not panel.middle.live.isVisible()
    box_of(panel).rows["smile"].set_value(0.5)
    panel.middle.seed.roll()
    panel.middle.count.setValue(3)
    qtbot.wait(60)
    assert looked == []
    with qtbot.waitSignal(panel.generate_requested) as pressed:
        qtbot.mouseClick(panel.buttons.main, LEFT)
    assert pressed.args[0].operation == "costly"
    assert pressed.args[0].controls == {"smile": 0.5}
    panel.middle.page().use("draw")
    assert panel.middle.live.isVisible()


def test_the_command_says_them(panel: PromptPanel, qtbot: QtBot) -> None:
    box_of(panel).set_values({"smile": 0.5, "hair": "blond"})
    with qtbot.waitSignal(panel.command_copied) as copied:
        panel.buttons.copy.click()
    assert "--control hair=blond --control smile=0.5" in copied.args[0]


def test_a_generator_without_models_is_steered_by_what_it_says_of_itself(
    qtbot: QtBot, settings: Settings
) -> None:
    about = replace(FACES, controls=CONTROLS)
    panel = PromptPanel(settings)
    qtbot.addWidget(panel)
    panel.set_records([PluginRecord(PluginSource("file", "faces"), "ready", about)])
    panel.show()
    assert set(box_of(panel).rows) == {"smile", "age", "hair", "x", "y"}


def test_tab_goes_through_them_on_the_way_down(panel: PromptPanel, qtbot: QtBot) -> None:
    box = box_of(panel)
    box.rows["smile"].set_value(0.5)
    passed: list[QWidget] = [panel.middle.page().prompt]
    panel.activateWindow()
    passed[0].setFocus()
    while passed[-1] is not panel.middle.seed.box and len(passed) < 40:
        qtbot.keyClick(passed[-1], Qt.Key.Key_Tab)
        passed.append(there(QApplication.focusWidget()))
    pad, row = box.pads["x", "y"], box.rows["smile"]
    order = [box.reset_all, row._box, pad, box.rows["x"]._box, box.rows["y"]._box]
    places = [passed.index(there(each)) for each in order]
    assert places == sorted(places)
    assert passed[-1] is panel.middle.seed.box


def test_many_are_reached_by_scrolling(qtbot: QtBot, settings: Settings) -> None:
    names = [f"c{n}" for n in range(14)]
    many = Controls(
        controls=tuple(Control(name=name, title="很长的标题" * 6) for name in names),
        pads=(("c0", "c1"), ("c2", "c0")),
    )
    panel = PromptPanel(settings)
    qtbot.addWidget(panel)
    panel.set_records([PluginRecord(PluginSource("file", "faces"), "ready", FACES)])
    panel.set_models([model("many", many)])
    panel.resize(320, 560)
    panel.show()
    box = box_of(panel)
    assert set(box.rows) == set(names)
    # One number, two pads: both follow it.
    box.rows["c0"].set_value(1.0)
    assert box.pads["c0", "c1"].point() == (1.0, 0.0)
    assert box.pads["c2", "c0"].point() == (0.0, 1.0)
    last = box.rows["c13"]
    panel._scroll.ensureWidgetVisible(last)
    qtbot.wait(1)
    place = last.mapTo(panel, last.rect().center())
    assert panel.rect().contains(place)
    inner = there(panel._scroll.widget())
    assert inner.width() <= panel._scroll.viewport().width()
    assert pad_inside(box)


def pad_inside(box: ControlBox) -> bool:
    """Whether nothing lies over a pad, nor beyond the box."""
    return all(
        box.rect().contains(pad.mapTo(box, QPointF(pad.rect().bottomRight()).toPoint()))
        for pad in box.pads.values()
    )


def test_words_are_asked_for_as_the_model_understands_them(
    qtbot: QtBot, settings: Settings
) -> None:
    operation = Operation(
        id="draw", verb="generate", title="Draw", prompt="optional", prompt_help="What it shows."
    )
    panel = PromptPanel(settings)
    qtbot.addWidget(panel)
    description = replace(FACES, operations=(operation,), verbs=("generate",))
    panel.set_records([PluginRecord(PluginSource("file", "faces"), "ready", description)])
    models = [model("any"), model("deaf"), model("themes")]
    models[1] = replace(models[1], card={"prompt": False})
    models[2] = replace(models[2], card={"prompt": {"en": "A theme."}})
    panel.set_models(models)
    panel.show()
    page, prompts = panel.middle.page(), []
    panel.generate_requested.connect(lambda prompt: prompts.append(prompt.prompt))
    page.prompt.setPlainText("moon")
    for name, seen, hint in (("any", True, "What it shows."), ("deaf", False, ""),
                             ("themes", True, "A theme.")):  # fmt: skip
        panel.models.choose(name)
        assert page.prompt.isVisibleTo(page) is seen
        shown = [each.text() for each in page.findChildren(QLabel) if each.isVisibleTo(page)]
        assert (hint in shown) is bool(hint)
        panel.run_action.trigger()
    assert prompts == ["moon", "", "moon"]


def test_what_a_model_is_there_for_stands_first(qtbot: QtBot, settings: Settings) -> None:
    operations = (
        Operation(id="write", verb="generate", title="Write"),
        Operation(id="compose", verb="generate", title="Compose"),
        Operation(id="list", verb="generate", title="List"),
    )
    panel = PromptPanel(settings)
    qtbot.addWidget(panel)
    description = replace(FACES, operations=operations, verbs=("generate",))
    panel.set_records([PluginRecord(PluginSource("file", "faces"), "ready", description)])
    verse = replace(model("verse"), card={"operations": ["metre", "compose"]})
    odd = replace(model("odd"), card={"operations": 7})
    panel.set_models([model("prose"), verse, odd])
    page = panel.middle.page()
    panel.models.choose("prose")
    assert [each.id for each in page.chooser.operations] == ["write", "compose", "list"]
    panel.models.choose("verse")
    assert [each.id for each in page.chooser.operations] == ["compose", "write", "list"]
    assert there(page.operation()).id == "compose"
    page.use("list")
    panel.models.choose("odd")
    assert [each.id for each in page.chooser.operations] == ["write", "compose", "list"]
    assert there(page.operation()).id == "list"  # what a person chose stays


def test_what_a_model_is_not_offered_for_is_away_until_another_is_chosen(
    qtbot: QtBot, settings: Settings
) -> None:
    operations = (
        Operation(id="write", verb="generate", title="Write"),
        Operation(id="compose", verb="generate", title="Compose"),
    )
    panel = PromptPanel(settings)
    qtbot.addWidget(panel)
    description = replace(FACES, operations=operations, verbs=("generate",))
    panel.set_records([PluginRecord(PluginSource("file", "faces"), "ready", description)])
    prose = replace(model("prose"), card={"without": ["compose", "metre"]})
    none = replace(model("none"), card={"without": ["compose", "write"]})
    panel.set_models([model("verse"), prose, none])
    page = panel.middle.page()
    panel.models.choose("verse")
    page.use("compose")
    panel.models.choose("prose")
    assert [each.id for each in page.chooser.operations] == ["write"]
    assert there(page.operation()).id == "write"
    panel.models.choose("verse")
    assert there(page.operation()).id == "compose"  # as it was chosen
    panel.models.choose("none")
    assert [each.id for each in page.chooser.operations] == ["write", "compose"]
