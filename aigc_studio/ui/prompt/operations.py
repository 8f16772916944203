"""Which operation, and its form: the middle of the prompt panel, once for each verb."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.api import Description, Operation
from aigc_studio.translation import _, in_a_row, localized
from aigc_studio.ui import theme
from aigc_studio.ui.forms.form import SchemaForm
from aigc_studio.ui.labels import Label, shortened, tip
from aigc_studio.ui.prompt.parts import PromptEdit, put_after, stacked
from aigc_studio.ui.prompt.verbs import marking, reasons_against, suited
from aigc_studio.ui.target import Target

_HALF = (theme.PANEL_WIDTH - 2 * theme.PADDING - theme.GAP - 10) // 2
"""Pixels of a column where there are two, beside a scroll bar."""
_SIGN = 32
"""Pixels of a button's circle and what is around it."""


class OperationChooser(QWidget):
    """The operations of one verb as a short list; those that cannot work now say why.

    `chosen` carries the operation, `picked` its id when it was the person who chose it. The list
    hides when there is only one.
    """

    chosen = Signal(object)
    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations: tuple[Operation, ...] = ()
        self._group = QButtonGroup(self)
        self._group.idToggled.connect(self._toggled)
        self._group.idClicked.connect(self._clicked)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(2)
        self._grid.setHorizontalSpacing(theme.GAP)

    def set_operations(self, operations: tuple[Operation, ...], wanted: str = "") -> None:
        """Offer these; `wanted` is chosen, or the first."""
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._operations = operations
        titles = [shortened(localized(operation.title)) for operation in operations]
        columns = self._columns(titles)
        for number, (operation, title) in enumerate(zip(operations, titles, strict=True)):
            button = QRadioButton(title.replace("&", "&&"))
            button.setToolTip(tip(localized(operation.help)))
            button.setAccessibleDescription(localized(operation.help))
            self._group.addButton(button, number)
            self._grid.addWidget(button, number // columns, number % columns)
        self.setVisible(len(operations) > 1)
        self.choose(wanted)

    def choose(self, key: str) -> None:
        """Choose an operation by its id; the first when there is none of that name."""
        keys = [operation.id for operation in self._operations]
        button = self._group.button(keys.index(key) if key in keys else 0)
        if button is not None:
            button.setChecked(True)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Those that are offered."""
        return self._operations

    def operation(self) -> Operation | None:
        """The one that is chosen."""
        index = self._group.checkedId()
        return self._operations[index] if 0 <= index < len(self._operations) else None

    def set_reasons(self, reasons: Mapping[str, str]) -> None:
        """Grey those that have a reason against them; the reason is in the tooltip."""
        for number, operation in enumerate(self._operations):
            button = self._group.button(number)
            reason = reasons.get(operation.id, "")
            theme.set_kind(button, "unavailable" if reason else "")
            words = [localized(operation.help), reason]
            button.setToolTip(tip("\n".join(filter(None, words))))
            button.setAccessibleDescription(in_a_row(filter(None, words)))

    def _columns(self, titles: list[str]) -> int:
        """Two where several titles have room side by side: the panel is not high."""
        widest = max(map(self.fontMetrics().horizontalAdvance, titles), default=0)
        return 2 if len(titles) > 2 and widest <= _HALF - _SIGN else 1

    def _toggled(self, index: int, on: bool) -> None:
        if on and 0 <= index < len(self._operations):
            self.chosen.emit(self._operations[index])

    def _clicked(self, index: int) -> None:
        if 0 <= index < len(self._operations):
            self.picked.emit(self._operations[index].id)


class OperationPage(QWidget):
    """One verb: its operations, the prompt, and the form of the operation that is chosen.

    `operation_chosen` fires when another operation's form is there (empty so far),
    `changed` when the prompt or a value is another one, `confirmed` on Enter in the prompt.
    """

    operation_chosen = Signal(object)
    changed = Signal()
    confirmed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._description: Description | None = None
        self._fresh = False
        self._settling = 0
        self._due: Operation | None = None
        self._shown: Operation | None = None
        self._target: Target | None = None
        self._wanted = ""
        self._card: Mapping[str, Any] = {}
        self._verb = ""
        self.chooser = OperationChooser(self)
        self._about = _small("secondary")
        self._reason = _small("warning")
        self._label = Label(_("Prompt"))
        self.prompt = PromptEdit()
        self._label.setBuddy(self.prompt)
        self._hint = _small("secondary")
        self._error = _small("error")
        self.form = SchemaForm({})
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.PADDING)
        # What belongs together stands close; groups are apart.
        self._column.addLayout(stacked(self.chooser, self._about, self._reason))
        self._column.addLayout(stacked(self._label, self.prompt, self._hint, self._error))
        self._column.addWidget(self.form)
        self.chooser.chosen.connect(self._choose)
        self.chooser.picked.connect(self.use)
        self.prompt.textChanged.connect(self._prompt_changed)
        self.prompt.confirmed.connect(self.confirmed)

    def set_description(self, description: Description, verb: str, wanted: str = "") -> None:
        """Offer what a generator does under `verb`."""
        self._description, self._verb = description, verb
        self._fresh = True
        self._target = self._shown = None
        operations = description.with_card(verb, self._card)
        self._wanted = wanted or (operations[0].id if operations else "")
        self.chooser.set_operations(operations, wanted)

    def clear(self) -> None:
        """Offer nothing."""
        self._description = self._due = None
        self.chooser.set_operations(())

    @contextmanager
    def settling(self) -> Iterator[None]:
        """Within, several operations may be chosen one after the other, and the form of the last is
        built at the end: one costs some ten milliseconds."""
        self._settling += 1
        try:
            yield
        finally:
            self._settling -= 1
            due = self._due
            if not self._settling:
                self._due = None
                if due is not None and due is not self._shown:
                    self._show_form(due)

    def operation(self) -> Operation | None:
        """The operation that is chosen."""
        return self.chooser.operation()

    def set_card(self, card: Mapping[str, Any]) -> None:
        """Offer first what the model with this card is there for, and ask for the words that it
        understands."""
        if card == self._card:
            return
        self._card, former = card, self.chooser.operations
        operation = self.operation()
        if self._description is None or operation is None:
            return
        ordered = self._description.with_card(self._verb, card)
        if ordered != former:
            if self._wanted == former[0].id:  # nobody chose it
                self._wanted = ordered[0].id
            target = self._target
            self._target = None
            with self.settling():
                self.chooser.set_operations(ordered, self._wanted)
                if target is not None:
                    self.set_target(target)
        chosen = self.operation()
        if chosen is not None:
            self._show_prompt(chosen)

    @property
    def has_target(self) -> bool:
        """Whether it was said what is selected since it was filled."""
        return self._target is not None

    def take_fresh(self) -> bool:
        """Whether this is the first operation shown of a generator just chosen; asked once."""
        fresh, self._fresh = self._fresh, False
        return fresh

    def use(self, key: str) -> None:
        """Choose an operation as the person would: it is gone back to when it can work again."""
        self._wanted = key
        self.chooser.choose(key)

    def set_target(self, target: Target, empty: bool = False, usual: str = "") -> None:
        """Say which operations can work on what is selected (`empty`: on the board is nothing that
        could be), and choose one that can.

        When a part is newly marked, that is one that needs it, `usual` if it is among them, or of
        a text one that takes it; else the one that the person chose stays, or comes back, as far
        as it can work. Whoever then chooses one that cannot is told.
        """
        if self._description is None:
            return
        former, self._target = self._target, target
        operations = self.chooser.operations
        reasons = reasons_against(operations, self._description, target, empty)
        self.chooser.set_reasons(reasons)
        able = [each.id for each in suited(operations, reasons, target)]
        marked = former is None or target.part != former.part
        if able and (marked or former is None or target.item_ids != former.item_ids):
            needing = [each.id for each in marking(operations, target) if each.id in able]
            if needing and marked:
                # A caret is no wish where nothing is meant for one: what was chosen stays.
                is_wish = target.part != "caret" or any(each.caret for each in operations)
                likely = needing[0] if is_wish else self._first(needing)
                self.chooser.choose(usual if usual in needing else likely)
            elif marked or reasons.get(self._chosen()):
                self.chooser.choose(self._first(needing or able))
        self._show_reason(reasons.get(self._chosen(), ""))

    def _chosen(self) -> str:
        operation = self.operation()
        return operation.id if operation else ""

    def _first(self, able: list[str]) -> str:
        """Of these the one that was wanted or is chosen, else the first."""
        return next((key for key in (self._wanted, self._chosen()) if key in able), able[0])

    def reason(self) -> str:
        """Why the chosen operation cannot work now, or an empty string."""
        return self._reason.text()

    def set_errors(self, errors: Mapping[str, str]) -> dict[str, str]:
        """Show errors beside the prompt and the fields; return those that belong elsewhere."""
        left = self.form.set_errors(errors)
        sentence = left.pop("prompt", "") if self.prompt.isVisibleTo(self) else ""
        self._show_prompt_error(sentence)
        return left

    def prompt_text(self) -> str:
        """The prompt, or an empty string where the operation takes none."""
        operation = self.asking()
        return self.prompt.toPlainText() if operation and operation.prompt != "none" else ""

    def lacks_words(self) -> bool:
        """Whether a prompt is required, and none is there."""
        operation = self.asking()
        needed = operation is not None and operation.prompt == "required"
        return needed and not self.prompt_text().strip()

    def check(self) -> bool:
        """Whether the prompt is there where one is required; says so beside it otherwise."""
        operation = self.operation()
        if operation is None or not self.lacks_words():
            return True
        example = localized(operation.prompt_example)
        sentence = _("Type a prompt first, for example {example}.").format(example=example)
        self._show_prompt_hint(sentence if example else _("Type a prompt first."))
        self.prompt.setFocus()
        return False

    def asking(self) -> Operation | None:
        """The chosen operation as the chosen model does it."""
        operation = self.operation()
        return operation and operation.with_card(self._card)

    def _choose(self, operation: Operation) -> None:
        if self._settling:
            self._due = operation
        else:
            self._show_form(operation)

    def _show_form(self, operation: Operation) -> None:
        self._shown = operation
        old, self.form = self.form, SchemaForm(operation.schema)
        self._column.replaceWidget(old, self.form)
        put_after(self.prompt, self.form)
        old.hide()
        old.deleteLater()
        self.form.setVisible(not self.form.is_empty())
        self.form.changed.connect(self.changed)
        self._show_prompt(operation)
        about = localized(operation.help)
        self._about.setText(about)
        self._about.setVisible(bool(about))
        self._show_prompt_error("")
        self.operation_chosen.emit(operation)

    def _show_prompt(self, operation: Operation) -> None:
        operation = operation.with_card(self._card)
        wanted = operation.prompt != "none"
        hint = localized(operation.prompt_help)
        optional = operation.prompt == "optional"
        self._label.setText(_("Prompt (optional)") if optional else _("Prompt"))
        self._label.setVisible(wanted)
        self.prompt.setVisible(wanted)
        self._hint.setText(hint)
        self._hint.setVisible(wanted and bool(hint))
        example = localized(operation.prompt_example)
        self.prompt.setPlaceholderText(
            _("For example {example}").format(example=example) if example else ""
        )
        self.prompt.setAccessibleDescription(hint)
        medium = self._description.medium if self._description else "image"
        self.prompt.want_lines(medium == "text")

    def _show_reason(self, sentence: str) -> None:
        self._reason.setText(sentence)
        self._reason.setVisible(bool(sentence))

    def _show_prompt_hint(self, sentence: str) -> None:
        """What is to be typed first: nothing is wrong with what is there."""
        self._show_prompt_error(sentence)
        theme.set_kind(self._error, "secondary")
        theme.set_invalid(self.prompt, False)

    def _show_prompt_error(self, sentence: str) -> None:
        theme.set_kind(self._error, "error")
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        theme.set_invalid(self.prompt, bool(sentence))

    def _prompt_changed(self) -> None:
        if self._error.text():
            self._show_prompt_error("")
        self.changed.emit()


def _small(kind: str) -> QLabel:
    label = Label()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    theme.set_kind(label, kind)
    label.hide()
    return label
