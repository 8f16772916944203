"""The files of this machine that a drop or the clipboard names."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QMimeData, QUrl

from aigc_studio.translation import ngettext


def paths_of(mime: QMimeData) -> list[Path]:
    """The files and folders in it that are on this machine, whatever bytes their names have.

    An address without a path, which `Path` would take for the current folder, is none.
    """
    names = [_name(url) for url in mime.urls() if url.isLocalFile()]
    return [Path(name) for name in names if name and "\0" not in name]


def left_out(taken: Path, left: Sequence[Path]) -> str:
    """The sentence for files that came with one that is taken alone."""
    sentence = ngettext(
        "“{name}” is taken alone: “{first}” was left out, bring it by itself.",
        "“{name}” is taken alone: “{first}” and others, {count} in all, were left out; "
        "bring them one at a time.",
        len(left),
    )
    return sentence.format(name=taken.name, first=left[0].name, count=len(left))


def packages_left(left: Sequence[Path]) -> str:
    """The sentence for packages that came with another one, which is installed, and perhaps with
    more that was taken."""
    sentence = ngettext(
        "Packages are installed one at a time: “{first}” was left out, bring it by itself.",
        "Packages are installed one at a time: “{first}” and others, {count} in all, were left "
        "out; bring them by themselves.",
        len(left),
    )
    return sentence.format(first=left[0].name, count=len(left))


def no_plugins(left: Sequence[Path]) -> str:
    """The sentence for files that came with plugins, and are none."""
    sentence = ngettext(
        "“{first}” is not a plugin: it was left out.",
        "“{first}” and others, {count} in all, are not plugins: they were left out.",
        len(left),
    )
    return sentence.format(first=left[0].name, count=len(left))


def _name(url: QUrl) -> str:
    if os.name == "nt" or url.host():
        return url.toLocalFile()
    # Qt reads names as UTF-8, and makes U+FFFD of what is none: no file is called so.
    encoded = url.path(QUrl.ComponentFormattingOption.FullyEncoded)
    return os.fsdecode(unquote_to_bytes(encoded))
