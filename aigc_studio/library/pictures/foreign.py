"""What a file is that is called a picture and is none, by how it begins."""

from __future__ import annotations

from typing import BinaryIO

from aigc_studio.translation import _

_LOOKED_AT = 4096
_KINDS = (
    ("PDF", b"%PDF-"), ("PostScript", b"%!PS"), ("Photoshop", b"8BPS"),
    ("ICO", b"\0\0\1\0"), ("JPEG XL", b"\xff\x0a"), ("JPEG XL", b"\0\0\0\x0cJXL "),
    ("JPEG 2000", b"\0\0\0\x0cjP  "), ("OpenEXR", b"\x76\x2f\x31\x01"), ("GIMP", b"gimp xcf"),
    ("DDS", b"DDS "),
)  # fmt: skip
_BRANDS = {b"hei": "HEIC", b"hev": "HEIC", b"mif": "HEIC", b"msf": "HEIC", b"avi": "AVIF"}
"""By the first letters of the brand in a container as phones write it."""


def told(file: BinaryIO, name: str) -> str:
    """A sentence that says why a file is no picture that is read here, and what to do."""
    file.seek(0)
    head = file.read(_LOOKED_AT)
    if not head.strip(b"\0"):
        return _("The picture {name} is empty: get it again or leave it out.").format(name=name)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        sentence = _("{name} is a web page and no picture: get the picture again.")
        return sentence.format(name=name)
    kind = _kind(head, start)
    if kind:
        sentence = _(
            "By its content {name} is {kind}, which is not read here: save it as PNG first."
        )
        return sentence.format(name=name, kind=kind)
    return _(
        "The file {name} is not a picture that can be read: save it as PNG or JPEG first."
    ).format(name=name)


def _kind(head: bytes, start: bytes) -> str:
    if head[4:8] == b"ftyp":
        # A picture may say that it is one of many first, and of which kind behind that.
        brands = [head[at : at + 3] for at in (8, *range(16, min(head[3], 64), 4))]
        known = [_BRANDS[each] for each in brands if each in _BRANDS]
        return "AVIF" if "AVIF" in known else next(iter(known), "")
    if start.startswith(b"<svg") or (start.startswith(b"<?xml") and b"<svg" in start):
        return "SVG"
    return next((kind for kind, mark in _KINDS if head.startswith(mark)), "")
