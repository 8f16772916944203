"""Our own line icons: SVG on a 24-pixel grid, one weight, tinted by a colour role when painted.

An icon asks the theme for its colour each time, so it follows light and dark by itself, and is
drawn for the pixel density it is shown at.
"""

from __future__ import annotations

import functools
from pathlib import Path

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from aigc_studio.folders import resources_folder
from aigc_studio.ui import theme

_pixmaps: dict[tuple[str, str, int, int], QPixmap] = {}
_CACHE_LIMIT = 2000


def icon(name: str, role: str = "text", on_role: str = "") -> QIcon:
    """The icon of this name (a file of resources/icons) in the colour of `role`.

    `on_role` is worn while a checkable button is on. Raises `KeyError` for an unknown name.
    """
    svg(name)
    return QIcon(_Engine(name, role, on_role or role))


def pixmap(name: str, role: str = "text", size: int = theme.TOOL_ICON, ratio: float = 1) -> QPixmap:
    """A picture of the icon, `size` logical pixels square, for screens of pixel `ratio`."""
    return _tinted(name, theme.colour(role).name(), round(size * ratio), ratio)


def paint(painter: QPainter, name: str, role: str, rect: QRect | QRectF) -> None:
    """Draw the icon into `rect` with a painter that is at work already."""
    _renderer(name, theme.colour(role).name()).render(painter, QRectF(rect))


def application_icon() -> QIcon:
    """The icon of windows and of the application itself."""
    found = QIcon()
    renderer = QSvgRenderer(str(folder() / "app.svg"))
    for size in (16, 24, 32, 48, 64, 128, 256):
        picture = QPixmap(size, size)
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as painter:
            renderer.render(painter)
        found.addPixmap(picture)
    return found


@functools.cache
def folder() -> Path:
    """Where the SVG files lie."""
    return resources_folder() / "icons"


def names() -> list[str]:
    """All icons there are."""
    return sorted(path.stem for path in folder().glob("*.svg") if path.stem != "app")


@functools.cache
def svg(name: str) -> str:
    """The drawing as SVG, its colour written `currentColor`. Raises `KeyError` when unknown."""
    try:
        return (folder() / f"{name}.svg").read_text("utf-8")
    except OSError:
        raise KeyError(f"there is no icon named {name!r}") from None


@functools.lru_cache(maxsize=512)
def _renderer(name: str, tint: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(svg(name).replace("currentColor", tint).encode()))


def _tinted(name: str, tint: str, pixels: int, ratio: float) -> QPixmap:
    key = (name, tint, pixels, round(ratio * 100))
    found = _pixmaps.get(key)
    if found is None:
        found = QPixmap(pixels, pixels)
        found.fill(Qt.GlobalColor.transparent)
        with QPainter(found) as painter:
            _renderer(name, tint).render(painter, QRectF(0, 0, pixels, pixels))
        found.setDevicePixelRatio(ratio)
        if len(_pixmaps) >= _CACHE_LIMIT:
            _pixmaps.clear()
        _pixmaps[key] = found
    return found


class _Engine(QIconEngine):
    """Draws one icon for whatever size, density and state a widget asks for."""

    def __init__(self, name: str, role: str, on_role: str) -> None:
        super().__init__()
        self._name, self._role, self._on_role = name, role, on_role

    def _tint(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        if mode == QIcon.Mode.Disabled:
            return theme.colour("disabled").name()
        role = self._on_role if state == QIcon.State.On else self._role
        return theme.colour(role).name()

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Into `rect`, centred and square."""
        side = min(rect.width(), rect.height())
        ratio = painter.device().devicePixelRatioF()
        picture = _tinted(self._name, self._tint(mode, state), round(side * ratio), ratio)
        corner = rect.center() - QPoint((side - 1) // 2, (side - 1) // 2)
        painter.drawPixmap(corner, picture)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """For a screen of one pixel to a point."""
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        """For a screen of `scale` pixels to a point; `size` is in points."""
        side = min(size.width(), size.height())
        return _tinted(self._name, self._tint(mode, state), max(1, round(side * scale)), scale)

    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QSize:
        """Any size can be drawn."""
        return size

    def clone(self) -> QIconEngine:
        """A second engine for the same icon."""
        return _Engine(self._name, self._role, self._on_role)
