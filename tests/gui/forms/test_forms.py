"""Forms: every control shows and gives its value, resets, tells errors, fits, can be reached."""

from typing import Any

import pytest
from kinds import there
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from aigc_studio.ui import theme
from aigc_studio.ui.forms.controls import Choice, Segments, Switch
from aigc_studio.ui.forms.form import SchemaForm
from aigc_studio.ui.forms.numbers import NumberBox, NumberSlider, Slider

LONG = "Keep the width of every stroke as it was drawn with the brush on the canvas"
LONG_ZH = "保持画布上用画笔绘制时的笔画宽度，不作任何改变，即使结果因此看起来不太像训练数据"

SCHEMA: dict[str, Any] = {
    "properties": {
        "variety": {
            "type": "number",
            "minimum": 0,
            "maximum": 1.5,
            "default": 0.8,
            "x-ui": {"label": {"en": "Variety", "zh": "变化"}, "step": 0.05, "help": "How daring."},
        },
        "rate": {
            "type": "number",
            "minimum": 1e-6,
            "maximum": 0.1,
            "default": 2e-4,
            "x-ui": {"label": "Rate", "scale": "log", "group": "Optimisation"},
        },
        "steps": {"type": "integer", "default": 5, "x-ui": {"label": "Steps"}},
        "batch": {
            "type": "integer",
            "minimum": 1,
            "maximum": 64,
            "default": 16,
            "x-ui": {"label": "Batch", "group": "Optimisation"},
        },
        "keep": {
            "type": "boolean",
            "default": False,
            "x-ui": {"label": {"en": LONG, "zh": LONG_ZH}},
        },
        "loss": {
            "enum": ["hinge", "ns"],
            "default": "hinge",
            "x-ui": {"label": "Loss", "choices": {"hinge": "Hinge", "ns": "Classic"}},
        },
        "style": {"enum": ["a", "b", "c", "d"], "default": "a", "x-ui": {"label": "Style"}},
        "name": {"type": "string", "default": "", "x-ui": {"label": "Name"}},
        "heat": {
            "anyOf": [{"type": "number", "minimum": 0.1, "maximum": 2}, {"type": "null"}],
            "default": None,
            "x-ui": {"label": "Heat"},
        },
        "inner": {
            "type": "integer",
            "minimum": 1,
            "maximum": 8,
            "default": 3,
            "x-ui": {"label": "Inner loops", "advanced": True},
        },
    }
}
DEFAULTS = {name: part["default"] for name, part in SCHEMA["properties"].items()}
OTHERS = {
    "variety": 1.1,
    "rate": 0.01,
    "steps": 7,
    "batch": 64,
    "keep": True,
    "loss": "ns",
    "style": "c",
    "name": "数字",
    "heat": 0.5,
    "inner": 8,
}


@pytest.fixture
def form(qtbot: QtBot, qapp: QApplication) -> SchemaForm:
    theme.apply(qapp, "light")
    made = SchemaForm(SCHEMA, "en")
    qtbot.addWidget(made)
    made.resize(296, 900)
    made.show()
    return made


def test_starts_with_the_defaults_in_their_types(form: SchemaForm) -> None:
    assert form.values() == DEFAULTS
    assert {name: type(value) for name, value in form.values().items()} == {
        name: type(value) for name, value in DEFAULTS.items()
    }


def test_values_go_in_and_come_out(form: SchemaForm, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.changed):
        form.set_values(OTHERS)
    assert form.values() == OTHERS
    assert form.changed_values() == OTHERS


def test_remembered_values_that_do_not_fit_are_ignored(form: SchemaForm) -> None:
    form.set_values({"variety": 9, "loss": "gone", "keep": 1, "nothing": 3, "batch": 32})
    assert form.values() == DEFAULTS | {"batch": 32}


