"""A card of a pack shows examples of what is here, and nothing of what is gone."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.api import Text
from aigc_studio.ui.library.pack_card import PackCard
from aigc_studio.ui.studio import Studio


class Later:
    """Errands that are done when it is said."""

    def __init__(self) -> None:
        self.asked: list[tuple[Callable[[Any], None], Callable[[Exception], None]]] = []

    def run_in_order(
        self,
        _work: Callable[[], Any],
        then: Callable[[Any], None],
        fail: Callable[[Exception], None],
    ) -> None:
        self.asked.append((then, fail))


def make(qtbot: QtBot, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> tuple[PackCard, Later]:
    pack = studio.pack_store.find("tang-poems")
    card = PackCard(pack, studio.pack_store, studio.dataset_store)
    qtbot.addWidget(card)
    later = Later()
    monkeypatch.setattr(card, "_errands", later)
    return card, later


def test_examples_that_come_after_their_dataset_was_deleted_are_not_shown(
    qtbot: QtBot, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, later = make(qtbot, studio, monkeypatch)
    card.set_dataset("Tang poems")
    card.set_dataset("")
    for then, fail in later.asked:
        then([Text("a"), Text("b")])
        fail(OSError("gone"))
    assert card.strip.count == 0
    assert "once it is fetched" in card.strip.accessibleDescription()


def test_of_two_readings_the_one_of_the_dataset_that_is_here_counts(
    qtbot: QtBot, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, later = make(qtbot, studio, monkeypatch)
    card.set_dataset("Tang poems")
    card.set_dataset("Tang poems 2")
    later.asked[1][0]([Text("a"), Text("b")])
    later.asked[0][0]([Text("c")])
    QApplication.processEvents()
    assert card.strip.count == 2
