"""Candidates written as files, with where they come from inside."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Artifact, StudioError
from aigc_studio.cli.console import Console
from aigc_studio.cli.model_choice import model_document
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.library import ModelInfo
    from aigc_studio.project.provenance import Provenance

SUFFIXES = {"image": ".png", "text": ".txt", "melody": ".mid"}


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for the files of one action that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="aigc-studio-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_result(
    artifact: Artifact, path: Path, provenance: Provenance, arguments: argparse.Namespace
) -> None:
    """Export to `path`, labelled unless told otherwise. Never replaces another content.

    Raises `StudioError` when `path` holds something else already, or cannot be written.
    """
    from aigc_studio.project import export

    options = export.ExportOptions(
        label=not arguments.no_label, include_prompt=not arguments.no_prompt
    )
    with scratch_folder() as folder:
        export.export(artifact, folder / path.name, provenance, options)
        # The label first, as `export` does: a text is never there without it.
        made = sorted(folder.iterdir(), reverse=True)
        _place({path.parent / each.name: each.read_bytes() for each in made})


def _place(files: Mapping[Path, bytes]) -> None:
    """Write all of them, in order, or none when one of them would replace something else."""
    from aigc_studio.files import write_bytes

    target = next(iter(files))
    try:
        for target, content in files.items():
            if target.exists() and target.read_bytes() != content:
                sentence = _("{path} exists already and is something else. Choose another place.")
                raise StudioError(sentence.format(path=target))
        for target, content in files.items():
            write_bytes(target, content)
    except OSError as error:
        sentence = _("{path} cannot be written: {reason}.")
        raise StudioError(sentence.format(path=target, reason=error.strerror or error)) from error


def report(written: list[dict[str, Any]], console: Console, model: ModelInfo | None = None) -> None:
    """Say which files there are now, and which model made them."""
    console.document({"candidates": written, "model": model_document(model)})
    for each in written:
        console.say(_("{path}  (seed {seed})").format(path=each["path"], seed=each["seed"]))
