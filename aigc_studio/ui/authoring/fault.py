"""What is wrong with a plugin: where, in which words, and the line of code itself."""

from __future__ import annotations

from functools import partial
from itertools import islice
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from aigc_studio.files import open_plain
from aigc_studio.jobs.drives import answers
from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.labels import ElidedLabel, Label, shortened

_MOST = 240
"""Characters of the sentence; *Details…* has all of it."""
_MOST_LINE = 4096


class FaultBox(QFrame):
    """One fault. `open_wanted` carries the file and the line that it stands in."""

    open_wanted = Signal(str, int)
    details_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_kind(self, "error_bar")
        self._file, self._line, self._details = "", 0, ""
        self.place = QPushButton()
        self.place.setToolTip(_("Open it in your editor"))
        self.details = QPushButton(_("Details…"))
        for link in (self.place, self.details):
            theme.set_kind(link, "link")
        self.sentence = Label(wordWrap=True)
        theme.set_kind(self.sentence, "error")
        self.sentence.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.code = ElidedLabel()
        self.code.setFont(theme.fixed_font())
        # A long line of code must not make the panel wider.
        self.code.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.place.clicked.connect(self._open)
        self.details.clicked.connect(self._tell)
        self._lay_out()
        self.clear()

    def show_fault(self, sentence: str, file: str = "", line: int = 0, details: str = "") -> None:
        """Say what is wrong and, as far as it is known, where."""
        self._file, self._line = file, line
        self._details = "\n\n".join(filter(None, (sentence, details)))
        words = _("{file}, line {line}").format(file=Path(file).name, line=line)
        self.place.setText(words.replace("&", "&&"))
        self.place.setVisible(bool(file))
        self.sentence.setText(shortened(sentence, _MOST))
        self.sentence.setAccessibleName(sentence)
        code = line_of(file, line) if file else ""
        self.code.setText(code)
        self.code.setVisible(bool(code))
        self.show()

    def clear(self) -> None:
        """Nothing is wrong."""
        self.sentence.clear()
        self.hide()

    @Slot()
    def _open(self) -> None:
        self.open_wanted.emit(self._file, self._line)

    @Slot()
    def _tell(self) -> None:
        self.details_wanted.emit(self._details)

    def _lay_out(self) -> None:
        head, whole = QHBoxLayout(), QVBoxLayout(self)
        head.setSpacing(theme.GAP)
        head.addWidget(self.place)
        head.addStretch(1)
        head.addWidget(self.details)
        whole.setContentsMargins(theme.GAP, theme.GRID, theme.GAP, theme.GRID)
        whole.setSpacing(2)
        whole.addLayout(head)
        whole.addWidget(self.code)
        whole.addWidget(self.sentence)


def line_of(file: str, line: int) -> str:
    """A line of a file without the blanks around it; empty where none can be read in time."""
    return answers(partial(_read_line, line=line), [Path(file)])[0] or ""


def _read_line(file: str, line: int) -> str:
    try:
        with open_plain(Path(file)) as opened:
            found = next(islice(opened, max(line - 1, 0), None), b"")
    except OSError:
        return ""
    return found[:_MOST_LINE].decode("utf-8", "replace").strip()
