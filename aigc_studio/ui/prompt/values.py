"""What a person asks for, as plain values: the prompt, what of its target is said, the command."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Description, Operation
from aigc_studio.translation import _, localized, ngettext
from aigc_studio.ui.target import Target

if TYPE_CHECKING:
    from aigc_studio.project import Provenance


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """All that the prompt panel says. `model` is a model's name, or empty; `model_digest` tells
    which one of that name, and finds it under another. `controls` are those of the model that are
    not where they do nothing, `latents` digests of what more like it is asked for."""

    generator: str
    operation: str
    verb: str = "generate"
    model: str = ""
    model_digest: str = ""
    prompt: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    controls: Mapping[str, float | str] = field(default_factory=dict)
    latents: tuple[str, ...] = ()
    seed: int = 0
    count: int = 1

    @classmethod
    def of(cls, made_by: Provenance, *, seed: int, count: int) -> Prompt:
        """What made something, asked for again with this seed."""
        return cls(
            generator=made_by.generator,
            operation=made_by.operation,
            verb=made_by.verb,
            model=made_by.model,
            model_digest=made_by.model_digest,
            prompt=made_by.prompt,
            parameters=made_by.parameters,
            controls=made_by.controls,
            latents=made_by.latents,
            seed=seed,
            count=count,
        )


def why_not(
    operation: Operation, description: Description, target: Target, empty: bool = False
) -> str:
    """Why an edit operation cannot work on the target, as a sentence; empty when it can.

    `empty`: there is nothing on the board that could be selected.
    """
    if operation.artifacts == 0:
        return ""
    if empty:
        return _("The board is empty: make something new, draw, or drop a file on it first.")
    if target.number == 0:
        if operation.artifacts > 1:
            return _("Select {n} items on the canvas.").format(n=operation.artifacts)
        return _("Select an item on the canvas.")
    if target.medium != description.medium:
        return wrong_medium(description)
    if target.number < operation.artifacts:
        return _("Select {n} items on the canvas; one alone is not enough.").format(
            n=operation.artifacts
        )
    if target.number > max(1, operation.artifacts):
        if operation.artifacts > 1:
            return _("Select only {n} items on the canvas.").format(n=operation.artifacts)
        return _("Select only one item on the canvas.")
    if operation.selection == "required" and target.marked is None:
        return _mark_something(str(description.medium))
    return ""


def target_title(target: Target) -> str:
    """What is selected, for people: the name of the item, or how many there are."""
    if target.number == 1:
        return target.items[0].name
    if target.number == 2:  # which is which matters
        first, second = (item.name for item in target.items)
        return _("{first}, then {second}").format(first=first, second=second)
    words = ngettext("{count} item", "{count} items", target.number)
    return words.format(count=target.number) if target.number else ""


def marked_words(target: Target) -> str:
    """What of the selected item is marked, in words; empty when it is whole."""
    marked: Any = target.marked
    if target.part == "mask":
        return _("A part is masked.")
    if target.number == 2:
        return _masked_words(target)
    if target.part == "caret":
        return _("At the caret, after character {n}.").format(n=marked.start)
    if target.part == "span":
        # Where, not how many: the status bar counts them, and an end of a line is none to it.
        first, last = marked.start + 1, marked.stop
        if first == last:
            return _("Character {n} is marked.").format(n=first)
        return _("Characters {first} to {last} are marked.").format(first=first, last=last)
    if target.part == "bars" and marked.first == marked.last:
        return _("Bar {n} is marked.").format(n=marked.first)
    if target.part == "bars":
        return _("Bars {first} to {last} are marked.").format(first=marked.first, last=marked.last)
    return ""


def _masked_words(target: Target) -> str:
    """Which of two pictures has a mask: that of the first one counts."""
    first, second = target.items
    if first.mask is not None:
        return _("A part of {name} is masked.").format(name=first.name)
    if second.mask is not None:
        sentence = _("The mask of {name} does not count: it counts where {name} is selected first.")
        return sentence.format(name=second.name)
    return ""


def medium_title(medium: str) -> str:
    """The name of a medium for people."""
    from aigc_studio.api import media

    return media.one(medium)


def wrong_medium(description: Description) -> str:
    """What is said where something of another medium is selected."""
    title = localized(description.title)
    sentences = {
        "image": _("{generator} works on pictures: select a picture."),
        "text": _("{generator} works on texts: select a text."),
        "melody": _("{generator} works on melodies: select a melody."),
    }
    return sentences[str(description.medium)].format(generator=title)


def _mark_something(medium: str) -> str:
    return {
        "image": _("Mark the part to change with the mask or rectangle tool."),
        "text": _("Mark the words to change in the text, or click where something is to come."),
        "melody": _("Mark the bars to change in the melody."),
    }[medium]


def command_line(
    prompt: Prompt, medium: str = "image", selection: bool = False, inputs: int = 1
) -> str:
    """The shell command that does the same; files that the shell cannot know are in capitals."""
    words = ["aigc-studio", prompt.verb, prompt.generator]
    if prompt.verb == "edit":
        words += ["--input", *["FILE"] * max(inputs, 1)]
    if prompt.operation and prompt.operation != prompt.verb:
        words += ["--operation", prompt.operation]
    if prompt.verb == "edit" and selection:
        flag, value = {"text": ("--span", "START:STOP"), "melody": ("--bars", "FIRST:LAST")}.get(
            medium, ("--mask", "MASK.png")
        )
        words += [flag, value]
    if prompt.model:
        words += ["--model", prompt.model]
    if prompt.prompt:
        words += ["--prompt", prompt.prompt]
    for name, value in sorted(prompt.parameters.items()):
        words += ["--set", f"{name}={_plain(value)}"]
    for name, amount in sorted(prompt.controls.items()):
        words += ["--control", f"{name}={_plain(amount)}"]
    words += ["--seed", str(prompt.seed)]
    if prompt.verb == "generate":
        words += ["--count", str(prompt.count)]
    words += ["--out", "FOLDER" if prompt.verb == "generate" else "RESULT"]
    return shlex.join(words)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
