"""What a look before an import finds."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from aigc_studio.api import Medium
from aigc_studio.api.attributes import Attribute
from aigc_studio.library.options import ImportOptions
from aigc_studio.library.surveying import FileCheck

_people = re.compile(
    r"(s|sub|subj|subject|p|pers|person|people|user|actor|individual|id|face|人|人物|被试|演员)"
    r"[ _.#-]*\d+",
    re.IGNORECASE,
)
"""How folders of one person each are called in collections of faces: `s12`, `person_3`."""


@dataclass(frozen=True)
class Preflight:
    """What an import would do. `problem` is why it cannot be done at all, empty when it can;
    `remarks` are sentences worth knowing; `labels`, `sizes`, `modes` and `parts` (where the data
    says itself what is held out) count examples. `attributes` are those that tables say of the
    examples, of which `described` have some. `fingerprint` is that of the dataset to be.

    `options` are those asked for with what was found out put in. Of texts: how many `characters`
    they have, how many examples stand there `repeated`, and the beginnings of the `first` ones."""

    medium: Medium
    rows: tuple[FileCheck, ...] = ()
    problem: str = ""
    remarks: tuple[str, ...] = ()
    labels: dict[str, int] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    modes: dict[str, int] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)
    attributes: tuple[Attribute, ...] = ()
    described: int = 0
    fingerprint: str = ""
    options: ImportOptions = field(default_factory=ImportOptions)
    characters: int = 0
    repeated: int = 0
    first: tuple[str, ...] = ()

    @property
    def used(self) -> tuple[FileCheck, ...]:
        """The rows of the files that would be used."""
        return tuple(row for row in self.rows if row.used)

    @property
    def skipped(self) -> tuple[FileCheck, ...]:
        """The rows of the files that would not be used."""
        return tuple(row for row in self.rows if not row.used)

    @property
    def examples(self) -> int:
        """How many examples the import would make."""
        return sum(row.examples for row in self.rows)

    @property
    def people(self) -> bool:
        """Whether the labels are called as folders of one person each are, in pictures."""
        return self.medium == "image" and look_like_people(self.labels)


def look_like_people(labels: Collection[str]) -> bool:
    """Whether labels are called as folders of one person each are: `s1`, `person_07`."""
    return len(labels) > 1 and all(_people.fullmatch(label) for label in labels)
