"""The person's models, and those that come with the studio and its plugins."""

from __future__ import annotations

import contextlib
import difflib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio import files, folders
from aigc_studio.api import Artifact, StudioError, documents, samples
from aigc_studio.library import digests, identity, locks, measured
from aigc_studio.library.identity import begin_so, several
from aigc_studio.library.model_files import pack_model, unpack_model
from aigc_studio.library.model_info import ModelInfo, read_info
from aigc_studio.library.names import checked_name, find_name, free_name, proper_name
from aigc_studio.library.weights import (
    CARD,
    check_content,
    check_model,
    model_files,
    read_card,
)
from aigc_studio.translation import _, enumerated
from aigc_studio.wire.model_folder import card_bytes

if TYPE_CHECKING:
    from aigc_studio.api import Measure, Preview


_FEW = 8
"""Up to so many names are all told when there is none of a name; else those that are near."""


class ModelStore:
    """The models below `folder` (the person's own), `resources/models/<generator>/` and the model
    folders of plugins: `plugin_folders` maps a generator's id to a folder with its models."""

    def __init__(
        self,
        folder: Path | None = None,
        shipped: Path | None = None,
        plugin_folders: Mapping[str, Path] | None = None,
    ) -> None:
        self.folder = folder or folders.data_folder() / "models"
        self.shipped = shipped or folders.resources_folder() / "models"
        self.plugin_folders = dict(plugin_folders or {})

    def list(self, generator: str | None = None) -> list[ModelInfo]:
        """All models that can be read (of one generator): the person's own first, by name."""
        found = []
        for folder, shipped in self._folders():
            # One that is deleted or renamed in this moment is no model any more.
            with contextlib.suppress(StudioError, FileNotFoundError):
                found.append(self._info(folder, shipped))
        digests.save_digests()
        wanted = [each for each in found if generator in (None, each.generator)]
        return sorted(wanted, key=lambda each: (each.shipped, each.name.casefold()))

    def broken(self) -> Sequence[tuple[Path, str]]:
        """The folders that hold no model that can be read, each with the sentence that says why."""
        found = []
        for folder, shipped in self._folders():
            try:
                self._info(folder, shipped)
            except StudioError as error:
                if folder.exists():  # one that was deleted in this moment is none
                    found.append((folder, str(error)))
            except FileNotFoundError:
                continue
        return found

    def find(self, name_or_digest: str) -> ModelInfo:
        """The model of this name, or whose digest begins so (8 digits or more).

        Of two of one name the person's own. Raises `StudioError` that names what is near when there
        is none, or those that it may be when several begin so.
        """
        models = self.list()
        name = find_name(name_or_digest, (each.name for each in models))
        for each in models:
            if each.name == name:
                return each
        found = begin_so(models, name_or_digest)
        if len({each.digest for each in found}) > 1:
            raise several(name_or_digest, found, models)
        if found:
            return found[0]
        raise _none_of(name_or_digest, models)

    def names(self) -> Sequence[str]:
        """Every name that is taken, those of broken models too."""
        return [folder.name for folder, _shipped in self._folders()]

    def free_name(self, name: str) -> str:
        """This name, or with a number behind it when it is taken."""
        return free_name(name, self.names())

    def publish(self, folder: Path, name: str, card: Mapping[str, Any]) -> ModelInfo:
        """Copy a checkpoint's files and the card to a new model, whole or not at all.

        Raises `StudioError` for a name that is bad or taken, and for what is no model
        (`check_model`, as the worker asked of the checkpoint).
        """
        # Before anything is written: copies that cannot be read would only fill the disk.
        written = _card_bytes(card, checked_name(name))
        check_model(folder, name)
        with self._new(name) as (fresh, name):
            for each in model_files(folder):
                (fresh / each).parent.mkdir(parents=True, exist_ok=True)
                with files.open_plain(folder / each) as source, (fresh / each).open("wb") as copy:
                    shutil.copyfileobj(source, copy)
            files.write_bytes(fresh / CARD, written)
            _check(fresh, name)
        return self._made(name)

    def rename(self, name: str, new: str) -> ModelInfo:
        """Give one of the person's models another name."""
        model = self._own(name)
        with self._turn(model.name, new) as folder:
            if self._info(folder, False).digest != model.digest:
                raise _gone(model.name)
            new = checked_name(new, (each for each in self.names() if each != model.name))
            card = _card_bytes(model.card, new)
            os.rename(folder, self.folder / new)
            # The folder is what names a model. Where its card cannot say so any more, it has its
            # former name again; if this process ends here, the card alone tells the former one.
            try:
                files.write_bytes(self.folder / new / CARD, card)
            except OSError:
                os.rename(self.folder / new, folder)
                raise
            return self._made(new)

    def delete(self, name: str) -> None:
        """Delete one of the person's models for good, one that cannot be read too."""
        own = find_name(name, (each.name for each in _folders_in(self.folder)))
        with self._turn(own or self._own(name).name) as folder:
            with contextlib.suppress(StudioError):  # one that cannot be read has no digest
                measured.keep_shown(self._measured, self._info(folder, False).digest, None)
            locks.remove_folder(folder)

    @contextlib.contextmanager
    def _turn(self, own: str, *others: str) -> Iterator[Path]:
        """Be the only one that changes a model, whose folder it gives; `others` are new names.

        Not to be taken twice. Raises `StudioError` when it is gone, or cannot be changed.
        """
        with locks.turn(self.folder, own, *others):
            try:
                if not (self.folder / own).is_dir():
                    raise _gone(own)
                yield self.folder / own
            except OSError as error:
                raise StudioError(
                    _("The model {name} could not be changed: {reason}.").format(
                        name=own, reason=error.strerror or error
                    )
                ) from error

    def export(self, name: str, path: Path) -> Path:
        """Write a model as one `.aigcmodel` file; the same model always gives the same bytes."""
        model = self.find(name)
        path = path if path.suffix == ".aigcmodel" else path.with_name(f"{path.name}.aigcmodel")
        if path.exists():
            raise StudioError(
                _("The file {name} already exists: choose another name.").format(name=path.name)
            )
        try:
            pack_model(model.folder, path)
        except (FileNotFoundError, StudioError):
            if model.folder.is_dir():
                raise
            raise _gone(name) from None  # another window deleted or renamed it meanwhile
        return path

    def import_file(self, path: Path, name: str | None = None) -> ModelInfo:
        """Take a model from an `.aigcmodel` file; nothing in it is run.

        It gets `name`, or else the file's own, with a number when that one is taken. Raises
        `StudioError` for anything but a whole model.
        """
        if path.is_dir():
            raise StudioError(_("{path} is a folder: name an .aigcmodel file.").format(path=path))
        with self._new(name or self.free_name(proper_name(path.stem))) as (fresh, made):
            unpack_model(path, fresh)
            card = read_card(fresh, path.name)
            check_content(fresh, path.name)
            files.write_bytes(fresh / CARD, _card_bytes(card, made))
            _check(fresh, made)
        return self._made(made)

    def _made(self, name: str) -> ModelInfo:
        try:
            info = self._info(self.folder / name, False)
        except (StudioError, OSError) as error:
            if not (self.folder / name).is_dir():  # another window took it away in this moment
                raise _gone(name) from error
            raise
        digests.save_digests()
        return info

    def keep_samples(self, model: ModelInfo, artifact: Artifact) -> Path:
        """Keep what a model made as what shows it, and give the path; its digest stays.

        Beside those that came along, which are not changed. Raises `StudioError`.
        """
        folder = self._samples / model.digest if model.shipped else model.folder
        try:
            if model.shipped:
                files.make_private(folder)
            return samples.keep(artifact, folder)
        except OSError as error:
            raise StudioError(
                _("The sample of the model {name} could not be kept: {reason}.").format(
                    name=model.name, reason=error.strerror or error
                )
            ) from error

    def note_metrics(
        self,
        model: ModelInfo,
        metrics: Mapping[str, float],
        about: Mapping[str, Any],
        own: Mapping[str, Measure] | None = None,
        shown: Preview | None = None,
    ) -> ModelInfo:
        """Keep how good a model was found to be in its card, in the place of what stood there; its
        digest stays. `about` says on what it was measured, `own` are the plugin's own words, and
        `shown` is what it showed beside its numbers.

        Of a model that came along it is kept beside it. Raises `StudioError` when it is gone.
        """
        told = dict(about) | ({"shown": shown.title} if shown is not None else {})
        parts = measured.told(metrics, told, own)
        try:
            measured.keep_shown(self._measured, model.digest, shown)
            if model.shipped:
                measured.write_beside(self._measured, model.digest, parts)
                return self._info(model.folder, True)
            name = next((e.name for e in self.list() if e.digest == model.digest), model.name)
            with self._turn(name) as folder:
                if self._info(folder, False).digest != model.digest:
                    raise _gone(model.name)
                measured.write_card(folder, parts)
            return self._made(name)
        except (OSError, documents.Damaged) as error:
            raise StudioError(
                _("What was measured of the model {name} could not be kept: {reason}.").format(
                    name=model.name, reason=documents.reason(error)
                )
            ) from error

    @property
    def _measured(self) -> Path:
        """Where measures of models are that came along."""
        return self.folder.parent / "measured"

    @property
    def _samples(self) -> Path:
        """Where samples of models are that came along: their own folders may not be written to."""
        return self.folder.parent / "samples"

    def _info(self, folder: Path, shipped: bool) -> ModelInfo:
        info = read_info(folder, shipped, self._samples)
        info = replace(info, shown=samples.find(self._measured / info.digest))
        if shipped:
            later = measured.read_beside(self._measured, info.digest)
            return replace(info, card={**info.card, **later})
        return info

    def size(self, name: str) -> int:
        """Bytes that a model takes on disk."""
        return self.find(name).size

    def _folders(self) -> Iterator[tuple[Path, bool]]:
        if self.folder.is_dir():
            yield from ((each, False) for each in _folders_in(self.folder))
        tops = [*_folders_in(self.shipped), *self.plugin_folders.values()]
        for top in tops:
            yield from ((each, True) for each in _folders_in(top))

    def _own(self, name: str) -> ModelInfo:
        model = self.find(name)
        if model.shipped:
            raise StudioError(
                _("The model {name} comes with the studio and cannot be changed.").format(
                    name=model.name
                )
            )
        return model

    @contextlib.contextmanager
    def _new(self, name: str) -> Iterator[tuple[Path, str]]:
        name = checked_name(name, self.names())
        try:
            files.make_private(self.folder)
            locks.sweep(self.folder)
            with locks.new_folder(self.folder / name, self.names) as fresh:
                yield fresh, name
        except FileExistsError:
            raise StudioError(
                _("The name {name} is taken: choose another.").format(name=name)
            ) from None
        except OSError as error:
            raise StudioError(
                _(
                    "The model {name} could not be written to {folder} ({reason}): free up space "
                    "there, or grant permission."
                ).format(name=name, folder=self.folder, reason=error.strerror or error)
            ) from error


