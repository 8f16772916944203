"""How to export: how large, on which ground, the kind of file, and what it says of its making."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.api.errors import StudioError
from aigc_studio.translation import _, ngettext
from aigc_studio.ui import icons, theme
from aigc_studio.ui.forms.numbers import NumberBox
from aigc_studio.ui.labels import Label
from aigc_studio.ui.screen_room import fit
from aigc_studio.ui.window.files.export_preview import ExportPreview
from aigc_studio.ui.window.files.picture_choices import PictureChoices, Pictures

if TYPE_CHECKING:
    from aigc_studio.project.export import ExportOptions
    from aigc_studio.project.prints import Ground, Print
    from aigc_studio.ui.settings import Settings

FORMER = "export-choices"
"""What was chosen last is remembered under this key."""
_FORM_WIDTH = 408
_WIDTH, _HEIGHT = 800, 460
_names = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".webp": "WebP",
    ".gif": "GIF",
    ".txt": "TXT",
    ".md": "Markdown",
    ".mid": "MIDI",
    ".abc": "ABC",
    ".wav": "WAV",
    ".melody.json": "JSON",
}


class ExportDialog(QDialog):
    """Asks how to export. `suffix(medium)`, `options` and `picture` say what was chosen.

    `by_hand`: no generator had a part in any of it, and so there is nothing to mark. `name` is that
    of a single item. `preview_wanted` carries the `Print` of the first picture, whenever it has
    become another one; whoever listens calls `show_preview`.
    """

    preview_wanted = Signal(object)

    def __init__(
        self,
        media: Sequence[str],
        settings: Settings,
        pictures: Pictures | None = None,
        parent: QWidget | None = None,
        *,
        moving: bool = False,
        by_hand: bool = False,
        name: str = "",
    ) -> None:
        super().__init__(parent)
        self._moving = moving
        self._by_hand = by_hand
        self._settings = settings
        self._board = pictures is not None and pictures.whole_board
        self._title = self._heading(len(media), name)
        title = _("Export as Animation") if moving else _("Export Items")
        self.setWindowTitle(_("Export Board") if self._board else title)
        self._former = settings.remembered(FORMER)
        self.formats: dict[str, QComboBox] = {}
        self._form = QFormLayout()
        self._form.setSpacing(theme.GAP)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self.preview = ExportPreview()
        self.about = Label()
        self.problem = Label(wordWrap=True)
        self.picture: PictureChoices | None = None
        if pictures is not None:
            self.picture = PictureChoices(self._form, pictures, self._former)
        for medium in dict.fromkeys(media):
            self._form.addRow(_medium_label(medium), self._formats(medium))
        self._make_choices(media)
        self.label.toggled.connect(self._follow)
        self._lay_out()
        if self.picture is not None:
            self.picture.changed.connect(self._follow)
        self._follow()

    def _heading(self, count: int, name: str) -> str:
        if self._moving:
            return _("One moving picture")
        if self._board:
            return _("The whole board as one picture")
        if count == 1 and name:
            return name
        return ngettext("{count} item", "{count} items", count).format(count=count)

    def _make_choices(self, media: Sequence[str]) -> None:
        """What is chosen beside size and format."""
        self.quality = NumberBox(integer=True, minimum=1, maximum=100)
        self.quality.setValue(self._quality())
        self.quality.setToolTip(_("For JPEG: more is closer to the original, and larger"))
        self.quality.setAccessibleName(_("JPEG quality"))
        self._form.addRow(_("JPEG quality"), self.quality)
        self.label = QCheckBox(_("Marked as AI-generated"))
        self.label.setChecked(self._settings.preference("label_exports"))
        self.prompt = QCheckBox(_("Write the prompt into it, too"))
        self.prompt.setChecked(self._settings.preference("export_prompt"))
        self.hand = Label(_("No generator had a part in it: there is nothing to mark."))
        theme.set_kind(self.hand, "secondary")
        self.one_file = QCheckBox(_("All texts in one file"), self)
        self.one_file.setToolTip(
            _("A line each where all are lines, else with empty lines between")
        )
        self.one_file.setChecked(self._former.get("one_file") is True)
        self.one_file.setVisible(len(media) > 1 and set(media) == {"text"})

    def _formats(self, medium: str) -> QComboBox:
        from aigc_studio.project import export

        box = QComboBox()
        box.setAccessibleName(_medium_label(medium))
        known = export.ANIMATIONS if self._moving else export.SUFFIXES[medium]  # type: ignore[index]
        for suffix in known if self._moving else _names:
            if suffix in known:
                name = "APNG" if self._moving and suffix == ".png" else _names[suffix]
                box.addItem(f"{name} ({suffix})", suffix)
        box.setCurrentIndex(max(box.findData(self._former.get(medium)), 0))
        box.currentIndexChanged.connect(self._follow)
        self.formats[medium] = box
        return box

    def _quality(self) -> int:
        value = self._former.get("quality")
        return value if isinstance(value, int) and 1 <= value <= 100 else 95

    def _lay_out(self) -> None:
        heading = Label(self._title)
        theme.set_kind(heading, "title")
        for label, kind in ((self.about, "secondary"), (self.problem, "error")):
            theme.set_kind(label, kind)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = buttons.addButton(_("Save as…"), QDialogButtonBox.ButtonRole.AcceptRole)
        theme.set_kind(self.go, "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        left = QVBoxLayout()
        left.setSpacing(theme.GAP)
        left.addWidget(self.preview, 1)
        left.addWidget(self.about)
        right = QVBoxLayout()
        right.setSpacing(theme.PADDING)
        right.addWidget(heading)
        right.addLayout(self._form)
        right.addWidget(self.one_file)
        right.addWidget(self.problem)
        right.addSpacing(theme.GRID)
        right.addLayout(self._label_row())
        right.addWidget(self.prompt)
        right.addStretch(1)
        right.addWidget(buttons)
        side = QWidget()
        # As wide with each choice: what is looked at stays where it is.
        side.setFixedWidth(_FORM_WIDTH)
        right.setContentsMargins(0, 0, 0, 0)
        side.setLayout(right)
        for part in (self.label, self.more, self.prompt):
            part.setVisible(not self._by_hand)
        self.hand.setVisible(self._by_hand)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*[theme.SECTION] * 4)
        layout.setSpacing(theme.SECTION)
        layout.addLayout(left, 1)
        layout.addWidget(side)
        fit(self, _WIDTH, _HEIGHT)

    def _label_row(self) -> QHBoxLayout:
        help = _(
            "The label follows IPTC: other programs and web sites can tell from it that the "
            "content was made by a generator."
        )
        self.more = more = QToolButton()
        more.setIcon(icons.icon("info", "muted"))
        more.setIconSize(QSize(theme.TOOL_ICON, theme.TOOL_ICON))
        more.setToolTip(help)
        more.setAccessibleName(_("What the label says"))
        more.setAccessibleDescription(help)
        self.label.setToolTip(help)
        row = QHBoxLayout()
        row.setSpacing(theme.GRID)
        row.addWidget(self.label)
        row.addWidget(more)
        row.addWidget(self.hand)
        row.addStretch(1)
        return row

    @Slot()
    def _follow(self) -> None:
        self.prompt.setEnabled(self.label.isChecked())
        self._form.setRowVisible(self.quality, self.suffix("image") == ".jpg")
        problem = self._problem()
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.go.setEnabled(not problem or self._is_hint())
        theme.set_kind(self.problem, "secondary" if self._is_hint() else "error")
        if self.picture is not None and self.go.isEnabled():
            self.preview_wanted.emit(self.picture.wanted())

    def ask_preview(self) -> None:
        """Ask for a preview of what is chosen now: somebody has begun to listen."""
        self._follow()

    def _problem(self) -> str:
        """Why this cannot be written, or what will be different in the file; mostly empty."""
        if self.picture is None:
            return ""
        from aigc_studio.project.prints import check_size

        wanted = self.picture.wanted()
        try:
            check_size(wanted.width, wanted.height)
        except StudioError as error:
            return str(error)
        if not self._is_hint():
            return ""
        if self.suffix("image") == ".gif":
            return _("A GIF has 256 colours a picture, and no partial transparency. WebP has both.")
        return _("JPEG cannot be transparent: it gets a white background.")

    def _is_hint(self) -> bool:
        """Whether what is said keeps nobody from going on."""
        from aigc_studio.api import limits

        suffix = self.suffix("image")
        if self.picture is None or suffix not in (".jpg", ".gif"):
            return False
        if suffix == ".gif":
            return True
        wanted = self.picture.wanted()
        clear = wanted.ground == "transparent" or (self._board and wanted.ground == "as_it_is")
        return clear and wanted.width * wanted.height <= limits.READ_PIXELS

    def set_grounds(self, grounds: Sequence[Ground]) -> None:
        """Offer the grounds that the pictures can have."""
        if self.picture is not None:
            self.picture.set_grounds(grounds)

    def show_preview(self, image: QImage, size: QSize, told: str = "") -> None:
        """Show what will be written, and say how large it is."""
        self.preview.show_picture(image, size)
        self.about.setText(told or f"{size.width()} × {size.height()} px")

    def suffix(self, medium: str) -> str:
        """The chosen suffix for a medium; empty when none of it is exported."""
        box = self.formats.get(medium)
        return str(box.currentData()) if box is not None else ""

    def together(self) -> bool:
        """Whether several texts go into one file."""
        return not self.one_file.isHidden() and self.one_file.isChecked()

    def options(self) -> ExportOptions:
        """What was chosen about the file, but for the size of pictures."""
        from aigc_studio.project.export import ExportOptions

        return ExportOptions(
            label=self.label.isChecked(),
            include_prompt=self.prompt.isChecked(),
            quality=round(self.quality.value()),
        )

    def print_of(
        self, own: tuple[int, int] | None = None, on_board: tuple[int, int] | None = None
    ) -> Print:
        """How a picture of this size goes out; the first one by default."""
        from aigc_studio.project.prints import Print

        return self.picture.wanted(own, on_board) if self.picture is not None else Print()

    def accept(self) -> None:
        """Remember what was chosen."""
        if not self._by_hand:
            self._settings.set_preference("label_exports", self.label.isChecked())
            self._settings.set_preference("export_prompt", self.prompt.isChecked())
        chosen = {medium: box.currentData() for medium, box in self.formats.items()}
        chosen["quality"] = round(self.quality.value())
        if not self.one_file.isHidden():
            chosen["one_file"] = self.one_file.isChecked()
        if self.picture is not None:
            chosen |= self.picture.to_remember()
        self._settings.remember(self._former | chosen, FORMER)
        super().accept()


def _medium_label(medium: str) -> str:
    return {
        "image": _("Pictures as"),
        "text": _("Texts as"),
        "melody": _("Melodies as"),
    }.get(medium, medium)
