"""A model as one file: `.aigcmodel`, a zip that is the same for the same model, and is checked."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import zipfile
from pathlib import Path
from typing import IO

from aigc_studio.api import StudioError
from aigc_studio.files import FULL_OR_CLOSED, open_plain
from aigc_studio.library.archives import FAULTS, check_room, check_sizes, files_in, open_zip, twins
from aigc_studio.library.weights import CARD, check_weights, model_files
from aigc_studio.translation import _
from aigc_studio.wire.model_folder import CONTENTS, MOST_FILES, may_be_called

MIMETYPE = "application/x-aigc-model"
MOST_BYTES = 4 * 1024**3

_first_date = (1980, 1, 1, 0, 0, 0)
"""A zip has no earlier one; a file's own date would make equal models differ."""


def pack_model(folder: Path, path: Path) -> None:
    """Write the files of a model folder, stored and in order, to the file `path`, whole.

    Raises `StudioError` for a model that could not be imported again.
    """
    if sum((folder / name).stat().st_size for name in model_files(folder)) > MOST_BYTES:
        raise StudioError(_("The file {name} is too large.").format(name=path.name))
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".model.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                _pack(folder, file)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise StudioError(
            _("The file {name} could not be written: {reason}.").format(
                name=path.name, reason=error.strerror or error
            )
        ) from error


def _pack(folder: Path, file: IO[bytes]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_entry("mimetype"), MIMETYPE)
        for name in _names(folder):
            with _source(folder, name) as source, archive.open(_entry(name), "w") as target:
                shutil.copyfileobj(source, target)


def _names(folder: Path) -> list[str]:
    try:
        return model_files(folder)
    except OSError as error:
        raise _unreadable(folder, error) from error


def _source(folder: Path, name: str) -> IO[bytes]:
    """A file of a model. Another window may have taken it away: that is not the target's fault."""
    try:
        return open_plain(folder / name)
    except OSError as error:
        raise _unreadable(folder, error) from error


def _unreadable(folder: Path, error: OSError) -> StudioError:
    return StudioError(
        _("The model {name} cannot be read: {reason}.").format(
            name=folder.name, reason=error.strerror or error
        )
    )


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _first_date)
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    return entry


def unpack_model(path: Path, folder: Path) -> None:
    """Unpack what `pack_model` wrote into `folder`.

    Raises `StudioError` for anything else, before it is unpacked: no zip, a pickle, names that
    lead elsewhere, kinds of files that a model may not have, too many, too large, or far larger
    than the file itself.
    """
    if not path.exists():
        raise StudioError(_("The file {name} is not there.").format(name=path.name))
    if not path.is_file():  # to open a pipe may wait for ever
        raise StudioError(_not_a_model(path))
    if not zipfile.is_zipfile(path):
        if _begins_as_zip(path):
            raise StudioError(_cut_off(path))
        check_weights(path)  # says so when it is a pickle
        raise StudioError(_not_a_model(path))
    try:
        with open_zip(path) as archive:
            entries = _checked_entries(archive, path)
            check_room(folder, check_sizes(archive, path, MOST_BYTES), path.name)
            for entry in entries:
                _unpack(archive, entry, folder / entry.filename)
    except FAULTS as error:
        if isinstance(error, OSError) and error.errno in FULL_OR_CLOSED:
            raise  # nothing is wrong with the file: there is no room for what is in it
        raise StudioError(_cut_off(path)) from error


def _begins_as_zip(path: Path) -> bool:
    try:
        with open_plain(path) as file:
            return file.read(4) == b"PK\x03\x04"
    except OSError:
        return False


def _cut_off(path: Path) -> str:
    return _("The model file {name} is damaged or cut off: get it again.").format(name=path.name)


def _checked_entries(archive: zipfile.ZipFile, path: Path) -> list[zipfile.ZipInfo]:
    entries = files_in(archive)
    names = [each.filename for each in entries]
    if any(name.endswith(("data.pkl", ".pkl", ".pt", ".pth", ".ckpt")) for name in names):
        raise StudioError(
            _(
                "The file {name} is a pickle, which could run any program when it is opened: "
                "only safetensors weights are taken."
            ).format(name=path.name)
        )
    if CARD not in names or not set(CONTENTS) & set(names):
        raise StudioError(_not_a_model(path))
    for entry in entries:
        if not _may_be(entry):
            raise StudioError(
                _("The model file {name} has {member} in it, which is not allowed.").format(
                    name=path.name, member=ascii(entry.filename)
                )
            )
    if twins(names) or len(names) > MOST_FILES + 3:
        raise StudioError(_not_a_model(path))
    return [entry for entry in entries if entry.filename != "mimetype"]


def _may_be(entry: zipfile.ZipInfo) -> bool:
    if entry.filename == "mimetype":
        return True
    # A link, a pipe, a device: what a file says of itself beside its name.
    kind = stat.S_IFMT(entry.external_attr >> 16)
    return kind in (0, stat.S_IFREG) and may_be_called(entry.filename)


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # zipfile gives no more bytes than the entry says, and checks their sum.
    with archive.open(entry) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file)


def _not_a_model(path: Path) -> str:
    return _("The file {name} is not a model of the studio: choose an .aigcmodel file.").format(
        name=path.name
    )
