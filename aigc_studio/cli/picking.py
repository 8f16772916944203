"""Pieces that may come next, in the shell: each with how probable it is, the likeliest first."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from aigc_studio.api import Artifact, Candidate, Event, Text
from aigc_studio.translation import _, localized

if TYPE_CHECKING:
    from aigc_studio.cli.console import Console
    from aigc_studio.project.making import FramedEdit


def tell(events: Iterable[Event], framed: FramedEdit, whole: Artifact, console: Console) -> None:
    """Print the pieces; with `--json` as one document. Raises `StudioError` as `events` does."""
    console.begin_list("pieces")
    for event in events:
        if isinstance(event, Candidate):
            _tell_piece(event, framed, whole, console)
    console.end_list()


def _tell_piece(event: Candidate, framed: FramedEdit, whole: Artifact, console: Console) -> None:
    words = _added(event, framed, whole)
    title = localized(event.title)
    told = {"text": words, "probability": event.probability}
    console.item(told | ({"title": title} if title else {}))
    shown = json.dumps(words, ensure_ascii=False)
    if event.probability is None:
        console.say(shown)
    else:
        percent = f"{event.probability * 100:.1f}".rjust(5)
        console.say(_("{percent} %  {words}").format(percent=percent, words=shown))


def _added(event: Candidate, framed: FramedEdit, whole: Artifact) -> str:
    """What a piece adds, whether the generator gave it alone or with all around it."""
    artifact = event.artifact
    if event.part or not isinstance(artifact, Text) or not isinstance(whole, Text):
        return str(artifact)
    span = framed.selections[0]
    start = getattr(span, "start", len(whole))
    behind = len(whole) - getattr(span, "stop", len(whole))
    return artifact.value[start : len(artifact) - behind]
