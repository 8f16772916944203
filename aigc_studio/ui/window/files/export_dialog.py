"""How to export: the kind of file, and what it says of how it was made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.translation import _, ngettext
from aigc_studio.ui import theme
from aigc_studio.ui.labels import Label

if TYPE_CHECKING:
    from aigc_studio.ui.settings import Settings

_names = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".webp": "WebP",
    ".txt": "TXT",
    ".mid": "MIDI",
    ".melody.json": "JSON",
}


class ExportDialog(QDialog):
    """Asks for formats and labels; `suffix(medium)` and `options` say what was chosen."""

    def __init__(
        self,
        media: Sequence[str],
        settings: Settings,
        *,
        board: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Export Board") if board else _("Export Items"))
        self.setMinimumWidth(420)
        self._settings = settings
        self.formats: dict[str, QComboBox] = {}
        self._form = QFormLayout()
        self._form.setSpacing(theme.GAP)
        for medium in dict.fromkeys(media):
            self._form.addRow(_medium_label(medium), self._formats(medium))
        self.quality = QSpinBox(minimum=1, maximum=100, value=95)
        self.quality.setToolTip(_("For JPEG: more is closer to the original, and larger"))
        self.quality.setAccessibleName(_("JPEG quality"))
        self._form.addRow(_("JPEG quality"), self.quality)
        self.label = QCheckBox(_("Say in the file that it was generated, and how"))
        self.label.setChecked(settings.preference("label_exports"))
        self.prompt = QCheckBox(_("Write the prompt into it, too"))
        self.prompt.setChecked(settings.preference("export_prompt"))
        self.label.toggled.connect(self._follow)
        self._lay_out(len(media), board)
        self._follow()

    def _formats(self, medium: str) -> QComboBox:
        from aigc_studio.project import export

        box = QComboBox()
        box.setAccessibleName(_medium_label(medium))
        for suffix in export.SUFFIXES[medium]:  # type: ignore[index]
            if suffix in _names:
                box.addItem(f"{_names[suffix]} ({suffix})", suffix)
        box.currentIndexChanged.connect(self._follow)
        self.formats[medium] = box
        return box

    def _lay_out(self, count: int, board: bool) -> None:
        title = _("The whole board as one picture")
        if not board:
            title = ngettext("{count} item", "{count} items", count).format(count=count)
        heading = Label(title)
        theme.set_kind(heading, "title")
        help = Label(
            _(
                "The label follows IPTC: other programs and web sites can tell from it that the "
                "content was made by a generator."
            ),
            wordWrap=True,
        )
        theme.set_kind(help, "secondary")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = buttons.addButton(_("Choose place…"), QDialogButtonBox.ButtonRole.AcceptRole)
        theme.set_kind(self.go, "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.SECTION] * 4)
        layout.setSpacing(theme.PADDING)
        layout.addWidget(heading)
        layout.addLayout(self._form)
        layout.addWidget(self.label)
        layout.addWidget(self.prompt)
        layout.addWidget(help)
        layout.addWidget(buttons)

    @Slot()
    def _follow(self) -> None:
        self.prompt.setEnabled(self.label.isChecked())
        self._form.setRowVisible(self.quality, self.suffix("image") == ".jpg")

    def suffix(self, medium: str) -> str:
        """The chosen suffix for a medium; empty when none of it is exported."""
        box = self.formats.get(medium)
        return str(box.currentData()) if box is not None else ""

    def accept(self) -> None:
        """Remember what was chosen about labels."""
        self._settings.set_preference("label_exports", self.label.isChecked())
        self._settings.set_preference("export_prompt", self.prompt.isChecked())
        super().accept()


def _medium_label(medium: str) -> str:
    return {
        "image": _("Pictures as"),
        "text": _("Texts as"),
        "melody": _("Melodies as"),
    }.get(medium, medium)
