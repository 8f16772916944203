"""What the examples of a file are, in a few words."""

from __future__ import annotations

from collections.abc import Sequence

from aigc_studio.api import Artifact, Image, Melody, Text
from aigc_studio.library.drafts import Draft
from aigc_studio.translation import _, ngettext


def detail(drafts: Sequence[Draft]) -> str:
    """What the examples of one file are: `28×28 grey`, `1,200 characters`."""
    artifact: Artifact = drafts[0].artifact
    if isinstance(artifact, Image):
        kinds = {"L": _("grey"), "RGB": _("colour"), "RGBA": _("colour and transparency")}
        return f"{artifact.width}×{artifact.height} {kinds[artifact.mode]}"
    if isinstance(artifact, Melody) and len(drafts) > 1:
        tunes = (each.artifact for each in drafts)
        notes = sum(len(tune.notes) for tune in tunes if isinstance(tune, Melody))
        told = _("{tunes} tunes, {notes} notes")
        return told.format(tunes=f"{len(drafts):,}", notes=f"{notes:,}")
    if isinstance(artifact, Melody):
        notes, bars = len(artifact.notes), artifact.bar_count
        return _("{notes} notes, {bars} bars").format(notes=notes, bars=bars)
    return characters_text(sum(map(length, drafts)))


def length(draft: Draft) -> int:
    """The characters of a text; 0 for anything else."""
    return len(draft.artifact) if isinstance(draft.artifact, Text) else 0


def characters_text(count: int) -> str:
    """`1,200 characters`."""
    return ngettext("{count} character", "{count} characters", count).format(count=f"{count:,}")
