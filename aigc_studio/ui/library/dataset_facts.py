"""What is said of a dataset as facts: its size, split, labels, attributes and rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aigc_studio.library.summaries import rights
from aigc_studio.translation import _
from aigc_studio.ui.library.formats import attributes_text, labels_text, size_text, split_text

if TYPE_CHECKING:
    from aigc_studio.library import DatasetInfo


def facts_of(info: DatasetInfo) -> list[tuple[str, str]]:
    """Examples, labels, attributes and sizes; what there is nothing of is empty."""
    how = _("as the data itself says")
    if info.test_share is not None:
        how = _("{share} % of the groups, by their hash").format(share=f"{100 * info.test_share:g}")
    left_out = f"{info.excluded:,}" if info.excluded else ""
    divided = split_text(info.train, info.test)
    return [
        (_("Examples"), _("{title} ({way})").format(title=divided, way=how)),
        (_("Left out"), left_out),
        (_("Labels"), labels_text(info.labels)),
        (_("Attributes"), attributes_text([info.word(each.name) for each in info.attributes])),
        (_("Sizes"), labels_text(info.shapes, 4)),
    ]


def rights_of(info: DatasetInfo) -> list[tuple[str, str]]:
    """Licence, credit, consent, source, and what it takes on disk."""
    return [
        (_("Licence"), rights(info.licence, info.pack) or _("not recorded")),
        (_("Credit"), info.credit),
        (_("Consent"), info.consent),
        (_("Source"), info.source),
        (_("Disk use"), size_text(info.size)),
    ]
