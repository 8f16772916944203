"""The one style sheet: flat controls in the colours of the roles. Arrows are our own icons."""

from __future__ import annotations

import contextlib
from pathlib import Path
from string import Template

from aigc_studio.ui import theme

_sheet = Template("""
* { selection-background-color: $accent; selection-color: $on_accent; }
QToolTip { background: $surface; color: $text; border: 1px solid $border; padding: 4px 6px; }

QDialogButtonBox, QMessageBox { dialogbuttonbox-buttons-have-icons: 0; button-layout: 3; }

QPushButton, QToolButton[kind="button"] {
  background: $surface; color: $text; border: 1px solid $border; border-radius: 6px;
  padding: 0 12px; min-height: 26px; }
QPushButton:hover, QToolButton[kind="button"]:hover { background: $hover; }
QPushButton:pressed, QToolButton[kind="button"]:pressed { background: $pressed; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $disabled; background: $window; }
QPushButton:checked { background: $selected; border-color: $accent; }
QPushButton:default { border-color: $outline; }
QPushButton[kind="primary"] {
  background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: $weight; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:pressed { background: $accent_pressed; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; padding: 0 11px; min-height: 24px; }
QPushButton[kind="primary"]:disabled {
  background: $pressed; border-color: $pressed; color: $disabled; }
QPushButton[kind="danger"] { color: $danger; }
QPushButton[kind="danger"]:disabled { color: $disabled; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:focus { border-color: $accent; }
QPushButton[kind="action"] { background: transparent; border-color: transparent; color: $accent;
  font-weight: $weight; padding: 0 4px; }
QPushButton[kind="action"]:hover { background: $hover; }
QPushButton[kind="action"]:focus { border-color: $accent; }
QPushButton[kind="link"] {
  background: transparent; border: 1px solid transparent; color: $accent; padding: 0 2px;
  margin-left: -3px; text-align: left; min-height: 20px; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border-color: $accent; }
QPushButton[kind="segment"] { padding: 0 4px; }
QPushButton[kind="segment"]:checked { color: $accent; }
QPushButton::menu-indicator { image: none; width: 0; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px;
  padding: 3px; color: $text; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:open { background: $pressed; }
QToolButton:checked { background: $selected; }
QToolButton:focus { border-color: $accent; }
QToolButton::menu-indicator { image: none; width: 0; }
QToolButton[kind="button"] { border-color: $border; }
QToolButton[kind="hear"] { background: $accent; border: 1px solid $surface; border-radius: 14px; }
QToolButton[kind="hear"]:hover { background: $accent_hover; }
QToolButton[kind="hear"]:pressed { background: $accent_pressed; }
QToolButton[kind="hear"]:focus { border: 2px solid $text; }
QToolButton[kind="add"] { background: $accent; border-color: $accent; }
QToolButton[kind="add"]:hover { background: $accent_hover; border-color: $accent_hover; }
QToolButton[kind="add"]:pressed, QToolButton[kind="add"]:open { background: $accent_pressed; }
QToolButton[kind="add"]:focus { border-color: $text; }
QToolButton[kind="legend"]:checked { background: transparent; }
QToolButton[kind="legend"]:hover { background: $hover; }
QToolButton[kind="legend"]:!checked { color: $muted; }
QToolButton[kind="tab"] { border-radius: 0; border-top: 2px solid transparent; color: $muted;
  padding: 2px 8px 4px; }
QToolButton[kind="tab"]:hover { color: $text; }
QToolButton[kind="tab"]:checked { background: $surface; border-top-color: $accent; color: $text; }
QToolButton[kind="section"] { font-weight: $weight; padding: 2px 6px 2px 2px; }
QToolButton[kind="section"]:checked { background: transparent; }
QToolButton[kind="section"]:hover { background: $hover; }

QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox {
  background: $surface; color: $text; border: 1px solid $border; border-radius: 6px; }
QLineEdit, QTextEdit, QPlainTextEdit { placeholder-text-color: $muted; }
QLineEdit, QAbstractSpinBox, QComboBox { min-height: 26px; padding: 0 8px; }
QLineEdit:hover, QTextEdit:hover, QPlainTextEdit:hover, QAbstractSpinBox:hover, QComboBox:hover {
  border-color: $outline; }
QLineEdit:focus, QTextEdit:focus, QPlainTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus,
QAbstractItemView:focus { border-color: $accent; }
QLineEdit:disabled, QTextEdit:disabled, QPlainTextEdit:disabled, QAbstractSpinBox:disabled,
QComboBox:disabled { color: $disabled; background: $window; }
QLineEdit:disabled, QTextEdit:disabled, QPlainTextEdit:disabled {
  placeholder-text-color: $disabled; }
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"], QAbstractSpinBox[invalid="true"],
QComboBox[invalid="true"] { border-color: $danger; }
QPlainTextEdit, QTextEdit { padding: 4px; }
QAbstractSpinBox { padding: 0 18px 0 8px; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: none; background: transparent;
  padding: 0; min-height: 0; border-radius: 0; }
QAbstractSpinBox QLineEdit { padding-left: 6px; }
QAbstractSpinBox[kind="compact"] { padding: 0 4px; min-height: 24px; max-height: 24px;
  border-color: transparent; background: $window; }
QAbstractSpinBox[kind="compact"]:hover { border-color: $border; }
QAbstractSpinBox[kind="compact"]:focus { border-color: $accent; background: $surface; }
QAbstractSpinBox[kind="compact"] QLineEdit { padding-left: 0; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
  subcontrol-origin: border; width: 18px; border: none; background: transparent; }
QAbstractSpinBox[kind="compact"]::up-button, QAbstractSpinBox[kind="compact"]::down-button {
  width: 0; }
QAbstractSpinBox[kind="compact"]::up-arrow, QAbstractSpinBox[kind="compact"]::down-arrow {
  image: none; width: 0; height: 0; }
QAbstractSpinBox::up-button { subcontrol-position: top right; height: 13px; margin: 1px 1px 0 0;
  border-top-right-radius: 5px; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; height: 13px;
  margin: 0 1px 1px 0; border-bottom-right-radius: 5px; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; }
QAbstractSpinBox::up-button:pressed, QAbstractSpinBox::down-button:pressed {
  background: $pressed; }
QAbstractSpinBox::up-arrow { image: url("$up"); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url("$down"); width: 10px; height: 10px; }
QComboBox { padding-right: 24px; }
QComboBox::drop-down { subcontrol-origin: border; subcontrol-position: center right; width: 24px;
  border: none; }
QComboBox::down-arrow { image: url("$down"); width: 14px; height: 14px; }
QComboBox[kind="compact"] { padding: 0 0 0 4px; min-height: 24px; max-height: 24px;
  border-color: transparent; background: $window; }
QComboBox[kind="compact"]:hover { border-color: $border; }
QComboBox[kind="compact"]:focus { border-color: $accent; background: $surface; }
QComboBox[kind="compact"]::drop-down { width: 16px; }
QComboBox[kind="compact"]::down-arrow { width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $border; outline: 0;
  padding: 4px; }

QCheckBox, QRadioButton { spacing: 8px; min-height: 22px; border: 1px solid transparent;
  border-radius: 6px; padding: 0 2px; }
QRadioButton[kind="unavailable"] { color: $muted; }
QCheckBox:focus, QRadioButton:focus { border-color: $accent; }
QCheckBox::indicator, QTreeView::indicator, QListView::indicator, QTableView::indicator {
  width: 16px; height: 16px; border: 1px solid $outline; border-radius: 4px;
  background: $surface; }
QCheckBox::indicator:checked, QTreeView::indicator:checked, QListView::indicator:checked,
QTableView::indicator:checked {
  background: $accent; border-color: $accent; image: url("$check"); }
QCheckBox::indicator:disabled { border-color: $border; background: $window; }
QCheckBox::indicator:checked:disabled { background: $disabled; }
QRadioButton::indicator { width: 16px; height: 16px; border: 1px solid $outline;
  border-radius: 9px; background: $surface; }
QRadioButton::indicator:checked { border: 5px solid $accent; width: 8px; height: 8px; }

QSlider { min-height: 22px; }
QSlider::groove:horizontal { height: 4px; background: $border; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { width: 12px; height: 12px; margin: -5px 0; border-radius: 7px;
  background: $surface; border: 1px solid $outline; }
QSlider::handle:horizontal:hover { border-color: $accent; }
QSlider::handle:horizontal:focus { border: 2px solid $accent; width: 10px; height: 10px; }
QSlider::sub-page:horizontal:disabled { background: $disabled; }

QProgressBar { background: $border; border: none; border-radius: 3px; min-height: 6px;
  max-height: 6px; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }

QMenuBar { background: $window; padding: 2px 4px; }
QMenuBar::item { padding: 4px 8px; border-radius: 6px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $surface; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 8px; border-radius: 4px; min-height: 18px; }
QMenu::item:selected { background: $selected; color: $text; }
QMenu::item:disabled { color: $disabled; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QMenu::indicator { width: 16px; height: 16px; padding-left: 6px; }
QMenu::indicator:checked { image: url("$tick"); }
QMenu::right-arrow { image: url("$right"); width: 12px; height: 12px; }

QTabWidget::pane { border: none; border-top: 1px solid $border; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $muted; padding: 6px 12px; min-height: 18px;
  border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { color: $accent; }

QAbstractItemView { background: $surface; alternate-background-color: $window;
  border: 1px solid $border; border-radius: 6px; outline: 0; }
QAbstractItemView::item { border-radius: 4px; color: $text; }
QTableView::item { border-radius: 0; }
QTableView { gridline-color: $border; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QAbstractItemView::item:hover { background: $hover; }
QAbstractItemView::item:selected { background: $selected; color: $text; }
QAbstractItemView::item:disabled { color: $disabled; }
QListView[kind="bare"] { background: transparent; border: none; }
QTreeView::branch { background: transparent; }
QTreeView::branch:selected { background: $selected; }
QTreeView::branch:has-children:closed { image: url("$right"); }
QTreeView::branch:has-children:open { image: url("$down"); }
QHeaderView { background: $surface; border: none; }
QHeaderView::section { background: $surface; color: $muted; border: none;
  border-bottom: 1px solid $border; padding: 4px 3px; min-height: 20px;
  font-weight: normal; }
QTableCornerButton::section { background: $surface; border: none; }

QScrollBar:vertical { width: 10px; background: transparent; margin: 0; }
QScrollBar:horizontal { height: 10px; background: transparent; margin: 0; }
QScrollBar::handle { background: $scroll; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $outline; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollArea { border: none; background: transparent; }

QSplitter::handle { background: $border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter[kind="gap"]::handle { background: transparent; }
QMainWindow::separator { background: $border; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }
QDockWidget { titlebar-close-icon: url("$close"); color: $muted; }
QDockWidget::title { background: $window; padding: 6px 12px; text-align: left; }
QToolBar { background: $window; border: none; spacing: 2px; padding: 4px; }
QToolBar::separator { background: $border; width: 1px; height: 1px; margin: 4px; }
QStatusBar { background: $window; color: $muted; }
QStatusBar::item { border: none; }
QGroupBox { border: none; border-top: 1px solid $border; margin-top: 22px; padding-top: 8px; }
QGroupBox::title { subcontrol-origin: margin; left: 0; padding: 0 0 4px 0; color: $muted; }

QLabel[kind="title"] { font-size: 15px; font-weight: $weight; }
QLabel[kind="heading"] { font-weight: $weight; }
QLabel[kind="secondary"] { font-size: 12px; color: $muted; }
QLabel[kind="quiet"] { color: $muted; }
QLabel[kind="error"] { font-size: 12px; color: $danger; }
QLabel[kind="warning"] { font-size: 12px; color: $warning; }
QLabel[kind="good"] { font-size: 12px; color: $good; }
QLabel[kind="chip"], QLabel[kind="chip_off"] { font-size: 12px; border: 1px solid $border;
  border-radius: 8px; padding: 1px 8px; }
QLabel[kind="chip"] { color: $good; }
QLabel[kind="chip_off"] { color: $muted; }
QFrame[kind="card"] { background: $surface; border: 1px solid $border; border-radius: 6px; }
QFrame[kind="error_bar"] { background: $danger_ground; border: none; border-radius: 6px; }
QFrame[kind="warning_bar"] { background: $warning_ground; border: none; border-radius: 6px; }
QFrame[kind="info_bar"] { background: $accent_ground; border: none; border-radius: 6px; }
QFrame[kind="developing"] { background: $accent_ground; border: none;
  border-bottom: 1px solid $border; border-left: 3px solid $accent; }
QFrame[kind="floating"] { background: $surface; border: 1px solid $border; border-radius: 8px; }
QFrame[kind="floating"] QPushButton { background: transparent; border-color: transparent;
  padding: 0 8px; outline: none; }
QFrame[kind="floating"] QPushButton:hover { background: $hover; }
QFrame[kind="floating"] QPushButton:pressed { background: $pressed; }
QFrame[kind="floating"] QPushButton:focus { border-color: $accent; }
QFrame[kind="floating"] QLineEdit { min-height: 26px; margin-right: 4px; }
QFrame[kind="floating"] QPushButton[kind="likely"] { color: $accent; font-weight: $weight; }
QFrame[kind="floating"] QPushButton[kind="play"] { color: $accent; font-weight: $weight;
  text-align: left; }
QFrame[kind="floating_error"] { background: $surface; border: 1px solid $danger;
  border-radius: 8px; }
QFrame[kind="options"] { background: $window; border: none; border-bottom: 1px solid $border; }
QFrame[kind="upright"] { background: $border; border: none; }
QFrame[kind="bottom"] { background: $surface; border: none; border-top: 1px solid $border; }
QFrame[kind="decisions"] { background: $bar; border: 1px solid $bar_line; border-radius: 8px; }
QFrame[kind="decisions"] QLabel { color: $on_bar; }
QFrame[kind="decisions"] QPushButton { background: transparent; color: $on_bar;
  border-color: transparent; text-align: left; }
QFrame[kind="decisions"] QPushButton:hover { background: $bar_hover; }
QFrame[kind="decisions"] QPushButton:checked { background: $bar_hover; border-color: $bar_line; }
QFrame[kind="decisions"] QPushButton:focus { border-color: $on_bar; }
QFrame[kind="decisions"] QPushButton[kind="primary"] { background: $accent; color: $on_accent; }
QFrame[kind="decisions"] QPushButton[kind="primary"]:hover { background: $accent_hover; }
QFrame[kind="upright"] { background: $border; border: none; }
QFrame[kind="stage"] { background: $surface; border: 1px solid $border; border-radius: 12px; }
QFrame[kind="stage"] QPushButton[kind="primary"] { border-radius: 8px; padding: 0 20px;
  min-height: 38px; }
QFrame[kind="stage"] QPushButton[kind="primary"]:focus { padding: 0 19px; min-height: 36px; }
QLineEdit[kind="bare"] { background: transparent; border: none; padding: 0; }
QToolButton[kind="choice"] { color: $muted; padding: 0 18px 0 6px; }
QToolButton[kind="choice"]:hover, QToolButton[kind="choice"]:open { color: $text; }
QToolButton[kind="choice"]::menu-indicator { image: url("$down"); width: 12px; height: 12px;
  subcontrol-origin: border; subcontrol-position: center right; right: 4px; }
QFrame[kind="tour"] { background: $surface; border: 1px solid $accent; border-radius: 10px; }
QFrame[kind="line"] { background: $border; border: none; max-height: 1px; min-height: 1px; }
""")


