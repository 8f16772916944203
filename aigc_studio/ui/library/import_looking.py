"""What an import dialog finds out beside the window: which medium, what would be used, and why."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.translation import _, ngettext
from aigc_studio.ui.library.formats import examples_text, labels_text

if TYPE_CHECKING:
    from aigc_studio.library import DatasetStore, ImportOptions, Preflight
    from aigc_studio.library.texts.previews import TextPreview


@dataclass(frozen=True)
class Asked:
    """What is to be looked at: files, how they are read, and the dataset that they join, if any."""

    paths: list[Path]
    medium: Any
    options: ImportOptions
    test_share: float
    into: str = ""


def guess(paths: list[Path]) -> Generator[Any, None, str]:
    """The medium of most of the files."""
    from aigc_studio.api import Progress
    from aigc_studio.library.checks import guess_medium

    yield Progress(0, 0)
    return guess_medium(paths)[0]


def keep(words: str) -> Generator[Any, None, Path]:
    """The pasted text as a file."""
    from aigc_studio.api import Progress
    from aigc_studio.library.unpacking import pasted

    yield Progress(0, 0)
    return pasted(words.encode("utf-8", "surrogatepass"), _("Pasted text"))


def look(
    store: DatasetStore, asked: Asked
) -> Generator[Any, None, tuple[Preflight, TextPreview | None]]:
    """What `checks.look` finds, whether the same is here already, and how a text is read."""
    found = yield from _look_over(store, asked)
    if asked.medium != "text":
        return found, None
    from aigc_studio.library.texts.previews import preview

    # The one in which something was guessed is the one to be looked at.
    rows = sorted(found.rows, key=lambda row: (not row.used, not row.remarks))
    return found, preview(rows[0].path, rows[0].name, found.options) if rows else None


def _look_over(store: DatasetStore, asked: Asked) -> Generator[Any, None, Preflight]:
    from aigc_studio.library import checks

    known = store.known(asked.into) if asked.into else None
    found = yield from checks.look(
        asked.paths, asked.medium, asked.options, asked.test_share, known
    )
    same = "" if asked.into else store.same_as(found)
    if not same:
        return found
    remark = _("These examples are already here as the dataset {name}: this makes a second copy.")
    return replace(found, remarks=(remark.format(name=same), *found.remarks))


def summary(found: Preflight) -> str:
    """How many files are used and skipped, and what is in them."""
    used = ngettext("{count} file used", "{count} files used", len(found.used))
    skipped = ngettext("{count} skipped", "{count} skipped", len(found.skipped))
    parts = [used.format(count=f"{len(found.used):,}")]
    if found.skipped:
        parts.append(skipped.format(count=f"{len(found.skipped):,}"))
    parts.append(examples_text(found.examples))
    if found.attributes:
        count = len(found.attributes)
        columns = ngettext("{count} attribute", "{count} attributes", count)
        parts.append(columns.format(count=count))
    if found.labels:
        parts.append(_("labels: {labels}").format(labels=labels_text(found.labels, 8)))
    return " · ".join(parts)
