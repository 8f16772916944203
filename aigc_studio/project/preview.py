"""The board at a glance, drawn with Pillow: for files that are saved where no window is."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from aigc_studio.api.artifacts import Image, Text
from aigc_studio.api.melody import Melody
from aigc_studio.project.content import ContentStore
from aigc_studio.project.items import Item

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

_SMALLEST = 8
"""From so many pixels on, along its longer side, an item is drawn as what it is."""

_MOST = 200_000
"""Characters of a text that are looked at: a small picture shows its first lines."""
_paper, _ink, _line = (255, 255, 255, 255), (40, 40, 48, 255), (200, 200, 208, 255)


def draw(items: Iterable[Item], store: ContentStore, side: int = 512) -> bytes:
    """A PNG of the visible items, at most `side` pixels wide and high; 1×1 when there are none.

    Raises `StudioError` when content is missing.
    """
    from PIL import Image as Pillow

    shown = [item for item in items if item.visible]
    boxes = [item.bounds for item in shown] or [(0.0, 0.0, 1.0, 1.0)]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    width, height = max(box[2] for box in boxes) - left, max(box[3] for box in boxes) - top
    scale = min(1.0, side / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    page = Pillow.new("RGBA", size, (0, 0, 0, 0))
    for item, box in zip(shown, boxes, strict=False):
        picture = _picture(item, store, scale)
        place = round((box[0] - left) * scale), round((box[1] - top) * scale)
        page.alpha_composite(picture, *_inside(place, page.size))
    file = io.BytesIO()
    page.save(file, "PNG")
    return file.getvalue()


def _inside(place: tuple[int, int], size: tuple[int, int]) -> tuple[tuple[int, int]]:
    return ((min(max(place[0], 0), size[0] - 1), min(max(place[1], 0), size[1] - 1)),)


def _picture(item: Item, store: ContentStore, scale: float) -> PillowImage:
    from PIL import Image as Pillow

    size = (max(1, round(item.width * scale)), max(1, round(item.height * scale)))
    if max(size) < _SMALLEST:
        # A board of thousands: to read and scale each takes seconds, and nobody sees what it was.
        return Pillow.new("RGBA", size, _line)
    artifact = store.get(item.content)
    if isinstance(artifact, Image):
        larger = size[0] >= artifact.width
        how = Pillow.Resampling.NEAREST if larger else Pillow.Resampling.BOX
        picture = artifact.convert("RGBA").to_pillow().resize(size, how)
    else:
        picture = _card(artifact, size, scale)
    if item.opacity < 1:
        alpha = picture.getchannel("A").point([round(each * item.opacity) for each in range(256)])
        picture.putalpha(alpha)
    return picture.rotate(-item.rotation, expand=True) if item.rotation % 360 else picture


def _card(artifact: Text | Melody, size: tuple[int, int], scale: float) -> PillowImage:
    from PIL import Image as Pillow
    from PIL import ImageDraw

    card = Pillow.new("RGBA", size, _paper)
    pen = ImageDraw.Draw(card)
    pen.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=_line)
    if isinstance(artifact, Text):
        # Bars stand for words: no font is needed, and every script looks alike.
        height = max(2, round(14 * scale))
        lines = artifact.value[:_MOST].splitlines()[: size[1] // (2 * height)]
        for number, line in enumerate(lines):
            right = min(size[0] - height, round(height + len(line) * 8 * scale))
            y = height + 2 * number * height
            if line.strip() and right > height:
                pen.rectangle((height, y, right, y + height // 2), fill=_ink)
        return card
    for over, under, start, stop in notes_within(artifact, size):
        pen.rectangle((start, over, stop, under), fill=_ink)
    return card


def notes_within(melody: Melody, size: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """Notes at a small size as (top, bottom, left, right), no more of them than pixels."""
    pitches = [note.pitch for note in melody.notes] or [60]
    low, rows = min(pitches) - 1, max(pitches) - min(pitches) + 3
    longest: dict[tuple[int, int, int], int] = {}
    for note in melody.notes:
        start = round(note.start * size[0] / melody.length)
        stop = round((note.start + note.duration) * size[0] / melody.length)
        over = (rows - 1 - (note.pitch - low)) * size[1] / rows
        place = (round(over), round(over + max(1, size[1] / rows - 1)), start)
        longest[place] = max(longest.get(place, 0), start, stop - 1)
    return [(*place, stop) for place, stop in longest.items()]
