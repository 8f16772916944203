"""Datasets as a plugin sees them: `len`, `[i]`, labels, and a split that is kept.

On disk a dataset is a folder: `dataset.json` (what it is), `examples.jsonl` (one line each, in
order) and `content.bin` (the artifacts, read by place: raw pixels, UTF-8 text, melody JSON).
"""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from aigc_studio.api import documents, limits
from aigc_studio.api.artifacts import Artifact, Image, Medium, Text
from aigc_studio.api.attributes import Attribute, count_attributes, read_attributes
from aigc_studio.api.errors import StudioError
from aigc_studio.api.kinds import (
    Anything,
    Kind,
    ListOf,
    MapOf,
    OneOf,
    Truth,
    Whole,
    Words,
    record,
)
from aigc_studio.api.melody import Melody
from aigc_studio.api.spelling import one_form
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.api.placed import Placed

Split = Literal["train", "test"]

ROWS = "examples.jsonl"
ABOUT = "dataset.json"
CONTENT = "content.bin"

DIGEST = Words(64, form="[0-9a-f]{64}")
"""A SHA-256 as hexadecimal digits."""

_row = record(
    {"offset": Whole(), "length": Whole(), "split": OneOf(("train", "test"))},
    sha256=DIGEST,
    label=Words(limits.LABEL, paths=True),
    group=Words(limits.PATH, paths=True),
    source=Words(limits.PATH, paths=True),
    excluded=Truth(),
    attributes=MapOf(Anything()),
    passage=Whole(),
)
_picture_row = record(
    {**_row.needed, "shape": ListOf(Whole(1, limits.PICTURE_SIDE), 3, least=2)}, **_row.other
)
_about = record(
    {
        "name": Words(limits.TITLE, least=1),
        "medium": OneOf(("image", "text", "melody")),
        "fingerprint": Words(64),
    }
)


@dataclass(frozen=True)
class Example:
    """One example. `group` is what must not be torn apart by the split (a person, a play).

    `attributes` are what else is known of it, by name: True or False, a number, or words
    (`{"smiling": True, "age": 31, "hair": "brown"}`); a name that it has no value for is not there.
    `Dataset.attributes` says which names there are.

    A long text is there in passages, one after another: `continues` where this one goes on, with
    nothing in between, where the example before it in the same `Dataset` ended. What reads a
    stream (prose, code) carries its state over from there; lines, rows and whole files stand alone.

        text = "".join(each.artifact.value for each in data)    # where all but the first continue
    """

    artifact: Artifact
    label: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    group: str = ""
    source: str = ""
    continues: bool = False


