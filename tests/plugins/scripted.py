"""A generator of texts that plays what a test wrote down for it (`thread_workers.Script`)."""

from collections.abc import Iterator
from typing import Any

from thread_workers import script

from aigc_studio.api import Description, Event, Operation, Text, hookimpl


@hookimpl
def describe() -> Description:
    return Description(
        id="scripted",
        title="Scripted",
        medium=Text,
        operations=(
            Operation(id="write", verb="generate", title="Write", prompt="optional", model="none"),
            Operation(
                id="rewrite", verb="edit", title="Rewrite", artifacts=1, selection="optional",
                model="none",
            ),
            Operation(
                id="tell", verb="evaluate", title="How expected is this?", artifacts=1, model="none"
            ),
        ),
    )  # fmt: skip


@hookimpl
def generate(request: Any) -> Iterator[Event]:
    yield from script.play(request)


@hookimpl
def edit(request: Any) -> Iterator[Event]:
    yield from script.play(request)


@hookimpl
def evaluate(request: Any) -> Iterator[Event]:
    yield from script.play(request)