def style_sheet() -> str:
    """The sheet for the scheme that is worn now."""
    names = {role: theme.colour(role).name() for role in theme.ROLES}
    names |= {
        "selected": theme.mixed("accent", "surface", 0.16).name(),
        "accent_hover": theme.mixed("text", "accent", 0.12).name(),
        "accent_pressed": theme.mixed("text", "accent", 0.24).name(),
        "danger_ground": theme.mixed("danger", "surface", 0.10).name(),
        "warning_ground": theme.mixed("warning", "surface", 0.12).name(),
        "accent_ground": theme.mixed("accent", "surface", 0.10).name(),
        "bar_hover": theme.mixed("on_bar", "bar", 0.14).name(),
        "bar_line": theme.mixed("on_bar", "bar", 0.18).name(),
        "scroll": theme.mixed("outline", "surface", 0.5).name(),
    }
    arrows = {
        "down": ("chevron-down", "muted"),
        "up": ("chevron-up", "muted"),
        "right": ("chevron-right", "muted"),
        "check": ("check", "on_accent"),
        "tick": ("check", "text"),
        "close": ("close", "muted"),
    }
    pictures = {key: _picture(name, role) for key, (name, role) in arrows.items()}
    weight = {"weight": str(theme.title_weight().value)}
    return _sheet.substitute(names | pictures | weight)


def _picture(name: str, role: str) -> str:
    """A tinted copy of an icon as a file: a style sheet takes pictures by path only."""
    from aigc_studio import files
    from aigc_studio.ui import icons

    tint = theme.colour(role).name()
    # Thicker, because these are drawn at 10 to 16 pixels.
    drawing = icons.svg(name).replace("currentColor", tint)
    drawing = drawing.replace('stroke-width="1.75"', 'stroke-width="2.5"')
    path = _folder() / f"{name}-{tint[1:]}.svg"
    if not str(path).isprintable() or "\\" in path.as_posix():
        return ""  # no style sheet can name it: one without this arrow is better than none
    with contextlib.suppress(OSError):
        if not path.exists() or files.plain_bytes(path) != drawing.encode():
            files.make_private(path.parent)
            files.write_text(path, drawing, durable=False)
    return path.as_posix().replace('"', '\\"')


def _folder() -> Path:
    """Where the tinted copies are."""
    from aigc_studio import folders

    folder: Path = folders.cache_folder()
    return folder / "style"
