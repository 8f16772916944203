"""Two models beside each other: the same prompt and the same seeds, row by row."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.forms.controls import Choice
from aigc_studio.ui.labels import ElidedLabel, Label
from aigc_studio.ui.screen_room import fit
from aigc_studio.ui.training.artifact_view import ArtifactView
from aigc_studio.ui.training.done_card import card_words
from aigc_studio.ui.training.measure_table import MeasureTable

if TYPE_CHECKING:
    from aigc_studio.api import Artifact
    from aigc_studio.library.measures import Own
    from aigc_studio.library.model_info import ModelInfo

ROWS = {"image": 6, "text": 3, "melody": 3}
"""Results of each model, by medium."""
_HEIGHT = {"image": 72, "text": 96, "melody": 80}
_LARGEST_ROLL = 999_999


class CompareWindow(QDialog):
    """`asked` wants both sides made anew: what the prompt says from `seed` on. `used` carries the
    model that the person decides for. Sides are 0 (the new model) and 1 (the other one). `own` are
    the generator's words for measures of its own."""

    asked = Signal()
    used = Signal(object)

    def __init__(
        self,
        model: ModelInfo,
        others: Sequence[tuple[ModelInfo, str]],
        medium: str,
        parent: QWidget | None = None,
        own: Own | None = None,
    ) -> None:
        super().__init__(parent)
        self.models = [model, others[0][0]]
        self._others = [each for each, _title in others]
        self.count = ROWS.get(medium, 4)
        self.seed = random.randint(0, _LARGEST_ROLL)
        self.setWindowTitle(_("Compare models"))
        self.setWindowFlag(Qt.WindowType.WindowMinMaxButtonsHint)
        fit(self, 720, 640)
        self.prompt = QLineEdit()
        self.prompt.setAccessibleName(_("Prompt"))
        self.prompt.returnPressed.connect(self.ask)
        self.dice = QPushButton(icons.icon("dice"), _("Other seeds"))
        self.dice.clicked.connect(self._roll)
        self.other = Choice()
        self.other.setAccessibleName(_("Model to compare with"))
        for each, title in others:
            self.other.addItem(title, each.digest)
        self.other.currentIndexChanged.connect(self._choose_other)
        self.about = [ElidedLabel(), ElidedLabel()]
        self.measures = MeasureTable(own)
        self.notes = [Label(wordWrap=True), Label(wordWrap=True)]
        self.use = [QPushButton(_("Use this one")), QPushButton(_("Use this one"))]
        for side, button in enumerate(self.use):
            button.clicked.connect(lambda _on=False, chosen=side: self._use(chosen))
        least = QSize(120, _HEIGHT.get(medium, 72))
        self.views = [[ArtifactView("", least) for _n in range(self.count)] for _side in (0, 1)]
        self._lay_out()
        self._show_about()

    def _lay_out(self) -> None:
        for label in self.about:
            theme.set_kind(label, "secondary")
        for note in self.notes:
            theme.set_kind(note, "error")
            note.hide()
        foot = QHBoxLayout()
        foot.setSpacing(theme.SECTION)
        for button in self.use:
            foot.addWidget(button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.SECTION] * 4)
        column.setSpacing(theme.PADDING)
        column.addLayout(self._question())
        column.addLayout(self._heads())
        column.addWidget(self._results(), 1)
        column.addLayout(foot)
        for button in (*self.use, self.dice):
            button.setAutoDefault(False)

    def _question(self) -> QHBoxLayout:
        words = Label(_("Prompt"))
        words.setBuddy(self.prompt)
        top = QHBoxLayout()
        top.setSpacing(theme.GAP)
        top.addWidget(words)
        top.addWidget(self.prompt, 1)
        top.addWidget(self.dice)
        return top

    def _heads(self) -> QGridLayout:
        """Each side's model, what is told of it, and their measures under both."""
        name = ElidedLabel(self.models[0].name)
        theme.set_kind(name, "heading")
        heads = QGridLayout()
        heads.setHorizontalSpacing(theme.SECTION)
        heads.setVerticalSpacing(theme.GRID)
        heads.addWidget(name, 0, 0)
        heads.addWidget(self.other, 0, 1)
        for side in (0, 1):
            heads.addWidget(self.about[side], 1, side)
            heads.addWidget(self.notes[side], 3, side)
            heads.setColumnStretch(side, 1)
        heads.addWidget(self.measures, 2, 0, 1, 2)
        return heads

    def _results(self) -> QScrollArea:
        rows = QGridLayout()
        rows.setSpacing(theme.GAP)
        rows.setHorizontalSpacing(theme.SECTION)
        rows.setContentsMargins(0, 0, 0, 0)
        for side in (0, 1):
            rows.setColumnStretch(side, 1)
            for number, view in enumerate(self.views[side]):
                rows.addWidget(view, number, side)
        inside = QWidget()
        inside.setLayout(rows)
        area = QScrollArea(widgetResizable=True)
        area.setAccessibleName(_("What they make"))
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        return area

    def _show_about(self) -> None:
        self.measures.show_cards([model.card for model in self.models])
        alone = not self.measures.rows
        for label, model in zip(self.about, self.models, strict=True):
            label.setText(card_words(model.card, measures=alone) or " ")

    @Slot()
    def ask(self) -> None:
        """Have both sides made anew."""
        for side in (0, 1):
            self.tell(side, "")
            for view in self.views[side]:
                view.show_artifact(None, _("In the making…"))
        self.asked.emit()

    @Slot()
    def _roll(self) -> None:
        self.seed = random.randint(0, _LARGEST_ROLL)
        self.ask()

    @Slot()
    def _choose_other(self) -> None:
        self.models[1] = self._others[self.other.currentIndex()]
        self._show_about()
        self.ask()

    def choose_other(self, digest: str) -> None:
        """Compare with the model of this digest."""
        self.other.setCurrentIndex(max(self.other.findData(digest), 0))

    def _use(self, side: int) -> None:
        self.used.emit(self.models[side])
        self.accept()

    # What is made

    def show_result(self, side: int, number: int, artifact: Artifact) -> None:
        """Show result `number` of a side; results beyond the rows are left out."""
        if number < self.count:
            self.views[side][number].show_artifact(artifact)

    def tell(self, side: int, sentence: str) -> None:
        """Say why a side makes nothing; empty takes it away."""
        self.notes[side].setText(sentence)
        self.notes[side].setVisible(bool(sentence))
        if sentence:
            for view in self.views[side]:
                if view.artifact is None:
                    view.show_artifact(None, " ")
