"""Small questions of the library: a name, and whether something may be deleted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.jobs import Errands
from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.labels import Label


class NameDialog(QDialog):
    """Asks for a name and does `action(name)` beside the window; an error stands below."""

    def __init__(
        self, title: str, name: str, action: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._action = action
        self._errands = Errands(self)
        self.name = QLineEdit(name)
        self.name.selectAll()
        self.name.setMinimumWidth(320)
        self.name.setAccessibleName(_("Name"))
        self.error = Label(wordWrap=True)
        theme.set_kind(self.error, "error")
        self.error.hide()
        self.buttons = QDialogButtonBox()
        self.accept_button = QPushButton(title)
        theme.set_kind(self.accept_button, "primary")
        self.buttons.addButton(self.accept_button, QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = QPushButton(_("Cancel"))
        self.buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.accepted.connect(self._try)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.SECTION] * 4)
        layout.setSpacing(theme.GAP)
        label = Label(_("Name"))
        label.setBuddy(self.name)
        for widget in (label, self.name, self.error, self.buttons):
            layout.addWidget(widget)

    @Slot()
    def _try(self) -> None:
        name = self.name.text()
        self.accept_button.setEnabled(False)
        self._errands.run(lambda: self._action(name), self._done, self._refuse)

    def _done(self, _result: object) -> None:
        self.accept()

    def _refuse(self, error: Exception) -> None:
        from aigc_studio.api import StudioError

        self.accept_button.setEnabled(True)
        if not isinstance(error, StudioError):
            raise error
        self.error.setText(str(error))
        self.error.show()
        self.name.setFocus()


def no_default(widget: QWidget) -> None:
    """Enter in a field presses no button: a dialog makes every button its default otherwise."""
    for button in widget.findChildren(QPushButton):
        button.setAutoDefault(False)


def in_line(spin: QAbstractSpinBox) -> None:
    """A spin box as high as the other controls, its number away from the edge."""
    spin.setFixedHeight(theme.CONTROL_HEIGHT)
    edit = spin.lineEdit()
    if edit is not None:
        edit.setTextMargins(6, 0, 0, 0)


def hint(combo: QComboBox, text: str) -> None:
    """What an editable box shows while it is empty."""
    edit = combo.lineEdit()
    if edit is not None:
        edit.setPlaceholderText(text)


def ask_to_delete(
    parent: QWidget, question: str, consequence: str, action: Callable[[], None]
) -> QMessageBox:
    """Ask before something is deleted for good; `action` when the person agrees. Does not block."""
    box = QMessageBox(QMessageBox.Icon.NoIcon, _("Delete"), question, parent=parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(consequence)
    delete = box.addButton(_("Delete"), QMessageBox.ButtonRole.DestructiveRole)
    theme.set_kind(delete, "danger")
    keep = box.addButton(_("Keep"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    delete.clicked.connect(action)
    box.open()
    return box
