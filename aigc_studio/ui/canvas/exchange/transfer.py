"""Items on their way in and out: clipboard, drops, and files for other programs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QMimeData, QPointF, QUrl
from PySide6.QtGui import QImage

from aigc_studio.api.errors import StudioError
from aigc_studio.files import free_paths, named_after
from aigc_studio.translation import _
from aigc_studio.ui.canvas.exchange import packing
from aigc_studio.ui.canvas.exchange.rendering import render
from aigc_studio.ui.canvas.items.item import BoardItem

if TYPE_CHECKING:
    from aigc_studio.api.artifacts import Artifact
    from aigc_studio.project.content import Content, ContentStore
    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas.scene.board_scene import BoardScene

ITEMS_TYPE = "application/x-aigc-studio-items+json"
"""Items with their places, between boards of the studio."""
MANY = 100
"""Of more items than this there is no picture for other programs, and they are packed beside the
window."""
UNPACKED_AT_ONCE = 200_000
"""Bytes of packed items that are read at once; more are read beside the window."""
MOST_NOTES = 10_000
"""Notes of tunes that are written out at once as they are copied; of more there is a picture."""
LARGE = 4_000_000
"""Pixels of a picture that is copied at once; of a larger one it is made beside the window."""


def can_take(mime: QMimeData) -> bool:
    """Whether something can come of it on the board."""
    return mime.hasUrls() or mime.hasImage() or mime.hasText() or mime.hasFormat(ITEMS_TYPE)


def nothing_there() -> str:
    """The sentence for a clipboard of which nothing can come."""
    return _("There is nothing in the clipboard that can be put on the board.")


def is_large(items: list[BoardItem]) -> bool:
    """Whether making one picture of items is for a thread: a single picture of many pixels."""
    alone = items[0] if len(items) == 1 else None
    return alone is not None and alone.pixel_count > LARGE


def mime_of(scene: BoardScene, items: list[BoardItem], picture: QImage | None = None) -> QMimeData:
    """Items for the clipboard: as they are for the studio, as a picture or text for others; tunes
    as both, the text in ABC.

    `picture` is what they look like, where that is known already; a null one is left out.
    """
    mime = items_mime(packing.packed(scene.project.store, [item.item for item in items]))
    words = words_of(items)
    if told := words or tunes_of(scene.project.store, items):
        mime.setText(told)
    if not words:
        if picture is None:
            alone = items[0] if len(items) == 1 else None
            picture = as_seen(alone) if alone is not None else None
            picture = render(scene, items=items) if picture is None else picture
        if not picture.isNull():
            mime.setImageData(picture)
    return mime


def as_seen(item: BoardItem) -> QImage | None:
    """A picture as large as it is on the board at 100 %, or with all of its pixels; None for what
    has none. Beyond what is made at once it stays as it is."""
    from aigc_studio.api.artifacts import Image
    from aigc_studio.project import prints
    from aigc_studio.ui.artifact_pictures import qimage

    image, size = item.to_image(), (round(item.item.width), round(item.item.height))
    if image is None or image.isNull() or size[0] * size[1] > LARGE:
        return image
    if size[0] <= image.width() or size[1] <= image.height():
        return image
    picture = artifact_of(image)
    wanted = prints.as_seen(picture, size)
    return (
        qimage(prints.printed(picture, wanted)) if isinstance(picture, Image) and wanted else image
    )


def items_mime(data: bytes) -> QMimeData:
    """Packed items for the clipboard."""
    mime = QMimeData()
    mime.setData(ITEMS_TYPE, QByteArray(data))
    return mime


def write_files(
    scene: BoardScene, items: list[BoardItem], folder: Path | None = None
) -> list[Path]:
    """Write items as files (PNG, text, MIDI) with their provenance, for a drag to other programs.

    Pictures go out as large as they are on the board at 100 %, or with all of their pixels. Raises
    `StudioError` when an item cannot be written.
    """
    from aigc_studio.project import export, prints

    folder = Path(tempfile.mkdtemp(prefix="aigc-studio-")) if folder is None else folder
    names = [
        (named_after(item.item.name, _("Item")), export.SUFFIXES[item.item.medium][0])
        for item in items
    ]
    paths = free_paths(folder, names)
    for item, path in zip(items, paths, strict=True):
        artifact = scene.project.store.get(item.item.content)
        seen = (round(item.item.width), round(item.item.height))
        options = export.ExportOptions(picture=prints.as_seen(artifact, seen))
        export.export(artifact, path, item.item.provenance, options)
    return paths


def files_mime(paths: list[Path], words: str = "") -> QMimeData:
    """Files as a drag carries them; texts as their `words` as well, for what takes no files."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    if words:
        mime.setText(words)
    return mime


def words_of(items: Sequence[BoardItem]) -> str:
    """The words of texts; empty where not all of the items are texts."""
    texts = [words for item in items if (words := item.words()) is not None]
    return "\n\n".join(texts) if len(texts) == len(items) else ""


def tunes_of(store: ContentStore, items: Sequence[BoardItem]) -> str:
    """The tunes in ABC, one after another; empty where not all of the items are tunes, or there is
    too much of it to be written out at once."""
    from aigc_studio.api.melody import Melody
    from aigc_studio.project import abc

    if any(item.item.medium != "melody" for item in items):
        return ""
    if sum(int(item.item.content.info["notes"]) for item in items) > MOST_NOTES:
        return ""
    found = [(item.item.name, store.get(item.item.content)) for item in items]
    tunes = [abc.encode(each, name) for name, each in found if isinstance(each, Melody)]
    return "\n".join(each.decode() for each in tunes)


