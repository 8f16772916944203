"""The lines of a dataset's `examples.jsonl`: written, split, counted, fingerprinted, browsed."""

from __future__ import annotations

import functools
import hashlib
import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from aigc_studio import files
from aigc_studio.api import Artifact, Dataset, StudioError, Text, limits
from aigc_studio.api.attributes import (
    ATTRIBUTES,
    Attribute,
    answer,
    count_attributes,
    read_attributes,
)
from aigc_studio.api.dataset import (
    CONTENT,
    DIGEST,
    ROWS,
    Split,
    encode,
    read_about,
    read_rows,
    row_fault,
    row_kind,
)
from aigc_studio.api.documents import Damaged, lines_of, parse
from aigc_studio.api.kinds import Anything, MapOf, Maybe, Number, OneOf, Whole, Words, record
from aigc_studio.api.spelling import compared, one_form, without_odd_bytes
from aigc_studio.library import tails
from aigc_studio.library.drafts import Draft
from aigc_studio.translation import _

Row = dict[str, Any]
Rows = list[Row]

TEST_SHARE = 0.1
"""The part of the groups that is held out unless a person says otherwise."""

_rights = Words(limits.DETAILS)  # more than can be typed now: those of before had no limit
ABOUT_KIND = record(
    {
        "medium": OneOf(("image", "text", "melody")),
        "fingerprint": DIGEST,
        "counts": record({"train": Whole(), "test": Whole(), "excluded": Whole()}),
        "labels": MapOf(Whole(), limits.EXAMPLES, limits.LABEL),
    },
    shapes=MapOf(Whole()),
    attributes=ATTRIBUTES,
    options=MapOf(Anything()),
    licence=_rights,
    credit=_rights,
    source=_rights,
    consent=_rights,
    pack=Words(limits.TITLE),
    test_share=Maybe(Number(0, 1)),
)
"""What `dataset.json` of a dataset of the library must be."""


