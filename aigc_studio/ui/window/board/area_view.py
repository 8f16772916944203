"""What lies in the middle of the window: options of the tool, canvas, what waits, what is said; and
what comes to it when it is first wanted. What they do with each other is `area`."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.candidates.strip import CandidateStrip
from aigc_studio.ui.canvas import BoardView
from aigc_studio.ui.canvas.floating_bar import FloatingBar
from aigc_studio.ui.labels import Label
from aigc_studio.ui.window.board.arrangement import Arrangement
from aigc_studio.ui.window.board.bottom import BottomPlace
from aigc_studio.ui.window.board.canvas_filter import CanvasFilter
from aigc_studio.ui.window.board.options import OptionsBar
from aigc_studio.ui.window.making.stage_keys import StageKeys
from aigc_studio.ui.window.making.staging import Staging
from aigc_studio.ui.window.making.strip_link import StripLink
from aigc_studio.ui.window.message_bar import MessageBar

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.painting.note_options import NoteOptions
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.board.finding import Finding
    from aigc_studio.ui.window.board.revealing import Revealing
    from aigc_studio.ui.window.making.explaining import Explaining
    from aigc_studio.ui.window.making.picking import Picking
    from aigc_studio.ui.window.making.session import Session


class AreaView(QWidget):
    """The parts of the middle of the window, laid out.

    `bars_changed`: another bar than that of the verbs is at the selection, or no longer.
    `data_wanted` carries the sample pack that an explanation lacks, "" for data of a person's own.
    """

    bars_changed = Signal()
    data_wanted = Signal(str)

    def __init__(self, studio: Studio, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._session = session
        self.view = BoardView(studio.project)
        self.view.setMinimumSize(240, 160)
        self.view.options.recall_notes = self._recall_notes
        self.strip = CandidateStrip()
        self.options = OptionsBar(self.view)
        self.verbs = FloatingBar(self.view, "above")
        self.staging = Staging(studio, session, self.view, self.strip)
        self.tray = StripLink(studio, session, self.strip, self.staging, self.finish_edits)
        self.gate = CanvasFilter(self.view, session.accept, session.cancel, self.staging)
        self.gate.heat = lambda: vars(self).get("explaining")
        self.stage_keys = StageKeys(self.staging, self.view, self.strip)
        self.decisions = self.staging.deciding.bar
        self.bottom = BottomPlace(self)
        self.bar = MessageBar(self)
        self._lay_out()

    @functools.cached_property
    def explaining(self) -> Explaining:
        """Shows what generators say of an item; made when it is first asked for."""
        from aigc_studio.ui.window.making.explaining import Explaining

        explaining = Explaining(self._studio, self.view)
        explaining.data_wanted.connect(self.data_wanted)
        return explaining

    def _recall_notes(self) -> NoteOptions:
        from aigc_studio.ui.window.board.note_memory import recalled

        return recalled(self.view, self._studio.settings)

    @functools.cached_property
    def picking(self) -> Picking:
        """Offers what may come next at a caret; made when it is first asked for."""
        from aigc_studio.ui.window.making.picking import Picking

        picking = Picking(self._studio, self.view)
        picking.changed.connect(self.bars_changed)
        return picking

    @functools.cached_property
    def finding(self) -> Finding:
        """Finds words in a text; made when it is first asked for."""
        from aigc_studio.ui.window.board.finding import Finding

        finding = Finding(self._studio, self.view)
        finding.changed.connect(self.bars_changed)
        return finding

    @functools.cached_property
    def revealing(self) -> Revealing:
        """Brings what is new on the board into sight; made when something is."""
        from aigc_studio.ui.window.board.revealing import Revealing

        return Revealing(self.view, self.arrangement)

    @property
    def picks(self) -> bool:
        """Whether pieces are offered at a caret."""
        return "picking" in vars(self) and bool(self.picking.item_id)

    @property
    def finds(self) -> bool:
        """Whether words are looked for in a text."""
        return "finding" in vars(self) and bool(self.finding.item_id)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.options)
        column.addWidget(self.view, 1)
        note = Label(_("What you generate waits here, to be kept or dropped."), wordWrap=True)
        self._candidates = Page(self.strip, note)
        self.bottom.add("candidates", self._candidates)
        self.arrangement = Arrangement(self, column, self.view, self.bottom, self.bar)

    @Slot()
    def finish_edits(self) -> None:
        """Let strokes on their way become commands, and what could not be kept before."""
        self.view.finish_edits()
        self.view.writer.retry()
        self.view.finish_edits()


class Page(QWidget):
    """Shows what is inside, or a note as long as that hides itself.

    `came` and `went` tell when it shows or hides itself.
    """

    came = Signal()
    went = Signal()

    def __init__(self, inside: QWidget, note: QLabel) -> None:
        super().__init__()
        self._inside, self._note = inside, note
        theme.set_kind(note, "secondary")
        note.setContentsMargins(*[theme.PADDING] * 4)
        note.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(inside, 1)
        column.addWidget(note, 1)
        note.setVisible(inside.isHidden())
        inside.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The inside comes or goes."""
        if event.type() == QEvent.Type.ShowToParent:
            self._note.hide()
            self.came.emit()
        elif event.type() == QEvent.Type.HideToParent:
            self._note.show()
            self.went.emit()
        return False
