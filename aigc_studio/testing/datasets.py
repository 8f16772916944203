"""Small datasets drawn by a program, in the form that the library writes: nothing is fetched."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aigc_studio.api.artifacts import Artifact, Image, Medium, Text
from aigc_studio.api.dataset import encode
from aigc_studio.api.melody import Melody, Note
from aigc_studio.files import canonical_json, write_bytes, write_json

FORMAT = 1


def write_dataset(
    folder: Path,
    artifacts: Sequence[Artifact],
    labels: Sequence[str] = (),
    medium: Medium = "text",
    attributes: Sequence[Mapping[str, Any]] = (),
) -> Path:
    """Write a dataset folder; every tenth example is held out when there are ten or more.

    `medium` is asked only where there is no artifact to tell it. `labels` and `attributes` are as
    long as `artifacts`, or there are none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    content, rows = b"", []
    for number, artifact in enumerate(artifacts):
        data, extra = encode(artifact)
        row = {"offset": len(content), "length": len(data), "source": f"drawn {number}"}
        row |= {"sha256": hashlib.sha256(data).hexdigest(), **extra}
        row["split"] = "test" if number % 10 == 9 else "train"
        if labels:
            row["label"] = labels[number]
        if attributes:
            row["attributes"] = dict(attributes[number])
        rows.append(row)
        content += data
    lines = "".join(f"{canonical_json(row)}\n" for row in rows).encode()
    write_bytes(folder / "content.bin", content, durable=False)
    write_bytes(folder / "examples.jsonl", lines, durable=False)
    about = {
        "format": FORMAT,
        "name": folder.name,
        "medium": artifacts[0].medium if artifacts else medium,
        "fingerprint": hashlib.sha256(lines).hexdigest(),
        "licence": "CC0-1.0",
    }
    write_json(folder / "dataset.json", about, durable=False)
    return folder


def draw(medium: Medium, count: int, size: int = 28) -> tuple[list[Artifact], list[str]]:
    """`count` artifacts: shapes of ten classes, sentences, or tunes; always the same ones.

    `size` is the edge of a picture in pixels; 28 gives texts of 3 sentences and tunes of 4 bars.
    """
    rng = random.Random(f"{medium} {size}")
    if medium == "image":
        # All ten labels are in the training part, though every tenth example is held out.
        kinds = [(number + number // 10) % 10 for number in range(count)]
        return [_shape(rng, kind, size) for kind in kinds], [str(kind) for kind in kinds]
    if medium == "text":
        return [_sentences(rng, max(1, size // 9)) for _n in range(count)], []
    return [_tune(rng, max(1, size // 7)) for _n in range(count)], []


def told_of(artifact: Artifact) -> dict[str, str]:
    """What the kit's data says of an artifact beside its label: of a text an `answer`, its words in
    reverse, so that what learns from pairs has some."""
    words = str(artifact).split()[-20:] if isinstance(artifact, Text) else []
    return {"answer": " ".join(reversed(words))} if words else {}


def _shape(rng: random.Random, kind: int, size: int) -> Image:
    """A ring with `kind` spokes, grey on black, a little different each time."""
    import numpy as np

    rows, columns = (np.mgrid[0:size, 0:size] + 0.5 - size / 2) * (2 / size)
    rows, columns = rows + rng.uniform(-0.08, 0.08), columns + rng.uniform(-0.08, 0.08)
    away = np.abs(np.hypot(rows, columns) - rng.uniform(0.55, 0.7))
    turn = rng.uniform(-0.2, 0.2)
    for spoke in range(kind):
        angle = turn + 2 * np.pi * spoke / kind
        along = np.clip(rows * np.sin(angle) + columns * np.cos(angle), 0, 0.6)
        distance = np.hypot(rows - along * np.sin(angle), columns - along * np.cos(angle))
        away = np.minimum(away, distance)
    ink = np.clip(1.5 - away * 12, 0, 1)
    return Image((255 * ink).astype(np.uint8))


_words = (
    "the", "little", "green", "boat", "sails", "over", "a", "quiet", "lake", "and", "under",
    "old", "stone", "bridges", "while", "evening", "birds", "call", "from", "tall", "dark",
    "trees", "someone", "sings", "about", "rain",
)  # fmt: skip


def _sentences(rng: random.Random, count: int) -> Text:
    sentences = (" ".join(rng.choices(_words, k=rng.randint(4, 9))) for _n in range(count))
    return Text(" ".join(f"{sentence.capitalize()}." for sentence in sentences))


def _tune(rng: random.Random, bars: int) -> Melody:
    """Quarters and eighths on a C major scale, walking by step."""
    scale, notes, place, start = (0, 2, 4, 5, 7, 9, 11), [], rng.randint(5, 9), 0
    while start < bars * 1920:
        length = min(rng.choice((240, 480, 480)), bars * 1920 - start)
        notes.append(Note(start, length, 48 + 12 * (place // 7) + scale[place % 7]))
        place = min(14, max(0, place + rng.choice((-2, -1, -1, 1, 1, 2))))
        start += length
    return Melody(tuple(notes))
