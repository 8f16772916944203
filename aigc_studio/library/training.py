"""One training: what was asked, what has come of it, and whether it can go on."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from aigc_studio import files
from aigc_studio.api import Checkpoint, Dataset, StudioError, TrainRequest, documents, limits
from aigc_studio.api.dataset import read_about
from aigc_studio.api.kinds import Number, check
from aigc_studio.api.spelling import without_odd_bytes
from aigc_studio.library import course, locks
from aigc_studio.library.cards import training_card
from aigc_studio.library.digests import manifest_digest, weights_digest
from aigc_studio.library.identity import recalled
from aigc_studio.library.model_info import ModelInfo
from aigc_studio.library.models import ModelStore
from aigc_studio.library.names import LONGEST_NAME, proper_name
from aigc_studio.library.seen import note_seen
from aigc_studio.library.summaries import data_title
from aigc_studio.library.training_documents import (
    CHECKPOINT,
    DOCUMENT,
    FORMER,
    State,
    document_bytes,
    newest_document,
    read_document,
)
from aigc_studio.library.weights import check_content, is_model, read_card
from aigc_studio.translation import _
from aigc_studio.wire.model_folder import SEEN, card_bytes

GOING = ("running", "paused")
"""The states of a training that has not ended."""
WORK = "work"
MOST_CHECKPOINTS = 20
"""Checkpoints that are noted beside the best: a plugin that never thins out has thousands."""
MOST_NOTED_BYTES = 2 << 20
"""Bytes of all checkpoints that are noted, but for the best and the newest, which are always: a
plugin's card may have a megabyte of numbers, and the document must be read again."""
_MOST_NAMES = 50
"""Names that are tried when others take them in the same moment."""
_longest = "x" * LONGEST_NAME


