"""A look at a project's file without opening it: the picture of its board that lies in it."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from aigc_studio.files import open_plain

MOST_BYTES = 4 << 20
"""Bytes of such a picture, which is at most 512 pixels wide and high; a larger one is not read."""


def preview(path: Path) -> bytes | None:
    """The PNG of the board in an `.aigc` file; None when there is no such file or picture.

    May be called from any thread, and of any file: nothing is unpacked beyond `MOST_BYTES`.
    """
    try:
        with open_plain(path) as file, zipfile.ZipFile(file) as archive:
            member = archive.getinfo("preview.png")
            if member.file_size > MOST_BYTES:
                return None
            with archive.open(member) as packed:
                data = packed.read(MOST_BYTES + 1)
    except (OSError, KeyError, ValueError, zlib.error, zipfile.BadZipFile, NotImplementedError):
        return None
    except (RuntimeError, EOFError):  # a password, a cut-off stream
        return None
    return data if len(data) <= MOST_BYTES else None
