"""The canvas: pictures, texts and melodies side by side on one board, and what hands do to them.

The names load when they are first asked for: the menus are built before there is a board.
"""

from typing import TYPE_CHECKING

from aigc_studio import late

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.painting.brush import Brush
    from aigc_studio.ui.canvas.scene.board_scene import BoardScene
    from aigc_studio.ui.canvas.tools.tool import Tool, ToolInfo, tool_infos
    from aigc_studio.ui.canvas.view import BoardView
    from aigc_studio.ui.target import Target

_homes = {
    "BoardScene": "scene.board_scene",
    "BoardView": "view",
    "Brush": "painting.brush",
    "Target": ".target",
    "Tool": "tools.tool",
    "ToolInfo": "tools.tool",
    "tool_infos": "tools.tool",
}

__all__ = ["BoardScene", "BoardView", "Brush", "Target", "Tool", "ToolInfo", "tool_infos"]

__getattr__ = late.names(__name__, _homes)
