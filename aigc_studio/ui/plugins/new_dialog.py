"""A new plugin of one's own: a name, a medium, and it is there and works."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio import folders
from aigc_studio.jobs import Errands
from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.library.formats import medium_text
from aigc_studio.ui.plugins import places


class NewPluginDialog(QDialog):
    """`created` carries the path of the plugin, which is opened in what the system has for it."""

    created = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("New plugin"))
        self._errands = Errands(self)
        self.name = QLineEdit(placeholderText=_("My first plugin"))
        self.name.setMinimumWidth(320)
        self.name.textChanged.connect(self._show_place)
        self.medium = QComboBox()
        for medium in ("text", "image", "melody"):
            self.medium.addItem(medium_text(medium), medium)
        self.medium.currentIndexChanged.connect(self._show_place)
        self.torch = QCheckBox(_("With a small network that learns (torch)"))
        self.torch.toggled.connect(self._show_place)
        self.place = Label(wordWrap=True)
        theme.set_kind(self.place, "secondary")
        self.error = Label(wordWrap=True)
        theme.set_kind(self.error, "error")
        self.error.hide()
        self._lay_out()
        self._show_place()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(theme.SECTION)
        form.setVerticalSpacing(theme.GAP)
        for text, field in ((_("Name"), self.name), (_("It makes"), self.medium)):
            field.setAccessibleName(text)
            form.addRow(text, field)
        form.addRow("", self.torch)
        buttons = QDialogButtonBox()
        self.make = QPushButton(_("Make it"))
        theme.set_kind(self.make, "primary")
        buttons.addButton(self.make, QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = QPushButton(_("Cancel"))
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._make)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.SECTION] * 4)
        layout.setSpacing(theme.PADDING)
        layout.addLayout(form)
        layout.addWidget(self.place)
        layout.addWidget(self.error)
        layout.addWidget(buttons)

    @Slot()
    def _show_place(self) -> None:
        """Where it will be, as the name is typed."""
        from aigc_studio.api import StudioError
        from aigc_studio.host.plugin_names import plugin_names

        self.error.hide()
        words = self.name.text().strip()
        try:
            names = plugin_names(words, self.medium.currentData()) if words else None
        except StudioError as error:
            self._refuse(error)
            names = None
        self.make.setEnabled(names is not None)
        if names is None:
            self.place.setText(
                _("It is written into {folder}.").format(folder=folders.plugin_folder())
            )
            return
        end = "/" if self.torch.isChecked() else ".py"
        path = f"{folders.plugin_folder() / names.module}{end}"
        self.place.setText(_("It becomes {path}, with the id {id}.").format(path=path, id=names.id))

    @Slot()
    def _make(self) -> None:
        from aigc_studio.host.scaffold import scaffold

        name, medium, torch = self.name.text(), self.medium.currentData(), self.torch.isChecked()
        self.make.setEnabled(False)
        self._errands.run(lambda: scaffold(name, medium, torch=torch), self._finish, self._refuse)

    def _finish(self, path: Path) -> None:
        places.show(path)
        self.created.emit(str(path.absolute()))
        self.accept()

    def _refuse(self, error: Exception) -> None:
        from aigc_studio.api import StudioError

        self.make.setEnabled(True)
        if not isinstance(error, StudioError):
            raise error
        self.error.setText(str(error))
        self.error.show()