@dataclass(frozen=True)
class ExampleInfo:
    """What stands in one row: `index` counts all examples of the dataset, the excluded too."""

    index: int
    label: str
    group: str
    split: Split
    excluded: bool
    source: str
    sha256: str
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What it calls itself; else the file that it came from, without the folders."""
        told = self.attributes.get("title")
        return told if isinstance(told, str) and told else self.source.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Wanted:
    """Which values of an attribute are looked for: a `value` (`yes` or `no`, a word, or a number
    as it is written), or numbers from `low` to `high`; an empty value is looked for where there
    is none."""

    name: str
    value: str | None = None
    low: float = -math.inf
    high: float = math.inf

    def fits(self, attributes: Mapping[str, Any]) -> bool:
        """Whether an example with these attributes is one."""
        told = attributes.get(self.name)
        if self.value is not None:
            return self.value == shown_value(told)
        is_number = isinstance(told, int | float) and not isinstance(told, bool)
        return is_number and self.low <= told <= self.high  # type: ignore[operator]


def shown_value(value: Any) -> str:
    """The value of an attribute as a name: `yes`, `no`, words, a number; empty for none."""
    if isinstance(value, bool):
        return answer(value)
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def write_content(content: IO[bytes], draft: Draft) -> Row:
    """Append an artifact to `content.bin`; returns its row, with no split yet unless it has one."""
    data, extra = encode(draft.artifact)
    row: Row = {"offset": content.tell(), "length": len(data)}
    row["sha256"] = hashlib.sha256(data).hexdigest()
    told = {
        "label": draft.label,
        "group": draft.group,
        "source": draft.source,
        "attributes": dict(draft.attributes),
        "split": draft.split,
    }
    content.write(data)
    if draft.passage is not None:
        row["passage"] = draft.passage
    return row | extra | {name: value for name, value in told.items() if value}


def group_of(row: Row) -> str:
    """What must not be torn apart by the split: the group, or the example itself."""
    return str(row.get("group") or row["sha256"])


def assign_split(rows: Iterable[Row], share: float, fixed: Collection[int] = ()) -> None:
    """Give each row its split by a hash of its group: `share` of the groups go to the test part.

    Of a text in passages its end goes there (see `tails`). Rows whose index is in `fixed` keep
    theirs. Both parts get at least one group where there are two, the training part always.
    """
    rows, kept = list(rows), set(fixed)
    kept |= tails.hold_out(rows, kept, share)
    free = [row for index, row in enumerate(rows) if index not in kept]
    ranks = {group: _rank(group) for group in {group_of(row) for row in free}}
    held = {group for group, rank in ranks.items() if rank < share}
    fixed_parts = {rows[index]["split"] for index in kept}
    if ranks and share > 0 and not held and "test" not in fixed_parts and len(ranks) > 1:
        held = {min(ranks, key=lambda group: ranks[group])}
    if ranks and len(held) == len(ranks) and "train" not in fixed_parts:
        held.discard(max(ranks, key=lambda group: ranks[group]))
    for row in free:
        row["split"] = "test" if group_of(row) in held else "train"


def settle_split(rows: Sequence[Row], share: float | None) -> float | None:
    """Give each row its part: what the data says itself, or else by `share`.

    Returns the share that counted, None where the data said it. Data that is all held out (only
    that half was chosen) says nothing.
    """
    if all(row.get("split") == "test" for row in rows):
        for row in rows:
            del row["split"]
    fixed = [index for index, row in enumerate(rows) if "split" in row]
    counted = None if fixed else share
    assign_split(rows, counted or 0.0, fixed)
    return counted


def _rank(group: str) -> float:
    """A number in [0, 1) that a group always gets."""
    digest = hashlib.sha256(b"split " + group.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:7], "big") / 2**56


def fingerprint(rows: Iterable[Row]) -> str:
    """SHA-256 over the examples in use in their order, their labels, attributes and split."""
    total = hashlib.sha256()
    for row in rows:
        if not row.get("excluded"):
            line = [row["sha256"], row.get("label", ""), row["split"]]
            if row.get("attributes"):
                line.append(row["attributes"])
            total.update(files.canonical_json(line).encode() + b"\n")
    return total.hexdigest()


def counted_labels(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """How many examples each label has, in order. Datasets of before may have one in two forms."""
    total: Counter[str] = Counter()
    for label, count in counts:
        total[one_form(label)] += count
    return dict(sorted(total.items()))


def summary(rows: list[Row], known: Iterable[Attribute] = ()) -> dict[str, Any]:
    """What `dataset.json` says of the rows: fingerprint, counts, labels, attributes (those that
    were `known` first), sizes of pictures."""
    used = [row for row in rows if not row.get("excluded")]
    parts = Counter(row["split"] for row in used)
    labels = counted_labels((row["label"], 1) for row in used if row.get("label"))
    told = count_attributes((row.get("attributes", {}) for row in used), known)
    attributes = told[: limits.ATTRIBUTES]
    shapes = Counter("×".join(map(str, row["shape"])) for row in used if "shape" in row)
    return {
        "fingerprint": fingerprint(rows),
        "counts": {
            "train": parts["train"],
            "test": parts["test"],
            "excluded": len(rows) - len(used),
        },
        "labels": labels,
        "shapes": dict(shapes.most_common(20)),
        "attributes": [each.to_json() for each in attributes],
        "rows_digest": _digest_of(rows),
    }


def to_lines(rows: Iterable[Row]) -> bytes:
    """The bytes of `examples.jsonl`."""
    return b"".join(f"{files.canonical_json(row)}\n".encode() for row in rows)


def _digest_of(rows: Iterable[Row]) -> str:
    """SHA-256 of the bytes that `to_lines` gives, which need not be there all at once."""
    total = hashlib.sha256()
    for row in rows:
        total.update(f"{files.canonical_json(row)}\n".encode())
    return total.hexdigest()


def all_rows(folder: Path) -> Rows:
    """All rows of a dataset, whose content is there. Raises `OSError` and `documents.Damaged`."""
    rows = read_rows(folder, read_about(folder)["medium"], kept=True)
    size = (folder / CONTENT).stat().st_size
    if not rows or end_of(rows) > size:
        raise Damaged(_("{file} is cut off").format(file=CONTENT))
    return rows


def whole_rows(folder: Path, medium: str) -> tuple[Rows, int]:
    """The rows that can be read and whose content is there, and how many others there are.

    Raises `OSError` and `documents.Damaged`.
    """
    size, kind = (folder / CONTENT).stat().st_size, row_kind(medium)
    rows, lost = [], 0
    for _number, line in lines_of(folder / ROWS, limits.EXAMPLES):
        try:
            row = parse(line, limits.LINE_BYTES)
        except Damaged:
            row = None
        if row is None or row_fault(row, medium, kind) or end_of([row]) > size:
            lost += 1
        else:
            rows.append(row)
    return rows, lost


def end_of(rows: Iterable[Row]) -> int:
    """How many bytes of content the rows name."""
    return max((row["offset"] + row["length"] for row in rows), default=0)


class _Unopened(Dataset):
    """Holds no file open, so that its folder can be renamed and deleted on every system."""

    @property
    def _content(self) -> Any:
        return _Parts(self.path / CONTENT)


class _Parts:
    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, place: int, length: int) -> bytes:
        with files.open_plain(self._path) as file:
            file.seek(place)
            return file.read(length)


class Browser:
    """A dataset to look through, with the excluded examples in it; artifacts load when asked for.

    Safe to read from another thread than the one that opened it.
    """

    def __init__(self, folder: Path) -> None:
        self._rows = all_rows(folder)
        self._all = _Unopened(folder, None)
        self._all.rows = self._rows
        self._known = read_attributes(self._all.about.get("attributes", []))
        self.medium = self._all.medium

    def __len__(self) -> int:
        return len(self._rows)

    def info(self, index: int) -> ExampleInfo:
        """What is known of example number `index`."""
        row = self._rows[index]
        return ExampleInfo(
            index,
            one_form(row.get("label", "")),
            without_odd_bytes(row.get("group", "")),
            row["split"],
            bool(row.get("excluded")),
            without_odd_bytes(row.get("source", "")),
            row["sha256"],
            row.get("attributes", {}),
        )

    @functools.cached_property
    def attributes(self) -> tuple[Attribute, ...]:
        """What is known of the examples beside labels, counted over all of them."""
        return count_attributes((row.get("attributes", {}) for row in self._rows), self._known)

    def is_excluded(self, index: int) -> bool:
        """Whether example number `index` is left out of use."""
        return bool(self._rows[index].get("excluded"))

    def artifact(self, index: int) -> Artifact:
        """The artifact of example number `index`. Raises `StudioError` when it is gone."""
        try:
            return self._all[index].artifact
        except StudioError as error:
            if not isinstance(error.__cause__, OSError):  # it is there, and damaged
                raise
            raise StudioError(
                _("The dataset {name} is no longer there.").format(name=self._all.name)
            ) from error

    def find(
        self,
        label: str | None = None,
        split: Split | None = None,
        excluded: bool | None = None,
        words: str = "",
        attributes: Sequence[Wanted] = (),
    ) -> list[int]:
        """The numbers of the examples that fit; `words` are looked for in source, label, texts
        among the attributes, and in texts themselves: that may take seconds."""
        label = label if label is None else one_form(label)
        words = words.strip()
        found = self._find(label, split, excluded, compared(words))
        if not attributes:
            return list(found)
        rows = self._rows
        return [
            index
            for index in found
            if all(each.fits(rows[index].get("attributes", {})) for each in attributes)
        ]

    def _compared_text(self, index: int) -> str:
        """A text as `compared` has it; what is all ASCII at a fraction of the time."""
        try:
            artifact = self._all[index].artifact
        except (OSError, ValueError, StudioError):
            return ""
        text = artifact.value if isinstance(artifact, Text) else ""
        return text.casefold() if text.isascii() else compared(text)

    def _find(
        self, label: str | None, split: Split | None, excluded: bool | None, words: str
    ) -> Iterator[int]:
        for index, row in enumerate(self._rows):
            if label is not None and one_form(row.get("label", "")) != label:
                continue
            if split is not None and row["split"] != split:
                continue
            if excluded is not None and bool(row.get("excluded")) != excluded:
                continue
            if not words or self._says(index, row, words):
                yield index

    def _says(self, index: int, row: Mapping[str, Any], words: str) -> bool:
        """Whether an example has words in what is told of it, or in its text."""
        others = row.get("attributes", {}).values()
        told = (row.get("source", ""), row.get("label", ""), *others)
        if any(words in compared(each) for each in told if isinstance(each, str)):
            return True
        return self.medium == "text" and words in self._compared_text(index)
