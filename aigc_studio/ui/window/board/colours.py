"""The colours to paint with: a palette under a button, those used last, and how opaque they are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.forms.numbers import NumberBox, NumberSlider
from aigc_studio.ui.labels import Label
from aigc_studio.ui.settings import Settings

SWATCH = 18
_ACROSS = 8
_arrows = {
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: _ACROSS,
    Qt.Key.Key_Up: -_ACROSS,
}
_REMEMBERED = "colours"
# What people paint with: content, and no part of the window's look.
_palette = (
    "#1A1A1A", "#57606A", "#A3ABB6", "#FFFFFF", "#7A4A1D", "#C98A4B", "#F4C7A1", "#1D3557",
    "#D92D20", "#F79009", "#FAC515", "#17B26A", "#0E9384", "#2E90FA", "#7A5AF8", "#E64980",
)  # fmt: skip


def recent() -> list[str]:
    """Colours used last, newest first, as #RRGGBB."""
    kept = Settings().remembered(_REMEMBERED).get("recent")
    names = kept if isinstance(kept, list) else []
    return [name for name in names if isinstance(name, str) and QColor.isValidColorName(name)]


def note(colour: QColor) -> None:
    """Put a colour first among those used last; those of the palette are always there."""
    name = colour.name().upper()
    if name in _palette:
        return
    settings = Settings()
    others = [each for each in recent() if each != name]
    settings.remember({"recent": [name, *others][:_ACROSS]}, _REMEMBERED)
    settings.save()


class ColourPalette(QFrame):
    """A little sheet of colours over a window. `chosen` carries one, or None for the automatic one.

    It goes with the focus, by Escape, and when something was chosen. It is a part of the window and
    no window of its own, so that nothing has to be grabbed for it.
    """

    chosen = Signal(object)
    more_wanted = Signal()
    opacity_chosen = Signal(float)

    def __init__(self, current: QColor | None, opacity: float, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(_("Colour of the brush"))
        theme.set_kind(self, "floating")
        self.automatic = QPushButton(_("Automatic"))
        self.automatic.setCheckable(True)
        self.automatic.setChecked(current is None)
        self.automatic.setToolTip(_("Dark on light pictures, light on dark ones"))
        self.automatic.clicked.connect(lambda: self._choose(None))
        self.more = QPushButton(_("More…"))
        self.more.clicked.connect(self._ask_more)
        self.swatches: list[QToolButton] = []
        self.opacity = NumberBox(integer=True, minimum=1, maximum=100)
        self.opacity.setValue(round(opacity * 100))
        self.opacity.setAccessibleName(_("Opacity in percent"))
        self.opacity.valueChanged.connect(self._note_opacity)
        self._lay_out(current or QColor())

    def _lay_out(self, current: QColor) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.PADDING] * 4)
        column.setSpacing(theme.GAP)
        column.addLayout(self._grid(_palette, current))
        if names := recent():
            title = Label(_("Used recently"))
            theme.set_kind(title, "secondary")
            column.addWidget(title)
            column.addLayout(self._grid(names, current))
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.automatic, 1)
        row.addWidget(self.more, 1)
        column.addLayout(row)
        opaque = QHBoxLayout()
        opaque.setSpacing(theme.GAP)
        label = Label(_("Opacity"))
        label.setBuddy(self.opacity)
        opaque.addWidget(label)
        opaque.addWidget(NumberSlider(self.opacity, decimals=0, logarithmic=False), 1)
        column.addLayout(opaque)

    def _grid(self, names: Sequence[str], current: QColor) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(theme.GRID)
        for number, name in enumerate(names):
            button = _Swatch()
            button.setIcon(swatch(QColor(name), chosen=QColor(name) == current))
            button.setIconSize(QSize(SWATCH + 4, SWATCH + 4))
            button.setToolTip(name)
            button.setAccessibleName(_("Colour {name}").format(name=name))
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(lambda _on=False, name=name: self._choose(QColor(name)))
            grid.addWidget(button, number // _ACROSS, number % _ACROSS)
            self.swatches.append(button)
        return grid

    def open_under(self, widget: QWidget) -> None:
        """Show it below a button, ready for the keyboard."""
        self.adjustSize()
        place = widget.mapTo(widget.window(), QPoint(0, widget.height() + theme.GRID))
        place.setX(max(0, min(place.x(), widget.window().width() - self.width())))
        self.move(place)
        self.show()
        self.raise_()
        self.swatches[0].setFocus(Qt.FocusReason.PopupFocusReason)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._note_focus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from colour to colour, Escape leaves all as it was."""
        step, here = _arrows.get(Qt.Key(event.key())), self.focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif step is None or here not in self.swatches:
            super().keyPressEvent(event)
        else:
            number = self.swatches.index(here) + step
            if 0 <= number < len(self.swatches):
                self.swatches[number].setFocus(Qt.FocusReason.TabFocusReason)

    def _choose(self, colour: QColor | None) -> None:
        self.chosen.emit(colour)
        self.close()

    @Slot()
    def _note_opacity(self) -> None:
        self.opacity_chosen.emit(self.opacity.number() / 100)

    @Slot()
    def _ask_more(self) -> None:
        self.close()
        self.more_wanted.emit()

    @Slot(QWidget, QWidget)
    def _note_focus(self, _former: QWidget | None, now: QWidget | None) -> None:
        """Whoever goes on with something else is done here."""
        if now is not None and now is not self and not self.isAncestorOf(now):
            self.close()


class _Swatch(QToolButton):
    """Leaves the arrow keys to the palette."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """All keys but the arrows."""
        if event.key() in _arrows:
            event.ignore()
        else:
            super().keyPressEvent(event)


def swatch(colour: QColor, *, chosen: bool = False) -> QIcon:
    """A little square of a colour, with a ring around the one that is used."""
    side = SWATCH + 4
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.fillRect(2, 2, SWATCH, SWATCH, colour)
        painter.setPen(theme.colour("accent" if chosen else "outline"))
        painter.drawRect(1, 1, SWATCH + 1, SWATCH + 1)
        if chosen:
            painter.drawRect(0, 0, side - 1, side - 1)
    return QIcon(picture)


def automatic_swatch() -> QIcon:
    """Half dark, half light: whatever shows."""
    picture = swatch(QColor(_palette[0])).pixmap(SWATCH + 4, SWATCH + 4)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(_palette[3]))
        last = SWATCH + 2
        painter.drawPolygon([QPoint(last, 2), QPoint(last, last), QPoint(2, last)])
    return QIcon(picture)