class Dataset:
    """The examples of one part of a dataset folder; those marked as excluded are left out.

    `[i]` raises `StudioError` when that example is damaged. Labels are in one normal form (NFC).

    `split` is `train`, `test` (held out) or None for both. Picklable by path, so that data-loader
    processes can open it again. Raises `OSError` or `ValueError` when the folder is not whole.
    `picked` are the numbers of the examples that are in it, where they are not all (`pick`).
    """

    def __init__(
        self,
        path: Path,
        split: Split | None = "train",
        picked: Iterable[int] | None = None,
    ) -> None:
        self.path = Path(path)
        self.split = split
        self.picked = None if picked is None else tuple(picked)
        self.about: dict[str, Any] = read_about(self.path)
        self.rows: list[dict[str, Any]] = [
            row
            for row in read_rows(self.path, self.about["medium"])
            if not row.get("excluded") and (split is None or row["split"] == split)
        ]
        if self.picked is not None:
            if not all(0 <= number < len(self.rows) for number in self.picked):
                raise ValueError("the dataset has fewer examples than were picked")
            self.rows = [self.rows[number] for number in self.picked]
        for row in self.rows:  # datasets of before may have labels as macOS spells folders
            label = row.get("label", "")
            if not label.isascii():
                row["label"] = one_form(label)

    @property
    def medium(self) -> Medium:
        """What its artifacts are."""
        medium: Medium = self.about["medium"]
        return medium

    @property
    def name(self) -> str:
        """The name it goes by in the library."""
        return str(self.about["name"])

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the examples in use, their labels and their split."""
        return str(self.about["fingerprint"])

    @property
    def labels(self) -> tuple[str, ...]:
        """The different labels, sorted; empty when no example has one."""
        return tuple(sorted({row["label"] for row in self.rows if row.get("label")}))

    @functools.cached_property
    def attributes(self) -> tuple[Attribute, ...]:
        """What `Example.attributes` may have, each with its kind and how many examples have which
        value; empty where the data says nothing beside labels.

            smiling = next(each for each in data.attributes if each.name == "smiling")
            smiling.kind, smiling.counts        # "yes_no", {"no": 105, "yes": 95}
        """
        known = read_attributes(self.about.get("attributes", []))
        return count_attributes((row.get("attributes", {}) for row in self.rows), known)

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        """A dataset is one even when it is empty: `dataset or …` means what it says."""
        return True

    def __getitem__(self, index: int) -> Example:
        row = self.rows[index]
        try:
            content = self._content.read(row["offset"], row["length"])
            if len(content) < row["length"]:
                raise ValueError("the content is cut off")
            artifact = _decode(self.medium, content, row)
        except (OSError, ValueError) as error:
            sentence = _("Example {number} of the dataset {name} is damaged: import it again.")
            raise StudioError(sentence.format(number=index + 1, name=self.name)) from error
        return Example(
            artifact=artifact,
            label=row.get("label", ""),
            attributes=row.get("attributes", {}),
            group=row.get("group", ""),
            source=row.get("source", ""),
            continues=self._continues(index),
        )

    def _continues(self, index: int) -> bool:
        """Whether an example is the passage behind the one before it."""
        index = range(len(self.rows))[index]  # -1 is the last
        row, before = self.rows[index], self.rows[index - 1] if index else {}
        passage = row.get("passage", 0)
        return bool(
            passage
            and before.get("passage") == passage - 1
            and before.get("source") == row.get("source")
        )

    def __iter__(self) -> Iterator[Example]:
        return (self[index] for index in range(len(self)))

    @functools.cached_property
    def _content(self) -> Placed:
        from aigc_studio.api.placed import Placed

        return Placed(self.path / CONTENT)

    def pick(self, numbers: Iterable[int]) -> Dataset:
        """The same dataset with only the examples `[n]` of these numbers in it, in this order.

        What is done with it takes only these: a brief evaluation, say. Raises `ValueError` for a
        number that there is none of.
        """
        chosen = list(numbers)
        if not all(0 <= number < len(self) for number in chosen):
            raise ValueError("the dataset has fewer examples than were picked")
        if self.picked is not None:
            chosen = [self.picked[number] for number in chosen]
        return type(self)(self.path, self.split, chosen)

    def __reduce__(self) -> tuple[type[Dataset], tuple[Path, Split | None, tuple[int, ...] | None]]:
        return (type(self), (self.path, self.split, self.picked))


def read_about(folder: Path) -> dict[str, Any]:
    """What `dataset.json` says: name, medium and fingerprint at least.

    Raises `OSError`, and `documents.Damaged` (a ValueError) that says what is wrong.
    """
    about = documents.read(folder / ABOUT, limits.DOCUMENT_BYTES, kind=_about)
    return dict(about)


def read_rows(folder: Path, medium: str, kept: bool = False) -> list[dict[str, Any]]:
    """All rows of a dataset, each with the fields that it must have and of the kinds that they are.

    Those of a dataset that the library has `kept` have the digest of their content. Raises
    `OSError`, and `documents.Damaged` (a ValueError) that names the line.
    """
    kind = row_kind(medium, kept)
    rows = []
    for number, row in documents.read_lines(folder / ROWS, limits.EXAMPLES):
        fault = row_fault(row, medium, kind)
        if fault:
            raise documents.in_line(folder / ROWS, number, fault)
        if row.get("attributes"):  # the names are kept once, not once a row
            row["attributes"] = {sys.intern(name): told for name, told in row["attributes"].items()}
        rows.append(row)
    return rows


def row_kind(medium: str, kept: bool = True) -> Kind:
    """What a row of a dataset of this medium must be."""
    kind = _picture_row if medium == "image" else _row
    return record({**kind.needed, "sha256": DIGEST}, **kind.other) if kept else kind


def row_fault(row: Any, medium: str, kind: Kind) -> str:
    """What is wrong with a row of this `kind`; empty for a whole one."""
    if not kind.fits(row):
        return kind.fault(row, "")
    if medium == "image" and math.prod(row["shape"]) != row["length"]:
        return _("“{field}” does not go with “{other}”").format(field="shape", other="length")
    return ""


def _decode(medium: Medium, content: bytes, row: Mapping[str, Any]) -> Artifact:
    if medium == "text":
        return Text(content.decode("utf-8"))
    if medium == "melody":
        return Melody.from_json(content.decode("utf-8"))
    import numpy as np

    return Image(np.frombuffer(content, np.uint8).reshape(row["shape"]).copy())


def encode(artifact: Artifact) -> tuple[bytes, dict[str, Any]]:
    """The bytes that stand in `content.bin` for an artifact, and what its row must say of them."""
    if isinstance(artifact, Image):
        return artifact.pixels.tobytes(), {"shape": list(artifact.pixels.shape)}
    if isinstance(artifact, Text):
        return artifact.value.encode("utf-8"), {}
    return artifact.to_json().encode("utf-8"), {}
