"""The canvas: pictures, texts and melodies side by side on one board, and what hands do to them.

The names load when they are first asked for: the menus are built before there is a board.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.painting.brush import Brush
    from aigc_studio.ui.canvas.scene.board_scene import BoardScene
    from aigc_studio.ui.canvas.tools.tool import Tool, ToolInfo, tool_infos
    from aigc_studio.ui.canvas.view import BoardView
    from aigc_studio.ui.target import Target

_homes = {
    "BoardScene": "canvas.scene.board_scene",
    "BoardView": "canvas.view",
    "Brush": "canvas.painting.brush",
    "Target": "target",
    "Tool": "canvas.tools.tool",
    "ToolInfo": "canvas.tools.tool",
    "tool_infos": "canvas.tools.tool",
}

__all__ = ["BoardScene", "BoardView", "Brush", "Target", "Tool", "ToolInfo", "tool_infos"]


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    if name not in _homes:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"aigc_studio.ui.{_homes[name]}"), name)
    globals()[name] = value
    return value
