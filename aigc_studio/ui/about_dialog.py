"""About: what this is, which version, and under which licences its parts come."""

from __future__ import annotations

import platform
from importlib import metadata
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

import aigc_studio
from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.screen_room import fit

PARTS = (
    ("PySide6-Essentials", "PySide6, Qt", "LGPL-3.0"),
    ("torch", "PyTorch", "BSD-3-Clause"),
    ("numpy", "NumPy", "BSD-3-Clause"),
    ("pillow", "Pillow", "MIT-CMU"),
    ("pydantic", "pydantic", "MIT"),
    ("pluggy", "pluggy", "MIT"),
    ("safetensors", "safetensors", "Apache-2.0"),
    ("platformdirs", "platformdirs", "MIT"),
    ("mido", "mido", "MIT"),
    ("pip", "pip", "MIT"),
)
"""What the studio stands on: distribution, name, licence (SPDX)."""


class AboutDialog(QDialog):
    """Version, parts and licences; the versions can be copied for a bug report."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("About AIGC Studio"))
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(_("About AIGC Studio"))
        self.tabs.addTab(self._parts(), _("Built with"))
        self.tabs.addTab(self._licence(), _("Licence"))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, theme.PADDING)
        column.setSpacing(theme.SECTION)
        column.addLayout(self._head())
        column.addWidget(self.tabs, 1)
        column.addLayout(self._foot())
        fit(self, 520, 480)

    def _head(self) -> QHBoxLayout:
        sign = Label()
        sign.setPixmap(icons.application_icon().pixmap(QSize(64, 64), self.devicePixelRatioF()))
        name = Label("AIGC Studio")
        theme.set_kind(name, "title")
        version = Label(_("Version {version}").format(version=aigc_studio.__version__))
        theme.set_kind(version, "secondary")
        about = Label(
            _(
                "A desktop studio for small generative models that you own: train, generate, and "
                "regenerate any part. Everything runs on this machine; the network is used only "
                "when you ask for a sample pack or a plugin."
            )
        )
        about.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(theme.GRID)
        for part in (name, version, about):
            words.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(theme.SECTION)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row

    def _parts(self) -> QWidget:
        tree = QTreeWidget()
        tree.setColumnCount(3)
        tree.setHeaderLabels([_("Part"), _("Version"), _("Licence")])
        tree.setRootIsDecorated(False)
        tree.setAccessibleName(_("Parts and their licences"))
        theme.set_row_height(tree)
        for distribution, title, licence in PARTS:
            tree.addTopLevelItem(QTreeWidgetItem([title, version_of(distribution), licence]))
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        tree.header().setStretchLastSection(False)
        tree.header().resizeSection(1, 120)
        tree.header().resizeSection(2, 120)
        return tree

    def _licence(self) -> QWidget:
        text = QPlainTextEdit(licence_text())
        text.setReadOnly(True)
        text.setFont(theme.fixed_font())
        text.setAccessibleName(_("Licence"))
        return text

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        copy = QPushButton(_("Copy versions"))
        copy.setIcon(icons.icon("copy"))
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: QApplication.clipboard().setText(versions()))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(buttons)
        return row


def version_of(distribution: str) -> str:
    """The installed version, read without importing the part; a dash when it is not there."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "–"


def versions() -> str:
    """All versions as lines, for a bug report."""
    lines = [
        f"AIGC Studio {aigc_studio.__version__}",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}",
    ]
    return "\n".join([*lines, *(f"{title} {version_of(name)}" for name, title, _spdx in PARTS)])


def licence_text() -> str:
    """The studio's own licence: from the installed package, or from the checkout."""
    try:
        found = metadata.distribution("aigc-studio").read_text("licenses/LICENSE")
    except metadata.PackageNotFoundError:
        found = None
    beside = Path(aigc_studio.__file__).resolve().parent.parent / "LICENSE"
    if not found and beside.is_file():
        found = beside.read_text("utf-8")
    return found or "MIT"
