"""Words in labels: as wide as they are, and cut only where there is no room."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextLayout
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from aigc_studio.api import Image
from aigc_studio.library.datasets import DatasetStore
from aigc_studio.library.drafts import Draft
from aigc_studio.ui.labels import Label, fitting, width_of
from aigc_studio.ui.training.lessons import read_lessons
from aigc_studio.ui.training.mosaic import Mosaic

WORDS = ("star", "leaf", "cat", "eyes", "3 of 4", "long hair", "hello world", "叶子", "")


def test_words_are_not_cut_for_part_of_a_pixel(qapp: QApplication) -> None:
    for size in range(9, 15):
        font = qapp.font()
        font.setPointSize(size)
        metrics = QFontMetrics(font)
        for words in WORDS:
            room = width_of(words, metrics)
            assert metrics.elidedText(words, Qt.TextElideMode.ElideRight, room) == words
            assert fitting([words, "…"], metrics, room) == words
            assert metrics.horizontalAdvance(words) <= room <= metrics.horizontalAdvance(words) + 1


def test_the_names_of_kinds_are_whole(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = [
        Draft(Image(np.full((8, 8), number, np.uint8)), label=WORDS[number % 6])
        for number in range(24)
    ]
    list(DatasetStore(tmp_path).write("d", "image", drafts, {"licence": "CC0"}))
    drawn: list[str] = []
    monkeypatch.setattr(QPainter, "drawText", lambda _painter, *told: drawn.append(told[-1]))
    mosaic = Mosaic()
    qtbot.addWidget(mosaic)
    mosaic.resize(240, 200)
    mosaic.show_lessons(read_lessons(DatasetStore(tmp_path).info("d").folder, each=2))
    mosaic.grab()
    assert set(WORDS[:6]) <= set(drawn)


def test_a_dot_between_phrases_begins_no_line(qtbot: QtBot) -> None:
    words = "约 3 分钟 · step 4,812 · 23 a minute · reads right 97 times in 100"
    label = Label(words, wordWrap=True)
    qtbot.addWidget(label)
    assert label.text() == words  # as it was given
    for width in range(60, 400, 7):
        begun = lines(QLabel.text(label), label.font(), width)
        assert "".join(begun).replace("\N{NO-BREAK SPACE}", " ") == words
        assert not [line for line in begun if line.lstrip().startswith("·")]
    label.clear()
    assert label.text() == QLabel.text(label) == ""


def lines(words: str, font: QFont, width: int) -> list[str]:
    """As Qt breaks words at this width."""
    layout = QTextLayout(words, font)
    layout.beginLayout()
    found = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        found.append(words[line.textStart() : line.textStart() + line.textLength()])
    layout.endLayout()
    return found
