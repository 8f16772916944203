"""The status bar: the tabs of the place over it, what is under way, the zoom, memory, network."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QMenu,
    QProgressBar,
    QSizePolicy,
    QStatusBar,
    QToolButton,
    QWidget,
)

from aigc_studio.jobs import resident_bytes
from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.progress_bars import show_progress

if TYPE_CHECKING:
    from aigc_studio.ui.canvas import BoardView
    from aigc_studio.ui.target import Target
    from aigc_studio.ui.window.board.text_facts import TextFacts

_EVERY_MS = 2000
_WORK = (120, 240)
"""Pixels of words on what is under way, at least and at most: in a window of `_NARROW` pixels all
else keeps its room beside the least, and what it is wider goes to these words first."""
_NARROW = 1024


class StatusLine(QStatusBar):
    """`work_clicked`: the person wants to see what is under way."""

    work_clicked = Signal()
    zoom_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.work = QToolButton()
        self.work.setAccessibleName(_("Work under way"))
        self.work.clicked.connect(self.work_clicked)
        self.work.hide()
        self.progress = QProgressBar(textVisible=False)
        self.progress.setFixedWidth(80)
        self.progress.setAccessibleName(_("Progress"))
        self.progress.hide()
        self.zoom = QToolButton()
        self.zoom.setFont(theme.readout_font())
        self.zoom.setAccessibleName(_("Zoom"))
        self.zoom.clicked.connect(self.zoom_clicked)
        self._make_readouts()
        self._facts = ""
        self._counting: TextFacts | None = None
        self.tip = Label()
        theme.set_kind(self.tip, "secondary")
        self.tip.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.tip.setContentsMargins(theme.GAP, 0, theme.GAP, 0)
        self.mute = QToolButton()
        self.mute.setIconSize(QSize(16, 16))
        self.mute.hide()
        shown = (self.work, self.progress, self.memory, self.network, self.mute, self.zoom)
        for widget in shown:
            self.addPermanentWidget(widget)
        self.set_zoom(1.0)
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()

    def _make_readouts(self) -> None:
        """What the window takes, and whether it asks the network."""
        self.memory = Label()
        self.memory.setFont(theme.readout_font(11))
        self.memory.setToolTip(_("Memory of the window; workers show theirs in the Jobs tab"))
        theme.set_kind(self.memory, "quiet")
        self.network = Label(_("Offline"))
        self.network.setFont(theme.readout_font(11))
        theme.set_kind(self.network, "quiet")
        self.network.setToolTip(
            _(
                "The studio uses the network only while you fetch a sample pack or install a "
                "plugin; what a plugin uses is told in Plugins"
            )
        )
        self.network.setContentsMargins(theme.GRID, 0, theme.GRID, 0)

    def add_tab(self, action: QAction, *, counts: bool = False) -> None:
        """A button at the left that opens one of the pages over it; with `counts` there is room for
        a number, so that the others stay where they are when it comes."""
        button = QToolButton()
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(QSize(14, 14))
        button.setFont(theme.secondary_font())
        theme.set_kind(button, "tab")
        self.addWidget(button)
        if counts:
            button.ensurePolished()
            number = button.fontMetrics().horizontalAdvance(" 99")
            button.setMinimumWidth(button.sizeHint().width() + number)
        # What a menu says stands behind the buttons, and takes none of them away.
        self.removeWidget(self.tip)
        self.addWidget(self.tip, 1)
        self.tip.show()

    def add_mute(self, action: QAction) -> None:
        """The switch that mutes, at the right; seen from `show_mute` on."""
        self.mute.setDefaultAction(action)

    @Slot()
    def show_mute(self) -> None:
        """There is something to be heard."""
        self.mute.show()

    def show_count(self, tab: QAction, count: int) -> None:
        """Say behind the name of a tab how many things wait there; nothing for none."""
        name = tab.data() or tab.iconText()
        tab.setData(name)
        tab.setIconText(f"{name} {count:,}" if count else name)

    @Slot(QAction)
    def show_tip_of(self, action: QAction) -> None:
        """Say what an entry of a menu does, as long as the menu is open."""
        menu = self.sender()
        # A button of the same action makes a closed menu tell it too.
        if isinstance(menu, QMenu) and menu.isVisible():
            self.tip.setText(action.whatsThis() or self._facts)

    @Slot()
    def clear_tip(self) -> None:
        """The menu has closed."""
        self.tip.setText(self._facts)

    @Slot(str)
    def show_facts(self, sentence: str) -> None:
        """Say how long the selected text is, where no menu has something to say."""
        if self.tip.text() == self._facts:
            self.tip.setText(sentence)
        self._facts = sentence

    def name_buttons(self, zoom: QAction, work: QAction) -> None:
        """Say what a click on the zoom and on the work does, in the words of the menus."""
        self.zoom.setToolTip(zoom.toolTip())
        self.work.setToolTip(work.toolTip())

    def follow(self, view: BoardView) -> None:
        """Show the zoom of a view, and how long the text is that is selected there."""
        view.zoom_changed.connect(self.set_zoom)
        view.selection_changed.connect(partial(self._count_text, view))

    def _count_text(self, view: BoardView, target: Target) -> None:
        if target.medium == "text" and self._counting is None:
            from aigc_studio.ui.window.board.text_facts import TextFacts

            self._counting = TextFacts(view)
            self._counting.counted.connect(self.show_facts)

    @Slot(float)
    def set_zoom(self, zoom: float) -> None:
        """Show a zoom; 1.0 is 100 %."""
        percent = f"{zoom * 100:.0f}" if zoom >= 0.1 else f"{zoom * 100:.1f}"
        self.zoom.setText(_("{n} %").format(n=percent))

    @Slot()
    def refresh(self) -> None:
        """Read the memory in use."""
        number = round(resident_bytes() / 1e6)
        self.memory.setText(_("Memory {number} MB").format(number=number) if number else "")

    def show_work(self, text: str, step: int = 0, total: int = 0) -> None:
        """Say what is under way; an empty text means nothing is."""
        self.work.setVisible(bool(text))
        self.work.setAccessibleDescription(text)
        self._fit_work()
        self.progress.setVisible(bool(text))
        show_progress(self.progress, step, total)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The words of work get what there is now."""
        super().resizeEvent(event)
        self._fit_work()

    def _fit_work(self) -> None:
        least, most = _WORK
        room = min(max(least, least + self.width() - _NARROW), most)
        text = self.work.accessibleDescription()
        shown = self.work.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        self.work.setText(shown)

    @Slot(bool)
    def show_network(self, used: bool) -> None:
        """Say whether the network is in use now."""
        self.network.setText(_("Fetching") if used else _("Offline"))
        theme.set_kind(self.network, "warning" if used else "quiet")
