"""The look: colour roles, spaces, fonts and controls' heights. No other module names a colour.

`apply` sets Fusion, a palette and one small style sheet; `scheme_changed` fires after each change.
Widgets that paint themselves ask `colour(role)` while they paint, so that they follow by nature.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator
from typing import Literal

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from aigc_studio import translation

Scheme = Literal["system", "light", "dark"]

SCHEMES: tuple[Scheme, ...] = ("system", "light", "dark")

GRID = 4
"""All distances are multiples of this many pixels."""
GAP = 8
"""Between controls."""
PADDING = 12
"""Inside panels."""
SECTION = 16
"""Between groups."""
CONTROL_HEIGHT = 28
MAIN_HEIGHT = 36
"""The one main button of a panel."""
RADIUS = 6
TOOL_ICON = 18
PANEL_WIDTH = 320
TOOLS_WIDTH = 40
MOTION = 120
"""Milliseconds of any motion; `motion()` is 0 where the person wants none."""

_roles: dict[str, tuple[str, str]] = {
    "window": ("#F6F7F9", "#17191E"),
    "surface": ("#FFFFFF", "#1F2228"),
    "canvas": ("#E4E7EC", "#101216"),
    "border": ("#D5D9E0", "#31363F"),
    "text": ("#1B1F24", "#E6E8EB"),
    "muted": ("#57606A", "#A3ABB6"),
    "accent": ("#3B5BDB", "#8FA8FF"),
    "on_accent": ("#FFFFFF", "#0B1020"),
    "danger": ("#B42318", "#FF8A80"),
    "warning": ("#8A5A00", "#E3B341"),
    "good": ("#1A7F37", "#63D471"),
    "badge_image": ("#4C5FD7", "#9DAEFF"),
    "badge_text": ("#0B7285", "#5CC8D7"),
    "badge_melody": ("#9C4F00", "#F0A65A"),
    "mask": ("#E64980", "#E64980"),
    "new": ("#B0175C", "#FF8FBE"),  # words that were made, among others: the mask's hue, as text
    # Letters stay readable on it, and it is no neighbour of the mask's and the notes' colours,
    # whichever of the common ways a person's eyes see colours.
    "heat": ("#3FB4C4", "#0E6F7E"),
    "heat_veil": ("#3FB4C4", "#3FB4C4"),  # over pictures, which are as light or dark as they are
    "bar": ("#1B1F24", "#2B303A"),
    "on_bar": ("#F6F7F9", "#E6E8EB"),
    # Mixed from the roles above, so that states need no colours of their own.
    "hover": ("#ECEEF2", "#282C33"),
    "pressed": ("#E0E3E9", "#333841"),
    "disabled": ("#9AA1AA", "#646B76"),
    "outline": ("#8A929D", "#6B7380"),
}
ROLES = tuple(_roles)

MASK_OPACITY = 0.45
SERIES = ("accent", "badge_melody", "badge_text", "danger", "good", "muted")
"""Colour roles of plotted lines, in order."""


class _Rows(QStyledItemDelegate):
    # A style sheet cannot do this: views filled before they are polished keep the old heights.
    def __init__(self, height: int, parent: QObject) -> None:
        super().__init__(parent)
        self._height = height

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        hint = super().sizeHint(option, index)
        return QSize(hint.width() + GAP, max(hint.height(), self._height))


class _Signals(QObject):
    scheme_changed = Signal()


_signals = _Signals()
scheme_changed = _signals.scheme_changed
"""Signal without arguments: the colours of the roles have changed."""

_dark = False
_asked: Scheme = "system"
_watching = False


def apply(app: QApplication, scheme: Scheme = "system") -> None:
    """Dress the application. `system` follows the platform where it says what it wants.

    Where it does not say (offscreen, bare X), `system` is light.
    """
    global _asked, _watching
    _asked = scheme if scheme in SCHEMES else "system"
    if not _watching:
        app.styleHints().colorSchemeChanged.connect(_follow_system)
        _watching = True
    # Under a sheet the style has no name; setting it again would dress every widget anew.
    if not app.styleSheet() and app.style().objectName().lower() != "fusion":
        app.setStyle("Fusion")
    with _none_goes(app):
        app.setFont(body_font())
    _wear(app, _wants_dark(app))


@contextlib.contextmanager
def undressed() -> Iterator[None]:
    """Build many widgets inside: the style sheet looks at each of them once, at the end.

    It would look again each time that a widget gets another parent, and once more when its kind is
    set: half of the time that a window takes to be built. Nothing may be shown or measured inside.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication) or not app.styleSheet():
        yield
        return
    sheet = app.styleSheet()
    _put_on(app, "")
    try:
        yield
    finally:
        # Somebody may have chosen other colours meanwhile.
        _put_on(app, app.styleSheet() or sheet)


