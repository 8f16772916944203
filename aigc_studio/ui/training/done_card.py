"""A model that is ready, as a card that stays until it is answered: use it, train on, compare."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.library.cards import count, duration
from aigc_studio.library.course import card_verdict
from aigc_studio.library.measures import card_measures, looks_unreal, lost_variety
from aigc_studio.translation import _, ngettext
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import ElidedLabel, Label
from aigc_studio.ui.library.formats import time_text
from aigc_studio.ui.measure_row import MeasureRow

if TYPE_CHECKING:
    from aigc_studio.api import Progress
    from aigc_studio.library.model_info import ModelInfo

MORE_MINUTES = 5
"""Minutes that *Train on* adds."""
_PICTURE = 48

Others = Callable[[], list[tuple[str, str]]]
"""The models to compare with: their digests and what they are called."""


class DoneCard(QFrame):
    """The card of one model. `wide` lays it in one row. `compared` carries the other's digest."""

    used = Signal()
    trained_on = Signal()
    anew_wanted = Signal()
    compared = Signal(str)
    measure_wanted = Signal()
    measure_cancelled = Signal()
    dismissed = Signal()

    def __init__(self, model: ModelInfo, others: Others, *, wide: bool = False) -> None:
        super().__init__()
        self.model = model
        self._others = others
        theme.set_kind(self, "card")
        self._wide = wide
        self._quiet = "" if wide else "segment"  # less air at their sides
        self.setAccessibleName(_("The model “{name}” is ready").format(name=model.title))
        self.name = ElidedLabel(_("“{name}” is ready").format(name=model.title))
        theme.set_kind(self.name, "heading")
        # In a narrow card how good it is would be cut, which comes last.
        about = card_words(model.card)
        self.about = ElidedLabel(about, self) if wide else Label(about, self, wordWrap=True)
        theme.set_kind(self.about, "secondary")
        self.about.setVisible(bool(self.about.text()))
        self.verdict = ElidedLabel(card_verdict(model.card), self)
        theme.set_kind(self.verdict, "secondary")
        self.verdict.setVisible(wide and bool(self.verdict.text()))
        self.measuring = MeasureRow()
        self.measuring.asked.connect(self.measure_wanted)
        self.measuring.cancelled.connect(self.measure_cancelled)
        self._make_buttons()
        self._lay_out(wide)
        self._offer()
        self.show_measuring(False)

    def show_model(self, model: ModelInfo) -> None:
        """It is known by now how good the model is, say."""
        self.model = model
        self.about.setText(card_words(model.card))
        self.about.setVisible(bool(self.about.text()))
        self._offer()
        self._arrange()

    def _offer(self) -> None:
        """What to do first: to use it; to train on where it makes nothing like its data yet; or
        to train anew where it has lost its variety, which comes back by no training on."""
        unreal, lost = looks_unreal(self.model.card), lost_variety(self.model.card)
        theme.set_kind(self.use, self._quiet if unreal else "primary")
        theme.set_kind(self.more, "primary" if unreal else self._quiet)
        self.more.setVisible(not lost)
        self.anew.setVisible(lost)
        self.use.setIcon(icons.icon("check", "text" if unreal else "on_accent"))

    def show_measuring(self, under_way: bool, progress: Progress | None = None) -> None:
        """Whether it is being measured; if not, it may be asked for while nothing is measured."""
        self.measuring.show_progress(under_way, progress)
        self.measuring.setVisible(under_way or not card_measures(self.model.card))

    def _make_buttons(self) -> None:
        self.use = QPushButton(_("Use it"))
        self.use.setToolTip(_("Choose this model in the prompt panel"))
        self.more = QPushButton(_("Train {n} min more").format(n=MORE_MINUTES))
        self.more.setToolTip(_("Go on from this model, with the same data; this one stays"))
        self.anew = QPushButton(_("Train anew…"))
        self.anew.setToolTip(
            _("It has lost its variety: begin again, with a lower learning rate or another loss")
        )
        theme.set_kind(self.anew, "primary")
        self.compare = QPushButton(_("Compare with…"))
        self.menu = QMenu(self.compare)
        self.close_button = QToolButton()
        self.close_button.setIcon(icons.icon("close", "muted"))
        self.close_button.setIconSize(QSize(14, 14))
        self.close_button.setToolTip(_("Not now: the model stays in the library"))
        self.close_button.setAccessibleName(_("Not now"))
        self.use.clicked.connect(self.used)
        self.more.clicked.connect(self.trained_on)
        self.anew.clicked.connect(self.anew_wanted)
        self.compare.clicked.connect(self._compare)
        self.close_button.clicked.connect(self.dismissed)
        for button in (self.use, self.more, self.anew, self.compare):
            button.setAutoDefault(False)
        self.note_others()

    def _lay_out(self, wide: bool) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.about)
        words.addWidget(self.verdict)
        if wide:
            words.addSpacing(theme.GRID)
            words.addWidget(self.measuring)
            self.measuring.keep_left()
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        picture = self._picture(wide)
        if picture is not None:
            head.addWidget(picture)
        head.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP)
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._body = layout = QBoxLayout(direction, self)
        layout.setContentsMargins(theme.PADDING if wide else theme.GAP, *[theme.GAP] * 3)
        layout.setSpacing(theme.GAP)
        layout.addLayout(head, int(wide))
        if wide:
            for button in (self.use, self.more, self.anew, self.compare):
                buttons.addWidget(button)
            buttons.addStretch(1)
            buttons.addWidget(self.close_button)
            layout.addLayout(buttons)
            return
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.use)
        theme.set_kind(self.compare, self._quiet)
        buttons.addWidget(self.more, 1)
        buttons.addWidget(self.anew, 1)
        buttons.addWidget(self.compare, 1)
        layout.addLayout(buttons)
        layout.addWidget(self.measuring)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a wide card what can be done stands beside what is told, or under it where that would
        be cut."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        if not self._wide:
            return
        told = [each for each in (self.name, self.about, self.verdict) if not each.isHidden()]
        asked = max(each.fontMetrics().horizontalAdvance(each.text()) for each in told)
        buttons = (self.use, self.more, self.anew, self.compare, self.close_button)
        there = [each for each in buttons if not each.isHidden()]
        asked += sum(each.sizeHint().width() + theme.GAP for each in there)
        room = self.width() - _PICTURE - 4 * theme.PADDING
        direction = QBoxLayout.Direction
        beside = asked <= room
        self._body.setDirection(direction.LeftToRight if beside else direction.TopToBottom)

    def _picture(self, wide: bool) -> QWidget | None:
        """What the model makes, where its folder has a picture of that."""
        path = getattr(self.model, "samples", None)
        found = (
            QPixmap(str(path)) if path is not None and wide and path.suffix == ".png" else QPixmap()
        )
        if found.isNull():
            return None
        ratio = self.devicePixelRatioF()
        side = round(_PICTURE * ratio)
        scaled = found.scaled(
            side,
            side,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        scaled.setDevicePixelRatio(ratio)
        label = Label()
        label.setPixmap(scaled)
        label.setAccessibleName(_("What it makes"))
        return label

    @Slot()
    def note_others(self) -> None:
        """There may be other models by now to compare it with."""
        any_other = bool(self._others())
        self.compare.setEnabled(any_other)
        self.compare.setToolTip(
            _("The same seeds and prompt beside each other")
            if any_other
            else _("There is no other model of this generator to compare it with")
        )

    @Slot()
    def _compare(self) -> None:
        others = self._others()
        if len(others) == 1:
            self.compared.emit(others[0][0])
            return
        self.menu.clear()
        for digest, title in others:
            action = self.menu.addAction(title.replace("&", "&&"))
            action.setData(digest)
        self.menu.triggered.connect(self._choose, Qt.ConnectionType.UniqueConnection)
        self.menu.popup(self.compare.mapToGlobal(self.compare.rect().bottomLeft()))

    @Slot("QAction*")
    def _choose(self, action: Any) -> None:
        self.compared.emit(action.data())


def card_words(card: Mapping[str, Any], *, measures: bool = True) -> str:
    """How long a model learnt, and how good it is in plain words, as its card says."""
    seconds, steps = duration(card, "seconds"), count(card, "step")
    parts = [
        ngettext("{n} step", "{n} steps", steps).format(n=f"{steps:,}") if steps else "",
        time_text(seconds) if seconds else "",
        *(card_measures(card)[:1] if measures else ()),
    ]
    return " · ".join(part for part in parts if part)
