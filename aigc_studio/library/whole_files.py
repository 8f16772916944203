"""Reading a person's file whole, up to a size."""

from __future__ import annotations

from pathlib import Path

from aigc_studio.api import StudioError
from aigc_studio.files import open_plain
from aigc_studio.translation import _


def read_whole(path: Path, name: str, most: int, too_large: str) -> bytes:
    """The bytes of a file.

    Raises `StudioError` that calls it `name` when it is not there or cannot be read; for more than
    `most` bytes with the sentence `too_large`, in which {name} and {size} (MB) are filled in.
    """
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe may wait for ever
            sentence = _("{name} is neither a file nor a folder: choose one.")
            raise StudioError(sentence.format(name=name))
        if path.stat().st_size > most:
            raise StudioError(too_large.format(name=name, size=most // 1024**2))
        with open_plain(path) as file:
            return file.read()
    except FileNotFoundError:
        raise StudioError(_("The file {name} is not there.").format(name=name)) from None
    except OSError as error:
        raise StudioError(
            _("The file {name} cannot be read: {reason}.").format(
                name=name, reason=error.strerror or error
            )
        ) from None
