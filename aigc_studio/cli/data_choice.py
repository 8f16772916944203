"""Which data the shell works with: a dataset, that of a sample pack, or a folder of files."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Dataset, Medium, StudioError
from aigc_studio.cli import asking
from aigc_studio.cli.console import Console
from aigc_studio.cli.importing import import_options, look_over, name_of
from aigc_studio.translation import _, enumerated

if TYPE_CHECKING:
    from aigc_studio.host import PluginRecord
    from aigc_studio.library import ImportOptions


def find_data(
    name: str | None,
    record: PluginRecord,
    *,
    split: Any,
    console: Console,
    arguments: argparse.Namespace | None = None,
) -> Dataset:
    """The dataset of this name, of this pack, or made of this folder as the flags for reading files
    say. Raises `StudioError`."""
    from aigc_studio.library import DatasetStore, ImportOptions, PackStore
    from aigc_studio.library.names import find_name

    store = DatasetStore()
    if not name:
        raise StudioError(_("--data NAME is missing: on which dataset?"))
    if find_name(name, store.names()):
        return store.open(name, split)
    for info in store.list():
        if info.pack == name:
            return store.open(info.name, split)
    if name in [pack.id for pack in PackStore().list()]:
        command = f"aigc-studio data fetch {name}"
        sentence = _("The sample pack {name} is not here yet. Fetch it first: {command}")
        raise StudioError(sentence.format(name=name, command=command))
    path = Path(name)
    if not path.exists():
        raise StudioError(_no_data(name, store.names()))
    options = import_options(arguments) if arguments else ImportOptions()
    return _imported(path, record, split, options, console)


def _no_data(name: str, names: Collection[str]) -> str:
    if not names:
        sentence = _(
            "{name} is neither a dataset nor a folder, and there are no datasets yet: say "
            "“aigc-studio data import”, or “aigc-studio data list” for packs to fetch."
        )
        return sentence.format(name=name)
    sentence = _("{name} is neither a dataset nor a folder: name one of {known}.")
    return sentence.format(name=name, known=enumerated(names))


def _imported(
    path: Path, record: PluginRecord, split: Any, options: ImportOptions, console: Console
) -> Dataset:
    """The dataset of a folder: what is said is what `data import` says."""
    from aigc_studio.library import DatasetStore
    from aigc_studio.library.names import find_name

    store = DatasetStore()
    medium: Medium = asking.describe(record).medium  # type: ignore[assignment]
    found, options = look_over(path, medium, options, console)
    same = store.same_as(found)
    if same:
        console.note(_("The folder is already here as the dataset {name}.").format(name=same))
        return store.open(same, split)
    name = name_of(path)
    if find_name(name, store.names()):
        sentence = _("There is a dataset {name} already. Use --data {name}, or import under another name.")  # fmt: skip  # noqa: E501
        raise StudioError(sentence.format(name=name))
    for event in store.import_files(path, name, medium, options):
        console.event(event)
    console.note(_("The folder is the dataset {name} now.").format(name=name))
    return store.open(name, split)
