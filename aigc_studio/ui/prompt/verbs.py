"""What generators can do with what is selected: the same list for bar, context menu and panel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aigc_studio.api import Description, Operation
from aigc_studio.translation import localized
from aigc_studio.ui.labels import shortened
from aigc_studio.ui.prompt.values import why_not
from aigc_studio.ui.target import Target

LONGEST_TITLE = 32
"""Characters of a verb in a bar or a menu."""


@dataclass(frozen=True)
class EditVerb:
    """One operation of one generator that can work on what is selected now, or tell of it."""

    generator: str
    operation: Operation

    @property
    def key(self) -> tuple[str, str]:
        """The generator's id and the operation's."""
        return self.generator, self.operation.id

    @property
    def title(self) -> str:
        """Its name for people, in the language that is spoken now."""
        return shortened(localized(self.operation.title), LONGEST_TITLE)

    @property
    def takes_words(self) -> bool:
        """Whether it cannot work without being told something, a class say."""
        return self.operation.prompt == "required"


def reasons_against(
    operations: Iterable[Operation], description: Description, target: Target, empty: bool = False
) -> dict[str, str]:
    """By id, why each edit operation cannot work on the target; empty where it can."""
    return {each.id: why_not(each, description, target, empty) for each in operations}


def suited(
    operations: Sequence[Operation], reasons: Mapping[str, str], target: Target
) -> list[Operation]:
    """Those that can work now, the likely ones first: with a part marked, those that need one."""
    able = [each for each in operations if not reasons.get(each.id)]
    if target.marked is not None:
        able.sort(key=lambda each: each.selection != "required")
    return able


def verbs_for(
    descriptions: Sequence[Description], target: Target, chosen: tuple[str, str] = ("", "")
) -> list[EditVerb]:
    """What can be done with the target: first by the generator in use, and by that first what is
    chosen in the panel, if it can.

    `chosen` is the id of that generator and of its edit operation.
    """
    if not target.number:
        return []
    found = []
    for description in sorted(descriptions, key=lambda each: each.id != chosen[0]):
        if str(description.medium) != target.medium:
            continue
        operations = [each for each in description.of_verb("edit") if each.artifacts > 0]
        reasons = reasons_against(operations, description, target)
        found += [EditVerb(description.id, each) for each in suited(operations, reasons, target)]
    return sorted(found, key=lambda verb: verb.key != chosen)
