"""Icons: there, of one weight, tinted by role, sharp at any density."""

import re
from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from aigc_studio.ui import icons, theme

NEEDED = [
    "move",
    "brush",
    "eraser",
    "mask",
    "rectangle",
    "frame",
    "eyedropper",
    "hand",
    "undo",
    "redo",
    "open",
    "save",
    "export",
    "import",
    "train",
    "generate",
    "sparkle",
    "edit",
    "cancel",
    "pause",
    "play",
    "stop",
    "dice",
    "lock",
    "unlock",
    "copy",
    "trash",
    "eye",
    "eye-off",
    "up",
    "down",
    "duplicate",
    "crop",
    "rotate",
    "flip-h",
    "flip-v",
    "invert",
    "clear",
    "fit",
    "zoom-in",
    "zoom-out",
    "settings",
    "plugins",
    "library",
    "log",
    "info",
    "warning",
    "error",
    "check",
    "close",
    "search",
    "plus",
    "minus",
    "star",
    "image",
    "text",
    "melody",
    "history",
    "jobs",
    "align-left",
    "align-right",
    "align-top",
    "align-bottom",
    "align-centre",
    "align-middle",
]


def inked(pixmap: Any) -> Any:
    image = pixmap.toImage()
    return [
        image.pixelColor(x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() > 200
    ]


def test_all_that_the_window_needs_are_there() -> None:
    assert set(NEEDED) <= set(icons.names())


@pytest.mark.parametrize("name", NEEDED)
def test_drawn_on_the_grid_with_one_weight(qapp: QApplication, name: Any) -> None:
    drawing = icons.svg(name)
    assert 'viewBox="0 0 24 24"' in drawing
    assert set(re.findall(r'stroke-width="([^"]+)"', drawing)) <= {"1.75"}
    assert "#" not in drawing
    assert len(inked(icons.pixmap(name, "text", 24))) > 8


def test_unknown_names_are_refused(qapp: QApplication) -> None:
    with pytest.raises(KeyError, match="no-such-icon"):
        icons.icon("no-such-icon")


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_as_many_pixels_as_the_screen_has(qapp: QApplication, ratio: float) -> None:
    drawn = icons.icon("brush").pixmap(QSize(18, 18), ratio)
    assert drawn.width() == round(18 * ratio)
    assert drawn.devicePixelRatio() == ratio


def test_colour_follows_role_scheme_and_state(qapp: QApplication) -> None:
    icon = icons.icon("stop", "text", on_role="accent")
    for scheme in ("light", "dark"):
        theme.apply(qapp, scheme)
        colours = {
            mode: inked(icon.pixmap(QSize(24, 24), 1.0, *mode))[0].name()
            for mode in (
                (QIcon.Mode.Normal, QIcon.State.Off),
                (QIcon.Mode.Normal, QIcon.State.On),
                (QIcon.Mode.Disabled, QIcon.State.Off),
            )
        }
        assert list(colours.values()) == [
            theme.colour(role).name() for role in ("text", "accent", "disabled")
        ]
    theme.apply(qapp, "light")


def test_application_icon_has_many_sizes(qapp: QApplication) -> None:
    sizes = {size.width() for size in icons.application_icon().availableSizes()}
    assert {16, 32, 256} <= sizes