class Training:
    """One training: a folder with `training.json` (`document`) and `work/`, the worker's own.

    `document` has `id`, `generator`, `dataset` (name, path, fingerprint, licence, credit),
    `operation`, `parameters`, `seed`, `minutes` or `steps`, `model` (the one to start from), `name`
    (of the result), `state`, `error`, `checkpoints` and `created` (seconds since 1970).
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self.document: dict[str, Any] = newest_document(folder)
        except StudioError as error:
            if folder.is_dir():
                raise
            sentence = _("The training {name} is no longer there: it was discarded.")
            raise StudioError(sentence.format(name=folder.name)) from error
        self._lock = locks.FolderLock(folder)
        self._writing = threading.Lock()

    @property
    def id(self) -> str:
        """The name of its folder."""
        return self.folder.name

    @property
    def name(self) -> str:
        """What its model will be called."""
        return str(self.document["name"])

    @property
    def work(self) -> Path:
        """The folder that the worker writes in."""
        return self.folder / WORK

    @property
    def state(self) -> State:
        """How far it is, as last noted."""
        state: State = self.document["state"]
        return state

    @property
    def running_elsewhere(self) -> bool:
        """Whether another process has it under way."""
        return not self._lock.held and self._lock.holder() != 0

    def request(
        self, *, device: str = "cpu", threads: int = 1, language: str = "en"
    ) -> TrainRequest:
        """What the worker is asked: with `resume` when an earlier run left something to go on from.

        Takes the lock. Raises `StudioError` when another process has it under way, or the dataset
        or the model to start from is gone or has changed.
        """
        self.take()
        told, base = self.document, self.document.get("model") or {}
        left = self.work.is_dir() and any(self.work.iterdir())
        self.work.mkdir(exist_ok=True)
        self.note("running")
        dataset, model = self._dataset(), self._base(base)
        note_seen(self.folder, dataset, model)
        return TrainRequest(
            dataset=dataset,
            operation=told["operation"],
            parameters=told["parameters"],
            seed=told["seed"],
            minutes=told.get("minutes"),
            steps=told.get("steps"),
            model=model,
            card=base.get("card", {}),
            folder=self.work,
            resume=left,
            device=device,
            threads=threads,
            language=language,
        )

    def take(self) -> None:
        """Take the right to run it, and read what became of it meanwhile.

        Raises `StudioError` when another process has it, it is gone, or it cannot be had.
        """
        if self._lock.held:
            return
        try:
            taken = self._lock.acquire(locks.PATIENCE)
        except OSError as error:
            sentence = _("The training {name} cannot be resumed: {reason}.")
            if not self.folder.is_dir():
                sentence = _("The training {name} is no longer there: it was discarded.")
            reason = error.strerror or error
            raise StudioError(sentence.format(name=self.name, reason=reason)) from error
        if not taken:
            raise StudioError(
                _("The training {name} is running in another window or shell (process {number}).")
                .format(name=self.name, number=self._lock.holder())
            )  # fmt: skip
        with contextlib.suppress(StudioError):  # damaged meanwhile: what is known goes on
            self.document = newest_document(self.folder)

    def release(self) -> None:
        """Let another process run it."""
        self._lock.release()

    def note(self, state: State, error: str = "", *, hold: bool = False) -> None:
        """Write down how far it is; once it has ended the lock is let go, unless told to `hold` it.

        Who makes a model of it then holds it: else another window finds it ended without one.
        """
        error = without_odd_bytes(error).replace("\0", "")[: limits.DETAILS]
        self._write({"state": state, "error": error})
        if state not in GOING and not hold:
            self.release()

    def note_checkpoint(self, event: Checkpoint) -> None:
        """Write down a checkpoint: a complete model folder in `work`.

        Raises `StudioError` when it lies elsewhere or is no model.
        """
        path = event.path if event.path.is_absolute() else self.work / event.path
        inside = path.resolve().is_relative_to(self.work.resolve())
        if not inside or not is_model(path):
            raise StudioError(
                _("The training {name} wrote an incomplete model: report it to the author.")
                .format(name=self.name)
            )  # fmt: skip
        noted = {
            "path": path.resolve().relative_to(self.work.resolve()).as_posix(),
            "step": event.step,
            # A loss that ran away is no number that could be kept; the checkpoint can.
            "metrics": {key: each for key, each in event.metrics.items() if Number().fits(each)},
            "best": event.best,
            "card": json.loads(json.dumps(dict(event.card), default=str)),
        }
        self._check_noted(noted)
        former = [each for each in self.document["checkpoints"] if self._is_there(each)]
        kept = [each for each in former if each["path"] != noted["path"]]
        best = [each for each in kept if each["best"]][-1:]
        newest = [each for each in kept[1 - MOST_CHECKPOINTS :] if each not in best]
        looks = course.note(self._looks(), event.step, noted["metrics"])
        self._write(
            {
                "checkpoints": [*best, *_newest(newest, _size([*best, noted])), noted],
                "looks": [{"step": step, "metrics": measured} for step, measured in looks],
            }
        )

    def _looks(self) -> list[course.Look]:
        """What was measured at each of its checkpoints, also of those that are gone."""
        return [(each["step"], each["metrics"]) for each in self.document.get("looks", ())]

    def _check_noted(self, noted: Mapping[str, Any]) -> None:
        """Raise `StudioError` unless it can be read again, and its model's card be kept.

        Asked of each checkpoint as it comes: after hours it would be too late to find it.
        """
        try:
            check(noted, CHECKPOINT)
            card = training_card(self.document, self._checkpoint(noted))
            card_bytes(card | {"name": _longest})
        except documents.Damaged as error:
            raise StudioError(
                _("The card of the model {name} cannot be kept: {reason}.").format(
                    name=self.name, reason=error
                )
            ) from error

    def checkpoints(self) -> Sequence[dict[str, Any]]:
        """The checkpoints that are still there and whole, oldest first."""
        return [each for each in self.document["checkpoints"] if self._is_there(each)]

    @property
    def can_go_on(self) -> bool:
        """Whether the worker left more than logs: something to go on from after a crash."""
        return any(each.suffix != ".jsonl" for each in files.files_below(self.work))

    def best(self) -> Checkpoint | None:
        """The last checkpoint marked as best, or else the last of all; None when there is none."""
        there = self.checkpoints()
        if not there:
            return None
        return self._checkpoint(([each for each in there if each["best"]] or there)[-1])

    def newest(self) -> Checkpoint | None:
        """The last checkpoint, best or not; None when there is none."""
        there = self.checkpoints()
        return self._checkpoint(there[-1]) if there else None

    def _checkpoint(self, chosen: Mapping[str, Any]) -> Checkpoint:
        return Checkpoint(
            self.work / chosen["path"],
            chosen["step"],
            chosen["metrics"],
            chosen["best"],
            chosen["card"],
        )

    def publish(
        self,
        models: ModelStore,
        name: str | Callable[[Checkpoint], str] | None = None,
        *,
        newest: bool = False,
    ) -> ModelInfo | None:
        """Make a model of the best checkpoint (or the `newest`); None when there is none.

        `name` may be a function of that checkpoint, as a newer one may have come meanwhile. Its
        card is complete. A name that is taken meanwhile gets a number: what was trained is not lost
        for it. Raises `StudioError` when another process has it, or it is gone.
        """
        held = self._lock.held
        self.take()
        try:
            return self._publish_best(models, name, newest)
        finally:
            if not held:
                self.release()

    def _publish_best(
        self, models: ModelStore, name: str | Callable[[Checkpoint], str] | None, newest: bool
    ) -> ModelInfo | None:
        best = self.newest() if newest else self.best()
        if best is None:
            return None
        wanted = name(best) if callable(name) else name
        info = self._publish(models, wanted or self.name, best)
        if info.name == self.name or self.state not in GOING:
            self._write({"published": info.name})
        return info

    def _publish(self, models: ModelStore, wanted: str, best: Checkpoint) -> ModelInfo:
        card = training_card(self.document, best) | course.card_course(self._looks(), self.document)
        if (self.folder / SEEN).is_file():  # what it was trained on goes with it
            with contextlib.suppress(OSError):
                seen = files.plain_bytes(self.folder / SEEN)
                files.write_bytes(best.path / SEEN, seen, durable=False)
        for attempt in range(_MOST_NAMES):
            name = models.free_name(proper_name(wanted))
            try:
                return models.publish(best.path, name, card)
            except StudioError:
                if models.free_name(name) == name or attempt + 1 == _MOST_NAMES:
                    raise  # not because another process took the name in this moment
        raise AssertionError("the last attempt raises")

    def discard(self) -> None:
        """Throw the training away. Raises `StudioError` when another process has it under way."""
        self.take()
        locks.remove_held(self.folder, self._lock)

    def _write(self, changed: Mapping[str, Any]) -> None:
        with self._writing:  # checkpoints are noted on a reader thread
            self.document.update(changed)
            with contextlib.suppress(OSError, documents.Damaged):
                former = read_document(self.folder / DOCUMENT)
                files.write_bytes(self.folder / FORMER, document_bytes(former), durable=False)
            files.write_bytes(self.folder / DOCUMENT, document_bytes(self.document))

    def _is_there(self, checkpoint: Mapping[str, Any]) -> bool:
        path = self.work / str(checkpoint["path"])
        if not path.resolve().is_relative_to(self.work.resolve()):
            return False  # nobody wrote that: it would take files from elsewhere into a model
        try:
            check_content(path, whole=False)
        except (StudioError, ValueError):
            return False
        return True

    def _dataset(self) -> Dataset:
        told = self.document["dataset"]
        path = Path(told["path"])
        try:
            dataset = Dataset(path if path.exists() else _renamed(path, told), "train")
        except (OSError, ValueError, KeyError) as error:
            raise self._stopped(
                _("The dataset {name} is gone, so the training cannot go on.").format(
                    name=data_title({"data": told})
                )
            ) from error
        if dataset.fingerprint != told["fingerprint"]:
            raise self._stopped(
                _(
                    "The dataset {name} has changed since this training began: start a new "
                    "training from its model instead."
                ).format(name=data_title({"data": told}))
            )
        return dataset

    def _base(self, told: Mapping[str, Any]) -> Path | None:
        if not told:
            return None
        path, digest = Path(told["path"]), str(told.get("digest", ""))
        if _is_model(path, digest):
            return path
        # It may have another name by now, or the studio another place.
        for store in (ModelStore(path.parent), ModelStore()):
            model = recalled(store.list(self.document["generator"]), digest, told["name"])
            if model is not None:
                return model.folder
        sentence = _("The model {name} that this training started from is gone.")
        if is_model(path):
            sentence = _(
                "The model {name} that this training started from is gone: another one has "
                "its name."
            )
        raise self._stopped(sentence.format(name=told["name"]))

    def _stopped(self, sentence: str) -> StudioError:
        self.note("failed", sentence)
        return StudioError(sentence)


def _size(noted: Iterable[Mapping[str, Any]]) -> int:
    """The bytes that checkpoints take in a document, their cards above all."""
    return sum(len(files.canonical_json(each)) for each in noted)


def _newest(noted: Sequence[dict[str, Any]], taken: int) -> Sequence[dict[str, Any]]:
    """The newest of these checkpoints, as far as there is room beside what is `taken`."""
    for place in reversed(range(len(noted))):
        taken += _size([noted[place]])
        if taken > MOST_NOTED_BYTES:
            return noted[place + 1 :]
    return noted


def _is_model(path: Path, digest: str) -> bool:
    """Whether a folder holds the model of this digest, which may be one of version 0.1."""
    try:
        found = (manifest_digest(path, read_card(path)), weights_digest(path))
    except (OSError, StudioError):
        return False
    return is_model(path) and (not digest or digest in found)


def _renamed(path: Path, told: Mapping[str, Any]) -> Path:
    """The dataset beside `path` that has its fingerprint: it was given another name."""
    for about in path.parent.glob("[!.]*/dataset.json"):
        with contextlib.suppress(OSError, ValueError):
            if read_about(about.parent)["fingerprint"] == told["fingerprint"]:
                return about.parent
    return path