def is_dark() -> bool:
    """Whether the dark colours are worn now."""
    return _dark


def colour(role: str, alpha: float = 1.0) -> QColor:
    """The colour of a role now; `alpha` in 0 to 1. Raises `KeyError` for an unknown role."""
    found = QColor(_roles[role][_dark])
    if alpha < 1.0:
        found.setAlphaF(alpha)
    return found


def badge(medium: str) -> str:
    """The colour role of a medium's badge (`image`, `text`, `melody`)."""
    role = f"badge_{medium}"
    return role if role in _roles else "muted"


def mask_colour() -> QColor:
    """The overlay that shows what is masked."""
    return colour("mask", MASK_OPACITY)


def mixed(role: str, ground: str, amount: float) -> QColor:
    """`amount` (0 to 1) of one role laid over another, opaque: tints for badges and notes."""
    top, below = colour(role), colour(ground)
    parts = [
        round(a * amount + b * (1 - amount))
        for a, b in zip(top.getRgb()[:3], below.getRgb()[:3], strict=True)  # type: ignore[index]
    ]
    return QColor(*parts)


def body_font() -> QFont:
    """The system's face at 13 px."""
    return _font(13)


def secondary_font() -> QFont:
    """For help lines and notes: 12 px."""
    return _font(12)


def title_font() -> QFont:
    """For panel titles: 15 px, as heavy as `title_weight`."""
    font = _font(15)
    font.setWeight(title_weight())
    return font


def title_weight() -> QFont.Weight:
    """What titles and buttons that matter are set in: semibold, and bold in Chinese.

    Few Chinese faces have a semibold, and Qt makes none up as it does a bold: Latin letters alone
    would be heavy in a line.
    """
    chinese = translation.language().startswith("zh")
    return QFont.Weight.Bold if chinese else QFont.Weight.DemiBold


def large_font() -> QFont:
    """For the one large prompt: 20 px."""
    return _font(20)


def display_font() -> QFont:
    """For the heading of a stage: 26 px, bold."""
    font = _font(26)
    font.setWeight(QFont.Weight.Bold)
    return font


def readout_font(size: int = 12) -> QFont:
    """For numbers that change: every digit is as wide as the others, where the face can."""
    return QFont(_readout(size))


@functools.cache
def _readout(size: int) -> QFont:
    """Asked for by whatever is painted: the system is asked once for each scheme."""
    font = _font(size)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def fixed_font(size: int = 12) -> QFont:
    """For logs and tracebacks: the system's fixed-width face."""
    from PySide6.QtGui import QFontDatabase

    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(size)
    return font


def digits_width(font: QFont, text: str) -> int:
    """Pixels that `text` takes when every digit is as wide as the widest one."""
    metrics = QFontMetrics(font)
    widest = _widest_digit(font.key())
    return metrics.horizontalAdvance("".join(widest if c.isdigit() else c for c in text))


@functools.cache
def _widest_digit(key: str) -> str:
    """The widest digit of a font by its key."""
    font = QFont()
    font.fromString(key)
    return max("0123456789", key=QFontMetrics(font).horizontalAdvance)


