"""What is known of examples beside their label: named values, told by kind and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from aigc_studio.api import limits
from aigc_studio.api.documents import Damaged
from aigc_studio.api.kinds import ListOf, MapOf, Number, OneOf, Whole, Words, check, record

AttributeKind = Literal["yes_no", "number", "choice", "text"]

Value = bool | int | float | str
"""A value of an attribute."""


@dataclass(frozen=True)
class Attribute:
    """A name that examples have values for in `Example.attributes`.

    `kind` is `yes_no` (True or False), `number` (int or float, from `low` to `high`), `choice` (one
    of some words) or `text` (any words). `count` is how many examples have it; `counts` says of
    each answer (`yes`, `no`) or word how many have that, the most frequent first.
    """

    name: str
    kind: AttributeKind
    count: int = 0
    low: float = 0.0
    high: float = 0.0
    counts: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; what does not belong to the kind is left out."""
        told: dict[str, Any] = {"name": self.name, "kind": self.kind, "count": self.count}
        if self.kind == "number":
            return told | {"low": self.low, "high": self.high}
        return told | ({"counts": dict(self.counts)} if self.counts else {})

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Attribute:
        """Read what `to_json` gave. Raises `documents.Damaged`."""
        check(value, ATTRIBUTE)
        names = (*ATTRIBUTE.needed, *ATTRIBUTE.other)
        known = {name: value[name] for name in names if name in value}
        if "counts" in known:  # canonical JSON has sorted the names
            known["counts"] = _by_count(known["counts"])
        return cls(**known)


ATTRIBUTE = record(
    {"name": Words(limits.TITLE), "kind": OneOf(get_args(AttributeKind)), "count": Whole()},
    low=Number(),
    high=Number(),
    counts=MapOf(Whole(), limits.ATTRIBUTE_CHOICES, limits.LABEL),
)
ATTRIBUTES = ListOf(ATTRIBUTE, limits.ATTRIBUTES)


def read_attributes(value: Any) -> tuple[Attribute, ...]:
    """The attributes that a document lists; none where it has no such list."""
    try:
        check(value, ATTRIBUTES)
    except Damaged:
        return ()
    return tuple(map(Attribute.from_json, value))


def count_attributes(
    told: Iterable[Mapping[str, Any]], known: Iterable[Attribute] = ()
) -> tuple[Attribute, ...]:
    """The attributes of examples that have these values, those that are `known` first, in order.

    The kind of one that is known holds; the others go by their values. Values that are neither a
    truth value nor a number nor words are passed over.
    """
    counts: dict[str, _Count] = {}
    for values in told:
        for name, value in values.items():
            counted = counts.get(name)
            if counted is None:
                counted = counts[name] = _Count()
            counted.add(value)
    kinds = {each.name: each.kind for each in known}
    names = [*(name for name in kinds if name in counts), *(n for n in counts if n not in kinds)]
    found = (counts[name].told(name, kinds.get(name)) for name in names)
    return tuple(each for each in found if each is not None)


def _by_count(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def answer(value: bool) -> str:
    """The name of a yes or no in `Attribute.counts`."""
    return "yes" if value else "no"


class _Count:
    """The values of one attribute as they come."""

    def __init__(self) -> None:
        self.truths: Counter[bool] = Counter()
        self.words: Counter[str] = Counter()
        self.texts = self.numbers = 0
        self.low = self.high = 0.0

    def add(self, value: Any) -> None:
        if value is True or value is False:
            self.truths[value] += 1
        elif isinstance(value, str):
            self.texts += 1
            # What has so many words is no choice, and they need not be kept.
            if len(self.words) <= limits.ATTRIBUTE_CHOICES or value in self.words:
                self.words[value] += 1
        elif isinstance(value, int | float):
            self.low = min(self.low, value) if self.numbers else value
            self.high = max(self.high, value) if self.numbers else value
            self.numbers += 1

    def told(self, name: str, kind: AttributeKind | None) -> Attribute | None:
        truths = self.truths.total()
        most = max(truths, self.texts, self.numbers)
        if not most:
            return None
        if truths == most:
            counts = {answer(value): count for value, count in self.truths.items()}
            return Attribute(name, "yes_no", truths, counts=_by_count(counts))
        if self.numbers == most:
            return Attribute(name, "number", most, self.low, self.high)
        several = len(self.words) <= limits.ATTRIBUTE_CHOICES
        # Words that come again are a choice; where each is another, they are texts or names.
        if several and (kind == "choice" or (kind is None and 2 * len(self.words) <= most + 2)):
            return Attribute(name, "choice", most, counts=_by_count(self.words))
        return Attribute(name, "text", most)
