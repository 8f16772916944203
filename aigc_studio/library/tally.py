"""What the examples of a look are, counted: labels and their spellings, sizes, parts."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from aigc_studio.api import Image, Text
from aigc_studio.api.attributes import Attribute, count_attributes
from aigc_studio.api.dataset import encode
from aigc_studio.api.spelling import compared
from aigc_studio.library.drafts import Draft
from aigc_studio.library.rows import Row, fingerprint, settle_split
from aigc_studio.translation import _, enumerated, ngettext

_MOST_NAMED = 4
_FIRST = 100
_SHOWN = 400
"""So many texts are kept to be shown, and so many characters of each."""


class _Noted(NamedTuple):
    sha256: str
    label: str
    spelled: str
    group: str
    split: str
    size: str
    mode: str
    attributes: Mapping[str, Any]
    source: str
    passage: int | None
    length: int


class Tally:
    """Notes drafts, in their order, and counts those that are not taken back.

    `characters` are those of all texts, `first` the beginnings of the first ones.
    """

    def __init__(self) -> None:
        self._noted: list[_Noted] = []
        self.characters = 0
        self.first: list[str] = []

    def note(self, drafts: Iterable[Draft]) -> None:
        """Count examples as they are read."""
        for draft in drafts:
            image = draft.artifact if isinstance(draft.artifact, Image) else None
            size = f"{image.width}×{image.height}" if image else ""
            content = encode(draft.artifact)[0]
            digest = hashlib.sha256(content).hexdigest()
            self._count_text(draft)
            self._noted.append(
                _Noted(
                    digest, draft.label, draft.spelled, draft.group, draft.split or "", size,
                    image.mode if image else "", draft.attributes,
                    draft.source if draft.passage is not None else "", draft.passage, len(content),
                )
            )  # fmt: skip

    def _count_text(self, draft: Draft) -> None:
        if isinstance(draft.artifact, Text):
            self.characters += len(draft.artifact)
            if len(self.first) < _FIRST:
                self.first.append(draft.artifact.value[:_SHOWN])

    def repeated(self) -> int:
        """How many texts are equal to one before them."""
        texts = [each.sha256 for each in self._noted if not each.size]
        return len(texts) - len(set(texts))

    def take_back(self, numbers: Collection[int]) -> None:
        """Forget the drafts with these numbers."""
        self._noted = [each for n, each in enumerate(self._noted) if n not in numbers]

    def labels(self) -> dict[str, int]:
        """How many examples have each label."""
        return dict(sorted(Counter(each.label for each in self._noted if each.label).items()))

    def sizes(self) -> dict[str, int]:
        """How many pictures have each size."""
        return dict(Counter(each.size for each in self._noted if each.size))

    def modes(self) -> dict[str, int]:
        """How many pictures have each mode."""
        return dict(Counter(each.mode for each in self._noted if each.mode))

    def parts(self) -> dict[str, int]:
        """How many examples lie in train and test; empty unless the data says what is held out."""
        counts = Counter(each.split for each in self._noted if each.split)
        return dict(counts) if set(counts) == {"train", "test"} else {}

    def attributes(self) -> tuple[Attribute, ...]:
        """What tables say of the examples."""
        return count_attributes(each.attributes for each in self._noted)

    def described(self) -> int:
        """How many examples have attributes."""
        return sum(bool(each.attributes) for each in self._noted)

    def fingerprint(self, test_share: float) -> str:
        """That of the dataset that they would be; empty for no examples."""
        rows: list[Row] = []
        for each in self._noted:
            row: Row = {"sha256": each.sha256, "label": each.label, "group": each.group}
            row["attributes"] = each.attributes
            if each.passage is not None:
                row |= {"source": each.source, "passage": each.passage, "length": each.length}
            rows.append(row | ({"split": each.split} if each.split else {}))
        settle_split(rows, test_share)
        return fingerprint(rows) if rows else ""

    def spellings(self) -> Iterator[str]:
        """Sentences on labels that were one in different spellings, or that look like one."""
        spelled: dict[str, set[str]] = defaultdict(set)
        alike: dict[str, set[str]] = defaultdict(set)
        for each in self._noted:
            if each.label:
                spelled[each.label].add(each.spelled)
                alike[compared(each.label)].add(each.label)
        merged = [label for label, forms in sorted(spelled.items()) if len(forms) > 1]
        if merged:
            yield ngettext(
                "{labels} was there in several spellings that look the same: it is one label.",
                "{labels} were there in several spellings that look the same: each is one label.",
                len(merged),
            ).format(labels=_listed(merged))
        for labels in (sorted(each) for _form, each in sorted(alike.items()) if len(each) > 1):
            yield _("The labels {labels} look alike: give them one name if they mean one.").format(
                labels=_listed(labels)
            )


def _listed(names: list[str]) -> str:
    return enumerated(names, _MOST_NAMED)
