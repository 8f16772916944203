"""What a file is by how it begins, where its name does not tell: a README, a mail, a picture that
lost its ending."""

from __future__ import annotations

from pathlib import Path

from aigc_studio.api import Medium
from aigc_studio.files import open_plain
from aigc_studio.library import texts

_LOOKED_AT = 8192
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")
_SCORES = (b"<score-partwise", b"<score-timewise")


def medium_within(path: Path) -> Medium | None:
    """The medium of a file by its first bytes; None for what is of no known kind, for what is no
    file, and for what cannot be read. What is empty is a text: the shortest."""
    try:
        if not path.is_file():
            return None
        with open_plain(path) as file:
            head = file.read(_LOOKED_AT)
    except OSError:
        return None
    if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "image"
    is_midi = head.startswith(b"MThd") or (head[:4] == b"RIFF" and head[8:12] == b"RMID")
    if is_midi or any(each in head for each in _SCORES):
        return "melody"
    return "text" if texts.begins_as_text(head) else None
