"""The canvas: pictures, texts and melodies side by side on one board, and what hands do to them."""

from aigc_studio.ui.canvas.brush import Brush
from aigc_studio.ui.canvas.scene import BoardScene
from aigc_studio.ui.canvas.target import Target
from aigc_studio.ui.canvas.tools import Tool, ToolInfo, tool_infos
from aigc_studio.ui.canvas.view import BoardView

__all__ = ["BoardScene", "BoardView", "Brush", "Target", "Tool", "ToolInfo", "tool_infos"]
