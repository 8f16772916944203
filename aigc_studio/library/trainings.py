"""Trainings under way: begun, found again after a crash, listed."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Sequence
from pathlib import Path

from aigc_studio import files, folders
from aigc_studio.api import StudioError
from aigc_studio.library import locks
from aigc_studio.library.new_trainings import NewTraining
from aigc_studio.library.training import GOING, WORK, Training
from aigc_studio.library.training_documents import DOCUMENT, FORMER, check_document, document_bytes
from aigc_studio.translation import _, enumerated

__all__ = ["Training", "TrainingStore"]


class TrainingStore:
    """All trainings below one folder (the person's data folder unless told otherwise)."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or folders.data_folder() / "jobs"

    def create(self, new: NewTraining) -> Training:
        """A new training; its folder is there when this returns, and nothing runs yet.

        Raises `StudioError` as `NewTraining.document` does, and where nothing can be written.
        """
        document = new.document()
        check_document(document)
        key = f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"
        self._write(new.name, key, document_bytes(document | {"id": key}))
        return Training(self.folder / key)

    def _write(self, name: str, key: str, document: bytes) -> None:
        """The folder of a new training. Raises `StudioError` where it cannot be written."""
        try:
            files.make_private(self.folder)
            locks.sweep(self.folder)
            with files.whole_folder(self.folder / key) as fresh:
                (fresh / WORK).mkdir()
                files.write_bytes(fresh / DOCUMENT, document)
        except OSError as error:
            raise StudioError(
                _(
                    "The training {name} could not be written to {folder} ({reason}): free up "
                    "space there, or grant permission."
                ).format(name=name, folder=self.folder, reason=error.strerror or error)
            ) from error

    def list(self) -> list[Training]:
        """All trainings that can be read, oldest first."""
        found = []
        for folder in self._folders():
            with contextlib.suppress(StudioError):
                found.append(Training(folder))
        return found

    def damaged(self) -> Sequence[str]:
        """The ids of trainings of which nothing can be read any more; `discard` removes them."""
        return [folder.name for folder, _reason in self.broken()]

    def broken(self) -> Sequence[tuple[Path, str]]:
        """The folders of trainings that cannot be read, each with the sentence that says why."""
        found = []
        for folder in self._folders():
            try:
                Training(folder)
            except StudioError as error:
                found.append((folder, str(error)))
        return found

    def open(self, key: str) -> Training:
        """The training with this id, or the one whose model was to have this name.

        Raises `StudioError` when there is none, several of that name, or it is damaged.
        """
        trainings = self.list()
        named = [each for each in trainings if each.name == key]
        for each in trainings:
            if each.id == key:
                return each
        if len(named) == 1:
            return named[0]
        if key in self.damaged():
            raise StudioError(
                _(
                    "There is no training {name} that can be read: its document is damaged. "
                    "Discard it with aigc-studio train --discard {name}."
                ).format(name=key)
            )
        known = enumerated(each.id for each in named or trainings) or _("none")
        raise StudioError(
            _("There is no training {name}. There are: {known}.").format(name=key, known=known)
        )

    def discard(self, key: str) -> None:
        """Throw a training away, a damaged one too. Raises `StudioError` as `open` does."""
        if key not in self.damaged():
            self.open(key).discard()
            return
        lock = locks.FolderLock(self.folder / key)
        try:
            taken = lock.acquire(locks.PATIENCE)
        except OSError as error:
            if not (self.folder / key).is_dir():
                return
            raise StudioError(
                _("The training {name} cannot be resumed: {reason}.").format(
                    name=key, reason=error.strerror or error
                )
            ) from error
        if not taken:
            raise StudioError(
                _("The training {name} is running in another window or shell (process {number}).")
                .format(name=key, number=lock.holder())
            )  # fmt: skip
        locks.remove_held(self.folder / key, lock)

    def _folders(self) -> Sequence[Path]:
        documents = (DOCUMENT, FORMER)
        found = sorted(self.folder.glob("[!.]*"))
        return [each for each in found if any((each / name).is_file() for name in documents)]

    def interrupted(self) -> Sequence[Training]:
        """The trainings whose process ended before they did, and can go on.

        Those too that had come to their end, and of which no model was made yet.
        """
        return [each for each in self.list() if _is_unfinished(each) and not each.running_elsewhere]


def _is_unfinished(training: Training) -> bool:
    if training.state in GOING or (training.state == "failed" and training.can_go_on):
        return True
    ended = training.state in ("done", "stopped") and "published" not in training.document
    return ended and training.best() is not None
