"""The whole board as one picture: how large it is, and drawing it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from aigc_studio.ui.canvas import BoardView


def board_size(view: BoardView) -> tuple[int, int]:
    """Width and height in pixels of all that is visible, at 100 %."""
    rect = view.board_scene.bounds()
    return max(math.ceil(rect.width() - 1e-6), 1), max(math.ceil(rect.height() - 1e-6), 1)


def draw_board(
    view: BoardView,
    then: Callable[[Callable[[], Any]], None],
    scale: float = 1.0,
    smooth: bool | None = None,
) -> None:
    """Have the board as it is now drawn, beside other events; `then` gets a function that makes
    an artifact of it, on any thread. `scale` and `smooth` are those of `Exchange.draw_board`.
    """
    view.finish_edits()

    def take(image: QImage) -> None:
        from aigc_studio.ui.canvas.exchange.transfer import artifact_of

        then(lambda: artifact_of(image))

    view.exchange.draw_board(take, scale, smooth)