def test_the_right_control_for_each_kind(form: SchemaForm) -> None:
    kinds = {name: type(row._control) for name, row in form.rows.items()}
    assert kinds["variety"] is NumberSlider
    assert kinds["steps"] is NumberBox
    assert kinds["loss"] is Segments
    assert kinds["style"] is Choice
    assert kinds["name"] is QLineEdit
    assert kinds["keep"] is type(None)
    assert isinstance(form.rows["keep"].focus_widget(), Switch)


def test_fields_of_a_group_stand_together(form: SchemaForm) -> None:
    assert list(form.rows)[:4] == ["variety", "rate", "batch", "steps"]
    headings = [label.text() for label in form.findChildren(QLabel)]
    assert headings.count("Optimisation") == 1


def test_reset_shows_only_when_changed(form: SchemaForm, qtbot: QtBot) -> None:
    row = form.rows["batch"]
    assert not row._reset.isVisible()
    form.set_values({"batch": 20})
    assert row._reset.isVisible()
    qtbot.mouseClick(row._reset, Qt.MouseButton.LeftButton)
    assert form.values()["batch"] == 16
    assert not row._reset.isVisible()


def test_reset_all(form: SchemaForm, qtbot: QtBot) -> None:
    form.set_values(OTHERS)
    assert form._reset.isVisible()
    qtbot.mouseClick(form._reset, Qt.MouseButton.LeftButton)
    assert form.values() == DEFAULTS
    assert not form._reset.isVisible()


def test_all_errors_at_once_and_the_advanced_section_opens(form: SchemaForm) -> None:
    left = form.set_errors({"batch": "Too many.", "inner": "Too deep.", "elsewhere": "Hm."})
    assert left == {"elsewhere": "Hm."}
    assert form.rows["batch"]._error_line.isVisible()
    assert form.rows["inner"]._error_line.isVisible()
    assert form.rows["inner"].error() == "Too deep."
    assert form.first_error() is form.rows["batch"]
    form.set_errors({})
    assert form.first_error() is None
    assert not form.rows["batch"]._error_line.isVisible()


def test_an_error_goes_when_its_field_is_changed(form: SchemaForm) -> None:
    form.set_errors({"batch": "Too many.", "name": "Missing."})
    form.set_values({"batch": 8})
    assert form.rows["batch"].error() == ""
    assert form.rows["name"].error() == "Missing."


def test_advanced_is_closed_and_tells_of_changes(form: SchemaForm) -> None:
    assert not form.rows["inner"].isVisible()
    form.set_values({"inner": 4})
    assert "1" in form._advanced.button.text()
    form._advanced.set_open(True)
    assert form.rows["inner"].isVisible()


def test_a_switch_that_is_off_is_none(form: SchemaForm, qtbot: QtBot) -> None:
    row = form.rows["heat"]
    assert row.value() is None
    assert not there(row._control).isVisible()
    there(row._switch).setChecked(True)
    assert there(row._control).isVisible()
    assert form.values()["heat"] == pytest.approx(0.1)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_nothing_is_wider_than_the_panel(qtbot: QtBot, language: str) -> None:
    form = SchemaForm(SCHEMA, language)
    qtbot.addWidget(form)
    form.set_errors({"batch": LONG, "name": LONG_ZH})
    form.resize(theme.PANEL_WIDTH - 2 * theme.PADDING - 10, 1400)
    form.show()
    assert form.minimumSizeHint().width() <= form.width()
    label = form.rows["keep"]._label
    assert label.heightForWidth(label.width()) <= label.height()
    for widget in form.findChildren(QWidget):
        if widget.isVisible():
            right = widget.mapTo(form, QPoint(widget.width(), 0)).x()
            assert right <= form.width() + 1, widget