def set_kind(widget: QWidget, kind: str) -> None:
    """Give a widget one of the style sheet's kinds, now or later.

    Buttons: `primary`, `danger`, `quiet`, `link`, `action`, `tab`. Labels: `title`, `secondary`,
    `quiet`, `error`, `warning`, `good`. Boxes: `compact`. Fields: `bare`. Frames: `card`, `line`,
    `upright`, `error_bar`, `warning_bar`, `info_bar`, `floating`, `floating_error`, `decisions`,
    `options`, `bottom`, `stage` (the large prompt), `tour`, `developing`. Empty takes it away.
    """
    if widget.property("kind") == kind:
        return
    widget.setProperty("kind", kind)
    dress_again(widget)


def dress_again(widget: QWidget) -> None:
    """Have the style sheet look at a widget's properties again, if it has looked already."""
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def set_invalid(widget: QWidget, invalid: bool) -> None:
    """Draw a control with the border of an error, or without."""
    if bool(widget.property("invalid")) != invalid:
        widget.setProperty("invalid", invalid)
        dress_again(widget)


def set_row_height(view: QAbstractItemView, height: int = 26) -> None:
    """Give the rows of a list, tree or table room: `height` pixels at least."""
    view.setItemDelegate(_Rows(height, view))


def motion() -> int:
    """Milliseconds that a motion may take: 0 where the system asks for none."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return 0
    return MOTION if app.isEffectEnabled(Qt.UIEffect.UI_General) else 0


def _font(size: int) -> QFont:
    return QFont(_general(size))


@functools.cache
def _general(size: int) -> QFont:
    from PySide6.QtGui import QFontDatabase

    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setPixelSize(size)
    return font


def _follow_system() -> None:
    app = QApplication.instance()
    if isinstance(app, QApplication) and _asked == "system":
        _wear(app, _wants_dark(app))


def _wants_dark(app: QApplication) -> bool:
    if _asked != "system":
        return _asked == "dark"
    return app.styleHints().colorScheme() == Qt.ColorScheme.Dark


def _wear(app: QApplication, dark: bool) -> None:
    global _dark
    from aigc_studio.ui import style_sheet

    _dark = dark
    for asked in (_general, _readout, _widest_digit):
        asked.cache_clear()
    with _none_goes(app):
        app.setPalette(_palette())
    sheet = style_sheet.style_sheet()
    if app.styleSheet() != sheet:
        _put_on(app, sheet)
    scheme_changed.emit()


def _put_on(app: QApplication, sheet: str) -> None:
    """Set the style sheet, or take it off.

    Where none is left Qt forgets all that it knows of widgets, but some keep the mark that it knows
    them (`WA_StyleSheet`): those that were measured and not polished yet, and those that it asked
    again after their turn, as a window does its docks. Under the next sheet it would not hear of it
    when they go, and touch what lies in their place when the colours change.
    """
    with _none_goes(app):
        app.setStyleSheet(sheet)
        for widget in () if sheet else app.allWidgets():
            widget.setAttribute(Qt.WidgetAttribute.WA_StyleSheet, False)


@contextlib.contextmanager
def _none_goes(app: QApplication) -> Iterator[None]:
    """All widgets are held inside: Qt goes through a list of bare pointers and tells each of them,
    and Python deletes a widget as soon as nothing holds it any more."""
    held = app.allWidgets()
    yield
    held.clear()


def _palette() -> QPalette:
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()
    for which, name in {
        role.Window: "window",
        role.WindowText: "text",
        role.Base: "surface",
        role.AlternateBase: "window",
        role.Text: "text",
        role.PlaceholderText: "muted",
        role.Button: "surface",
        role.ButtonText: "text",
        role.ToolTipBase: "surface",
        role.ToolTipText: "text",
        role.Highlight: "accent",
        role.HighlightedText: "on_accent",
        role.Link: "accent",
        role.LinkVisited: "accent",
        role.BrightText: "danger",
        role.Accent: "accent",
        role.Light: "surface",
        role.Midlight: "hover",
        role.Mid: "border",
        role.Dark: "outline",
        role.Shadow: "outline",
    }.items():
        palette.setColor(which, colour(name))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(group.Disabled, which, colour("disabled"))
    palette.setColor(group.Disabled, role.Highlight, colour("border"))
    palette.setColor(group.Disabled, role.HighlightedText, colour("muted"))
    return palette
