"""How one layer looks in the list: its eye, picture and name, and what is not as usual about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from aigc_studio.api import limits
from aigc_studio.ui import icons, theme
from aigc_studio.ui.layers.layer_list import ITEM_ROLE, ROW, medium_name, percent
from aigc_studio.ui.painting import saved

if TYPE_CHECKING:
    from aigc_studio.project.items import Item
    from aigc_studio.ui.layers.pictures import RowPictures

Index = QModelIndex | QPersistentModelIndex

_EYE = 28
_PICTURE = QSize(36, 28)
_ICON = 16
_FADED = 0.4
"""How strong the picture of a hidden layer is."""
_OPACITY, _MEDIUM = 48, 72
"""Pixels for the words at the right."""
_ROOMY = 380
"""From so many pixels on there is room for the kind of each layer."""
_FIELD = 260
"""The widest that the field for a name is."""


class LayerPainter(QStyledItemDelegate):
    """Paints rows; the view asks it where the eye, the picture and the name are."""

    def __init__(self, pictures: RowPictures, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures

    def eye_place(self, row: QRect) -> QRect:
        """The eye within the rectangle of a row."""
        return QRect(row.left() + theme.GRID, row.top(), _EYE, row.height())

    def picture_place(self, row: QRect) -> QRect:
        """The picture within the rectangle of a row."""
        left = row.left() + theme.GRID + _EYE + theme.GRID
        return QRect(QPoint(left, row.top() + (row.height() - _PICTURE.height()) // 2), _PICTURE)

    def name_place(self, row: QRect) -> QRect:
        """The name within the rectangle of a row."""
        left = self.picture_place(row).right() + 1 + theme.PADDING
        taken = theme.GAP + _OPACITY + (_MEDIUM if row.width() >= _ROOMY else 0)
        return QRect(left, row.top(), max(row.right() + 1 - taken - left, 0), row.height())

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The same for all."""
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """A row on its ground: selected, under the pointer, or plain."""
        item: Item | None = index.data(ITEM_ROLE)
        if item is None:
            return
        with saved(painter):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            _draw_ground(painter, option.rect, option.state)
            self._draw(painter, option.rect, option.state, item)

    def _draw(self, painter: QPainter, row: QRect, state: QStyle.StateFlag, item: Item) -> None:
        ink = "text" if item.visible else "muted"
        eye = _middle(self.eye_place(row), _ICON)
        icons.paint(painter, "eye" if item.visible else "eye-off", ink, eye)
        self._draw_picture(painter, self.picture_place(row), item)
        name = self.name_place(row)
        if item.mask is not None:
            name.setRight(name.right() - _ICON - theme.GAP)
        painter.setFont(theme.body_font())
        painter.setPen(theme.colour(ink))
        elide = Qt.TextElideMode.ElideRight
        words = painter.fontMetrics().elidedText(item.name, elide, name.width())
        painter.drawText(name, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        if item.mask is not None:
            icons.paint(painter, "mask", "muted", _middle(_beside(name), _ICON))
        self._draw_facts(painter, row, item)

    def _draw_picture(self, painter: QPainter, place: QRect, item: Item) -> None:
        ratio = painter.device().devicePixelRatioF()
        picture = self._pictures.of(item, max(place.width(), place.height()) * ratio)
        if picture is None:
            broken = self._pictures.is_broken(item)
            sign, role = ("warning", "warning") if broken else (item.medium, "muted")
            icons.paint(painter, sign, role, _middle(place, _ICON))
            return
        painter.setOpacity(item.opacity if item.visible else _FADED)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        fitted = _fitted(picture, place)
        painter.drawPixmap(fitted, picture, QRectF(picture.rect()))
        painter.setOpacity(1.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawRect(fitted.adjusted(-0.5, -0.5, 0.5, 0.5))

    def _draw_facts(self, painter: QPainter, row: QRect, item: Item) -> None:
        """Its kind, where there is room, and its opacity, where it is not as usual."""
        painter.setPen(theme.colour("muted"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        place = QRect(row.right() + 1 - theme.GAP - _OPACITY, row.top(), _OPACITY, row.height())
        if item.opacity < 1:
            painter.setFont(theme.readout_font(12))
            painter.drawText(place, right, percent(item.opacity))
        if row.width() >= _ROOMY:
            painter.setFont(theme.secondary_font())
            painter.drawText(place.translated(-_MEDIUM, 0), right, medium_name(item))

    # Renaming

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A field for the name."""
        field = QLineEdit(parent)
        field.setMaxLength(limits.TITLE)
        return field

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Over the name, its letters where they were."""
        place = self.name_place(option.rect)
        height = theme.CONTROL_HEIGHT
        corner = QPoint(place.left() - theme.GAP - 1, place.top() + (place.height() - height) // 2)
        editor.setGeometry(QRect(corner, QSize(min(place.width() + theme.GAP, _FIELD), height)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Tell what was typed."""
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text())


def _draw_ground(painter: QPainter, row: QRect, state: QStyle.StateFlag) -> None:
    flags = QStyle.StateFlag
    place = QRectF(row).adjusted(0, 1, 0, -1)
    painter.setPen(Qt.PenStyle.NoPen)
    if state & flags.State_Selected:
        painter.setBrush(theme.mixed("accent", "surface", 0.16))
        painter.drawRoundedRect(place, 4, 4)
    elif state & flags.State_MouseOver:
        painter.setBrush(theme.colour("hover"))
        painter.drawRoundedRect(place, 4, 4)
    if state & flags.State_HasFocus and state & flags.State_Active:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("accent"), 1))
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)


def _middle(place: QRect, side: int) -> QRect:
    """A square in the middle of a place."""
    corner = QPoint(
        place.left() + (place.width() - side) // 2, place.top() + (place.height() - side) // 2
    )
    return QRect(corner, QSize(side, side))


def _beside(name: QRect) -> QRect:
    return QRect(name.right() + theme.GAP, name.top(), _ICON, name.height())


def _fitted(picture: QPixmap, place: QRect) -> QRectF:
    """As large as there is room for, in the middle."""
    size = picture.size().toSizeF().scaled(place.size().toSizeF(), _keep)
    left = place.left() + (place.width() - size.width()) / 2
    top = place.top() + (place.height() - size.height()) / 2
    return QRectF(
        round(left), round(top), max(round(size.width()), 1), max(round(size.height()), 1)
    )


_keep = Qt.AspectRatioMode.KeepAspectRatio