def test_every_control_has_a_name_and_can_be_reached(form: SchemaForm) -> None:
    form._advanced.set_open(True)
    for name, row in form.rows.items():
        control = row.focus_widget()
        names = (
            control.accessibleName()
            or there(row._control).findChildren(QWidget)[0].accessibleName()
        )
        assert names, name
    reached: set[QWidget] = set()
    current: QWidget = form
    for _ in range(80):
        current = there(current.nextInFocusChain())
        reached.add(current)
    for name, row in form.rows.items():
        inside = {row.focus_widget(), *row.findChildren(QWidget)}
        assert any(
            widget in reached and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            for widget in inside
        ), name


def slider_of(form: SchemaForm, name: str) -> Slider:
    control = form.rows[name]._control
    assert isinstance(control, NumberSlider)
    return control.slider


def test_typed_numbers(form: SchemaForm, qtbot: QtBot) -> None:
    box = there(form.rows["rate"]._box)
    box.selectAll()
    qtbot.keyClicks(box, "3e-3")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert form.values()["rate"] == pytest.approx(0.003)
    box.selectAll()
    qtbot.keyClicks(box, "0,05")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert form.values()["rate"] == pytest.approx(0.05)
    box.selectAll()
    qtbot.keyClicks(box, "7")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert form.values()["rate"] == pytest.approx(0.1)


def test_letters_are_not_numbers(form: SchemaForm, qtbot: QtBot) -> None:
    box = form.rows["steps"]
    there(box._box).selectAll()
    qtbot.keyClicks(box._box, "abc4")
    assert form.values()["steps"] == 4


def test_a_log_slider_goes_by_factors(form: SchemaForm) -> None:
    slider = slider_of(form, "rate")
    slider.setValue(slider.maximum() // 2)
    middle = form.values()["rate"]
    assert middle == pytest.approx((1e-6 * 0.1) ** 0.5, rel=0.1)
    slider.setValue(slider.minimum())
    assert form.values()["rate"] == 1e-6
    slider.setValue(slider.maximum())
    assert form.values()["rate"] == 0.1


def test_a_slider_keeps_to_its_steps(form: SchemaForm) -> None:
    slider = slider_of(form, "variety")
    for place in range(slider.maximum() + 1):
        slider.setValue(place)
        value = form.values()["variety"]
        assert round(value / 0.05) * 0.05 == pytest.approx(value)
    assert slider.maximum() == 30


def test_a_click_on_the_slider_goes_there(form: SchemaForm, qtbot: QtBot) -> None:
    slider = slider_of(form, "variety")
    place = QPoint(slider.width() - 3, slider.height() // 2)
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=place)
    assert form.values()["variety"] == pytest.approx(1.5)


def test_numbers_can_be_dragged_by_their_label(form: SchemaForm, qtbot: QtBot) -> None:
    label = form.rows["steps"]._label
    qtbot.mousePress(label, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    label.dragged.emit(6)
    assert form.values()["steps"] == 11


def test_a_click_on_the_label_switches(form: SchemaForm, qtbot: QtBot) -> None:
    label = form.rows["keep"]._label
    qtbot.mouseClick(label, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert form.values()["keep"] is True


@pytest.mark.parametrize("name", ["variety", "steps", "style"])
def test_the_wheel_scrolls_past_what_has_no_focus(form: SchemaForm, name: str) -> None:
    control = form.rows[name].focus_widget()
    control.clearFocus()
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(control, event)
    assert not event.isAccepted()
    assert form.values()[name] == DEFAULTS[name]


def test_help_opens_under_the_control(form: SchemaForm, qtbot: QtBot) -> None:
    row = form.rows["variety"]
    assert not row._help_line.isVisible()
    qtbot.mouseClick(row._help, Qt.MouseButton.LeftButton)
    assert row._help_line.isVisible()
    assert row._help_line.text() == "How daring."


def test_an_empty_schema_is_an_empty_form(qtbot: QtBot) -> None:
    form = SchemaForm({"type": "object", "properties": {}})
    qtbot.addWidget(form)
    assert form.is_empty()
    assert form.values() == {}
