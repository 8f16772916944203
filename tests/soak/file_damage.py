"""What a person brings and keeps, to be damaged: pictures, tunes, texts, tables, projects."""

from __future__ import annotations

import gzip
import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from damage import Specimen
from PIL import Image as Pillow

from aigc_studio.api import Artifact, Image, Medium, Melody, Metre, Note, Tempo, Text
from aigc_studio.library import readers
from aigc_studio.library.checks import preflight
from aigc_studio.project import Item, Project, Provenance, commands, export


def file_specimens(top: Path) -> Iterator[Specimen]:
    """Whole files of every kind, and what reads them."""
    top.mkdir(parents=True, exist_ok=True)
    yield from _pictures(top)
    yield from _tunes(top)
    yield from _texts(top)
    yield from _projects(top)


def _read(top: Path, name: str, medium: Medium) -> Callable[[bytes], object]:
    path = top / name

    def read(data: bytes) -> object:
        path.write_bytes(data)
        return readers.read(path, medium)

    return read


def _noise(width: int, height: int, mode: str) -> Pillow.Image:
    channels = {"L": (), "RGB": (3,), "RGBA": (4,)}[mode]
    shape = (height, width, *channels)
    return Pillow.fromarray(np.random.default_rng(3).integers(0, 256, shape, np.uint8))


def _pictures(top: Path) -> Iterator[Specimen]:
    kinds: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("PNG", "RGBA", {}), ("JPEG", "RGB", {}), ("GIF", "L", {}), ("BMP", "RGB", {}),
        ("TIFF", "RGB", {}), ("TIFF", "L", {"compression": "tiff_lzw"}), ("WEBP", "RGB", {}),
        ("PPM", "L", {}),
    )  # fmt: skip
    for kind, mode, options in kinds:
        held = io.BytesIO()
        _noise(32, 24, mode).save(held, kind, **options)
        name = f"a.{kind.lower().replace('ppm', 'pgm')}"
        yield Specimen(
            f"{kind} {mode} {' '.join(options.values())}".strip(),
            held.getvalue(),
            _read(top, name, "image"),
            text=False,
        )


_TUNE = Melody(
    (Note(0, 480, 60, 100), Note(480, 240, 64, 33), Note(960, 960, 67)),
    program=12,
    tempos=(Tempo(0, 400_000), Tempo(960, 612_345)),
    metres=(Metre(0, 3, 4), Metre(1440, 4, 4)),
)


def _tunes(top: Path) -> Iterator[Specimen]:
    export.export(_TUNE, top / "tune.mid", None)
    yield Specimen("MIDI", (top / "tune.mid").read_bytes(), _read(top, "a.mid", "melody"), False)
    told = _TUNE.to_json().encode()
    yield Specimen("melody.json", told, _read(top, "a.melody.json", "melody"))


def _texts(top: Path) -> Iterator[Specimen]:
    words = "The fox runs over the hill.\nDer Fuchs läuft über den Hügel.\n狐狸跑过山。\n" * 4
    for code in ("utf-8", "utf-16", "cp1252", "gb18030"):
        data = words.encode(code, "ignore")
        yield Specimen(f"text {code}", data, _read(top, "a.txt", "text"), False)
    rows = "label;text\n" + "".join(f'k{n % 3};"row ""{n}"" of it, and more"\n' for n in range(40))

    def table(data: bytes) -> object:
        (top / "tables").mkdir(exist_ok=True)
        (top / "tables" / "a.csv").write_bytes(data)
        return preflight(top / "tables", "text")

    yield Specimen("CSV", rows.encode(), table, False)
    shape = bytes((0, 0, 8, 3)) + b"".join(n.to_bytes(4, "big") for n in (5, 6, 6))
    pictures = shape + bytes(range(180))
    for name, data in (
        ("a-images-idx3-ubyte", pictures),
        ("a-images-idx3-ubyte.gz", gzip.compress(pictures)),
    ):
        yield Specimen(name, data, _idx(top / name.replace(".", "_"), name), False)


def _idx(folder: Path, name: str) -> Callable[[bytes], object]:
    def read(data: bytes) -> object:
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
        return preflight(folder, "image")

    return read


def _projects(top: Path) -> Iterator[Specimen]:
    made = Project.new()
    provenance = Provenance(
        medium="image", generator="gan-digits", verb="generate", operation="draw", seed=1
    )
    pixels = np.random.default_rng(5).integers(0, 256, (40, 50, 3), np.uint8)
    artifacts: list[Artifact] = [Image(pixels), Text("a text"), _TUNE]
    for number, artifact in enumerate(artifacts):
        (id,) = made.board.new_ids(1)
        item = Item(
            id=id, content=made.store.put(artifact), name=f"item {number}", width=100.0,
            height=50.0, provenance=provenance,
        )  # fmt: skip
        made.do(commands.add_items(made.board, [item]))
    made.save(top / "a.aigc")
    made.do(commands.remove_items(made.board, ["i2"]))
    session, kept = made.folder, top / "session"
    shutil.copytree(session, kept)
    made.close()

    def opened(data: bytes) -> object:
        (top / "b.aigc").write_bytes(data)
        project = Project.open(top / "b.aigc")
        try:
            return [project.store.get(item.content) for item in project.board.items]
        finally:
            project.close()

    yield Specimen("project", (top / "a.aigc").read_bytes(), opened, False)

    def recovered(data: bytes) -> object:
        folder = session.parent / "lost"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(kept, folder)
        (folder / "lock").unlink(missing_ok=True)
        (folder / "journal.jsonl").write_bytes(data)
        Project.interrupted()
        if folder.exists():
            Project.recover(folder).close()
        return None

    yield Specimen("journal", (kept / "journal.jsonl").read_bytes(), recovered)
