"""The canvas: pictures, texts and melodies side by side on one board, and what hands do to them."""

from aigc_studio.ui.canvas.painting.brush import Brush
from aigc_studio.ui.canvas.scene.board_scene import BoardScene
from aigc_studio.ui.canvas.tools.tool import Tool, ToolInfo, tool_infos
from aigc_studio.ui.canvas.view import BoardView
from aigc_studio.ui.target import Target

__all__ = ["BoardScene", "BoardView", "Brush", "Target", "Tool", "ToolInfo", "tool_infos"]
