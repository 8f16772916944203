"""Whose a dataset is, who agreed, and how much of it is held out: shown and changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.jobs import Errands
from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.library.asking import in_line

if TYPE_CHECKING:
    from aigc_studio.library import DatasetInfo, DatasetStore


class RightsDialog(QDialog):
    """`changed` carries the new `DatasetInfo`. What cannot be is said in place."""

    changed = Signal(object)

    def __init__(
        self, info: DatasetInfo, store: DatasetStore, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Rights and split of {name}").format(name=info.title))
        self._info, self._store = info, store
        self._errands = Errands(self)
        self.fields = {
            "licence": (_("Licence"), QLineEdit(info.licence)),
            "credit": (_("Credit"), QLineEdit(info.credit)),
            "source": (_("Source"), QLineEdit(info.source)),
            "consent": (_("Consent"), QLineEdit(info.consent)),
        }
        self.own_split = QCheckBox(_("Hold out a part by chance, whole groups at a time"))
        self.own_split.setChecked(info.test_share is not None)
        self.share = QSpinBox(minimum=0, maximum=90, suffix=" %")
        self.share.setAccessibleName(_("Held out"))
        in_line(self.share)
        self.share.setValue(round(100 * (0.1 if info.test_share is None else info.test_share)))
        self.share.setEnabled(self.own_split.isChecked())
        self.own_split.toggled.connect(self.share.setEnabled)
        self.error = Label(wordWrap=True)
        theme.set_kind(self.error, "error")
        self.error.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(theme.SECTION)
        form.setVerticalSpacing(theme.GAP)
        for text, field in self.fields.values():
            field.setAccessibleName(text)
            field.setMinimumWidth(360)
            form.addRow(text, field)
        form.addRow(_("Held out"), self.share)
        if self._info.test_share is None:  # the data said itself what is held out
            form.addRow("", self.own_split)
        note = Label(
            _(
                "Trainings that were cut off cannot go on once the split is changed: they "
                "measured another part."
            ),
            wordWrap=True,
        )
        theme.set_kind(note, "secondary")
        self.accept_button = QPushButton(_("Save"))
        theme.set_kind(self.accept_button, "primary")
        buttons = QDialogButtonBox()
        buttons.addButton(self.accept_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QPushButton(_("Cancel")), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.SECTION] * 4)
        layout.setSpacing(theme.PADDING)
        layout.addLayout(form)
        for widget in (note, self.error, buttons):
            layout.addWidget(widget)

    @Slot()
    def _save(self) -> None:
        told = {name: field.text().strip() for name, (_text, field) in self.fields.items()}
        share = self.share.value() / 100 if self.own_split.isChecked() else None
        self.accept_button.setEnabled(False)
        self._errands.run(lambda: self._change(told, share), self._finish, self._refuse)

    def _change(self, told: dict[str, str], share: float | None) -> DatasetInfo:
        info = self._store.describe(self._info.name, **told)
        if share is not None and share != self._info.test_share:
            info = self._store.split_by(info.name, test_share=share)
        return info

    def _finish(self, info: DatasetInfo) -> None:
        self.changed.emit(info)
        self.accept()

    def _refuse(self, error: Exception) -> None:
        from aigc_studio.api import StudioError

        if not isinstance(error, StudioError):
            raise error
        self.error.setText(str(error))
        self.error.show()
        self.accept_button.setEnabled(True)