def _none_of(wanted: str, models: Sequence[ModelInfo]) -> StudioError:
    """What is said where no model is called so: the names that are near."""
    names = [each.name for each in models]
    near = names
    if len(names) > _FEW:
        near = difflib.get_close_matches(wanted, names, 3, 0.4) or names[:_FEW]
    near = [identity.label(each, models) for each in models if each.name in near]
    return StudioError(
        _("There is no model {name}. There are: {known}.").format(
            name=wanted, known=enumerated(dict.fromkeys(near)) or _("none yet")
        )
    )


def _gone(name: str) -> StudioError:
    return StudioError(
        _("The model {name} is no longer there: another window or shell changed it.").format(
            name=name
        )
    )


def _folders_in(top: Path) -> Iterable[Path]:
    try:
        return sorted(each for each in top.iterdir() if each.is_dir() and each.name[0] != ".")
    except OSError:  # it is not there, or may not be looked into
        return []


def _card_bytes(card: Mapping[str, Any], name: str) -> bytes:
    try:
        return card_bytes({**card, "name": name})
    except documents.Damaged as error:
        raise StudioError(
            _("The card of the model {name} cannot be kept: {reason}.").format(
                name=name, reason=error
            )
        ) from error


def _check(folder: Path, name: str) -> None:
    """Raise `StudioError` unless what was just written can be read: it is not kept otherwise."""
    read_card(folder, name)
    check_content(folder, name)
