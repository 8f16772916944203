"""What generators can do with what is selected: the same list for bar, context menu and panel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
    """Those that can work now, the likely ones first: with a part marked, those made for one."""
    able = [each for each in operations if not reasons.get(each.id)]
    places = {each.id: place for place, each in enumerate(marking(operations, target))}
    return sorted(able, key=lambda each: places.get(each.id, len(places)))


def marking(operations: Sequence[Operation], target: Target) -> list[Operation]:
    """Those that the part which is marked is likely meant for; none where nothing is.

    Marking a part of a picture or of bars is a wish of its own, for one that needs it. In a text a
    caret is wherever somebody writes: all that take a part are meant, in their plugin's order, but
    at a caret first those that it is for.
    """
    if target.marked is None:
        return []
    if target.medium == "text":
        taking = [each for each in operations if each.selection != "none"]
        return sorted(taking, key=lambda each: target.part == "caret" and not each.caret)
    return [each for each in operations if each.selection == "required"]


def verbs_for(
    descriptions: Sequence[Description],
    target: Target,
    chosen: tuple[str, str] = ("", ""),
    card: Mapping[str, Any] | None = None,
) -> list[EditVerb]:
    """What can be done with the target: first by the generator in use, and by that first what is
    chosen in the panel, if it can.

    `chosen` is the id of that generator and of its edit operation, `card` that of its model: what
    the model is there for comes before the rest, and it says what may be typed to it.
    """
    if not target.number:
        return []
    found = []
    for description in sorted(descriptions, key=lambda each: each.id != chosen[0]):
        if str(description.medium) != target.medium:
            continue
        known = (card or {}) if description.id == chosen[0] else {}
        ordered = description.with_card("edit", known)
        operations = [each.with_card(known) for each in ordered if each.artifacts > 0]
        reasons = reasons_against(operations, description, target)
        found += [EditVerb(description.id, each) for each in suited(operations, reasons, target)]
    return sorted(found, key=lambda verb: verb.key != chosen)