def paste(scene: BoardScene, mime: QMimeData, at: QPointF) -> bool:
    """Put what is in the clipboard on the board, around `at`. False when nothing can come of it."""
    if mime.hasFormat(ITEMS_TYPE):
        return _paste_items(scene, bytes(mime.data(ITEMS_TYPE).data()), at)
    if mime.hasImage():
        image = QImage(mime.imageData())
        if not image.isNull():
            add_artifact(scene, lambda: artifact_of(image), at, _("Picture"), "paste")
            return True
    if mime.hasText() and mime.text().strip():
        paste_text(scene, mime.text(), at)
        return True
    return False


def paste_text(scene: BoardScene, value: str, at: QPointF, instead_of: Sequence[str] = ()) -> None:
    """Put a text on the board, around `at`, in the place of other items where they are there."""
    add_artifact(scene, lambda: _text(value), at, _("Text"), "paste", instead_of)


def add_artifact(
    scene: BoardScene,
    make: Callable[[], Artifact],
    at: QPointF,
    name: str,
    kind: str = "add",
    instead_of: Sequence[str] = (),
    **fields: Any,
) -> None:
    """Put an artifact on the board with its middle at `at`; `make` runs beside the window. What it
    comes `instead_of` goes in the same step."""
    store = scene.project.store

    def put() -> tuple[Content, str]:
        artifact = make()
        return store.put(artifact), getattr(artifact, "value", "")

    def add(found: tuple[Content, str]) -> None:
        from aigc_studio.project import commands

        content, value = found
        item = new_item(scene, content, at, name, value)
        steps = [lambda board: commands.add_items(board, [replace(item, **fields)], kind=kind)]
        gone = [id for id in instead_of if id in scene.board]
        if gone:
            steps.insert(0, lambda board: commands.remove_items(board, gone))
        scene.choose_when_there([item.id])
        scene.make(commands.together(scene.board, steps) if gone else steps[0](scene.board))

    scene.errands.run(put, add, lambda error: refuse(scene, error))


def new_item(scene: BoardScene, content: Content, at: QPointF, name: str, value: str = "") -> Item:
    """An item for a content, of its natural size, with its middle at `at`."""
    from aigc_studio.project.items import Item
    from aigc_studio.project.placing import natural_size
    from aigc_studio.ui.canvas.items.text_layout import fitting_height

    width, height = natural_size(content)
    if value:
        height = fitting_height(value, width)
    (id,) = scene.board.new_ids(1)
    x, y = round(at.x() - width / 2), round(at.y() - height / 2)
    return Item(id, name, content, x, y, width, height)


def artifact_of(image: QImage) -> Artifact:
    """A Qt image as an artifact: grey stays L, opaque becomes RGB, else RGBA, straight alpha.

    Raises `StudioError` for one that is too large for a project.
    """
    import numpy as np

    from aigc_studio.api.artifacts import Image
    from aigc_studio.project.content import check_picture

    check_picture(image.width(), image.height())  # before seconds and gigabytes go into it
    form = QImage.Format
    if image.isGrayscale() and not image.hasAlphaChannel():
        plain, channels = image.convertToFormat(form.Format_Grayscale8), 1
    elif image.hasAlphaChannel():
        plain, channels = image.convertToFormat(form.Format_RGBA8888), 4
    else:
        plain, channels = image.convertToFormat(form.Format_RGB888), 3
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), -1)
    pixels = rows[:, : plain.width() * channels].reshape(plain.height(), plain.width(), channels)
    return Image((pixels[..., 0] if channels == 1 else pixels).copy())


def _paste_items(scene: BoardScene, data: bytes, at: QPointF) -> bool:
    store = scene.project.store
    if len(data) < UNPACKED_AT_ONCE:
        read = packing.unpacked(data)
        if read is None:
            return False
        bring = partial(packing.brought, *read, store)
    else:
        bring = partial(_unpack_and_bring, data, store)
    scene.errands.run(
        bring, lambda found: _add_copies(scene, found, at), lambda error: refuse(scene, error)
    )
    return True


def _unpack_and_bring(data: bytes, store: ContentStore) -> list[Item]:
    read = packing.unpacked(data)
    if read is None:
        raise StudioError(nothing_there())
    return packing.brought(*read, store)


def _add_copies(scene: BoardScene, items: list[Item], at: QPointF) -> None:
    from aigc_studio.project import commands
    from aigc_studio.project.items import within
    from aigc_studio.ui.canvas.scene.places import bounds

    if not items:
        return
    ids = scene.board.new_ids(len(items))

    def copies() -> list[Item]:
        shift = at - bounds(items).center()
        dx, dy = shift.x(), shift.y()
        return [
            item.changed(
                {"id": id, "x": within(round(item.x + dx)), "y": within(round(item.y + dy))}
            )
            for id, item in zip(ids, items, strict=True)
        ]

    def put(made: list[Item]) -> None:
        scene.choose_when_there(list(ids))
        scene.make(commands.add_items(scene.board, made, kind="paste"))

    if len(items) > MANY:
        scene.errands.run(copies, put)
    else:
        put(copies())


def _text(value: str) -> Artifact:
    from aigc_studio.api.artifacts import Text

    return Text(value)


def refuse(scene: BoardScene, error: Exception) -> None:
    """Say why nothing can come onto the board; what has no sentence for people is raised."""
    if not isinstance(error, StudioError):
        raise error
    scene.refused.emit(str(error))
