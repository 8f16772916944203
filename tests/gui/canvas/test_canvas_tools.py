"""How the canvas is put together: a kit for each medium, no circles, items that answer."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from gui.canvas_board import CanvasBoard, grey, move, text, tune
from PySide6.QtCore import QPoint, QPointF, Qt

from aigc_studio import ui
from aigc_studio.ui import keys
from aigc_studio.ui.canvas import Tool, tool_infos
from aigc_studio.ui.canvas.items.kinds import ITEM_CLASSES
from aigc_studio.ui.canvas.tools.toolbox import BOARD, KITS

UI = Path(ui.__file__).parent
ROOT = UI.parent
ASKING = re.compile(r"isinstance\([^)]*\b(ImageItem|TextItem|MelodyItem)\b")
THEIR_OWN = ("items/", "writing/", "painting/sheets", "tools/area", "tools/crop", "tools/paint",
             "tools/notes", "tools/melodies", "tools/words", "tools/pictures",
             "tools/note_editing", "tools/marking", "tools/frame", "window/listening/",
             "window/board/tune_facts")  # fmt: skip
"""Rooms of one medium each."""


def test_every_medium_has_a_kit_and_every_tool_is_something_on_the_board() -> None:
    assert set(KITS) == set(ITEM_CLASSES)
    assert set(BOARD) == set(Tool) == {info.tool for info in tool_infos()}
    assert all(keys.shown(info.name) == info.key != "" for info in tool_infos())


def test_nobody_asks_an_item_for_its_medium() -> None:
    asking = [
        path.relative_to(UI).as_posix()
        for path in UI.rglob("*.py")
        if ASKING.search(path.read_text("utf-8"))
    ]
    here = [name.removeprefix("canvas/") for name in asking]
    assert [name for name in here if not name.startswith(THEIR_OWN)] == []


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_the_canvas_has_no_circle() -> None:
    """Not even of names that only types are made of: a tool knows no view."""
    rooms = {
        ".".join(path.relative_to(ROOT.parent).with_suffix("").parts): path
        for path in (UI / "canvas").rglob("*.py")
        if path.name != "__init__.py"
    }
    left = {name: {each for each in imports(path) if each in rooms} for name, path in rooms.items()}
    while left:
        ground = {name for name, known in left.items() if not known}
        assert ground, f"these know each other in a circle: {sorted(left)}"
        left = {name: known - ground for name, known in left.items() if name not in ground}


@pytest.mark.parametrize("tool", [tool for tool in Tool if tool != Tool.HAND])
def test_every_tool_can_be_used_on_everything(canvas: CanvasBoard, tool: Tool) -> None:
    """Nothing breaks, whatever is under it, and Escape in between leaves nothing behind."""
    canvas.put(grey(100, 80, 200), -300, -100)
    canvas.put(text(), 0, -100)
    canvas.put(tune(), -200, 120)
    canvas.view.set_tool(tool)
    for place in ((-250, -60), (60, -70), (0, 220), (380, 300)):
        canvas.drag(place, (place[0] + 12, place[1] + 9), (place[0] + 30, place[1] + 12))
        canvas.drag(place, (place[0] + 30, place[1] + 12), release=False)
        canvas.key(Qt.Key.Key_Escape)
        canvas.drag(place, (place[0] + 3, place[1]))
        move(canvas.view.viewport(), canvas.at(*place), Qt.MouseButton.NoButton)
    canvas.settle()
    canvas.view.set_tool(Tool.MOVE)
    assert canvas.view.marks.area is None
    assert canvas.view.marks.cut is None
    assert canvas.view.marks.trail is None
    assert not canvas.view.pointer.is_busy


def test_the_hand_moves_the_view_over_anything(canvas: CanvasBoard) -> None:
    canvas.put(text(), 0, 0)
    canvas.view.set_tool(Tool.HAND)
    before = canvas.view.to_view(QPointF(0, 0))
    canvas.drag((40, 40), (60, 55), (90, 80))
    moved = canvas.view.to_view(QPointF(0, 0)) - before
    assert moved.toPoint() == QPoint(50, 40)
    assert canvas.scene.target().number == 0
