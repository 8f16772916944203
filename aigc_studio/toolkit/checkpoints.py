"""Checkpoints: the files a run resumes from, and the model folders it publishes."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from aigc_studio import files
from aigc_studio.api import StudioError, limits
from aigc_studio.api.documents import Damaged
from aigc_studio.api.kinds import (
    Anything,
    ListOf,
    MapOf,
    Maybe,
    Number,
    Truth,
    Whole,
    Words,
    check,
    record,
)
from aigc_studio.api.models import WEIGHTS, is_model
from aigc_studio.api.tensors import read_header
from aigc_studio.toolkit.plan import MOST_STEPS
from aigc_studio.toolkit.weights import load_weights, save_weights

State = dict[str, Any]
RESUME = "resume.safetensors"
"""The file in a training's folder that a run resumes from."""
_folder_form = re.compile(r"step-\d{8,13}")


def snapshot(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Copies on the CPU that the training no longer touches."""
    return {name: tensor.detach().to("cpu", copy=True) for name, tensor in tensors.items()}


def all_finite(tensors: Mapping[str, Tensor]) -> bool:
    """Whether no number in them is infinite or not a number."""
    return all(
        bool(torch.isfinite(tensor).all())
        for tensor in tensors.values()
        if tensor.is_floating_point()
    )


def has_finite_weights(folder: Path) -> bool:
    """Whether no number of a model's weights is infinite; of one without weights, none is.

    Raises StudioError for a file that cannot be read.
    """
    path = folder / WEIGHTS
    return not path.exists() or all_finite(load_weights(path)[0])


def shapes_left(folder: Path) -> Mapping[str, tuple[int, ...]]:
    """The shapes of the tensors of the run that was left in a training's folder (`request.folder`),
    by name; none where there is none that can be read.

    Nothing else of the files is read. For a plugin whose net has another form than it had: what was
    begun with the former one goes on with it.
    """
    for path in ResumeFile(folder / RESUME).generations():
        with contextlib.suppress(OSError, Damaged):
            return read_header(path).shapes
    return {}


class ResumeFile:
    """All that a killed run needs to go on: one safetensors file, replaced as a whole.

    The one before it stays beside it (`former`), for the day that a disk damages the newest. It is
    written beside the training by a thread of its own, so that only the copying costs time.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.former = path.with_name(f"{path.stem}-former{path.suffix}")
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None

    @property
    def busy(self) -> bool:
        """Whether the last one is still being written."""
        return self._thread is not None and self._thread.is_alive()

    def write(self, tensors: Mapping[str, Tensor], state: State) -> None:
        """Write now. Raises OSError when that fails."""
        self.wait()
        self._save(tensors, state)

    def write_behind(self, tensors: Mapping[str, Tensor], state: State) -> None:
        """Write in the background; `tensors` must be copies. Raises what went wrong last time."""
        self.wait()
        self._thread = threading.Thread(target=self._write, args=(tensors, state), daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Wait until nothing is being written. Raises OSError when the last writing failed."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def settle(self) -> None:
        """Wait as `wait` does, whatever came of it: nothing is being written afterwards."""
        if self._thread is not None:
            self._thread.join()

    def generations(self) -> list[Path]:
        """The files that are there, the newest first."""
        return [path for path in (self.path, self.former) if path.exists()]

    def read(self, path: Path) -> tuple[dict[str, Tensor], State]:
        """What was written. Raises StudioError or ValueError for a file that is damaged."""
        tensors, state = load_weights(path)
        check_state(state)
        if "digest" in state and state["digest"] != _digest(tensors):
            raise ValueError("the checksum is another")
        return tensors, state

    def _write(self, tensors: Mapping[str, Tensor], state: State) -> None:
        try:
            self._save(tensors, state)
        except BaseException as error:
            self._error = error

    def _save(self, tensors: Mapping[str, Tensor], state: State) -> None:
        fresh = self.path.with_name(f"{self.path.stem}-new{self.path.suffix}")
        save_weights(fresh, tensors, state | {"digest": _digest(tensors)})
        # In this order one whole file is there at every moment.
        if self.path.exists():
            os.replace(self.path, self.former)
        os.replace(fresh, self.path)


_several = MapOf(ListOf(Number(), 10), limits.EXAMPLES, limits.LABEL)
_state = record(
    {
        "step": Whole(0, MOST_STEPS),
        "attended": Truth(),
        "window": MapOf(ListOf(Number(), 2, least=2), limits.EXAMPLES, limits.LABEL),
        "seconds": Number(0),
        "threads": Whole(),
        "log": Whole(),
        "best_folder": Words(limits.TITLE, form=r"(step-\d{8,13})?"),
        "best_value": Maybe(Number()),
    },
    best_is_doubtful=Truth(),
    scales=_several,
    looks=record({}, blank_since=Whole(-1), told=Truth()),
    plan=Anything(),
    digest=Words(64),
)


def check_state(state: State) -> None:
    """Raise ValueError unless it is what a run wrote."""
    check(state, _state)
    if any(count < 1 for _sum, count in state["window"].values()):
        raise ValueError("a mean of nothing")


def _digest(tensors: Mapping[str, Tensor]) -> str:
    """SHA-256 of names, kinds, shapes and bytes: what a disk changed is not learned from."""
    told = hashlib.sha256()
    for name, tensor in sorted(tensors.items()):
        whole = tensor.detach().cpu().contiguous()
        told.update(f"{name} {whole.dtype} {tuple(whole.shape)}\n".encode())
        told.update(whole.reshape(-1).view(torch.uint8).numpy().data)
    return told.hexdigest()


class ModelFolders:
    """The complete model folders of a run, of which the best and the newest few are kept."""

    def __init__(self, folder: Path, keep: int = 3) -> None:
        self.folder, self.keep = folder, keep

    def make(
        self, step: int, write: Callable[[Path], Mapping[str, Any]]
    ) -> tuple[Path, dict[str, Any]]:
        """A folder for this step, there as a whole or not at all; and what `write` returned."""
        path = self.folder / f"step-{step:08d}"
        shutil.rmtree(path, ignore_errors=True)  # a run that was killed may have left it
        with files.whole_folder(path) as made:
            card = dict(write(made))
        return path, card

    def is_whole(self, path: Path) -> bool:
        """Whether what is in a model folder can be read, and its weights are finite numbers."""
        try:
            return is_model(path) and has_finite_weights(path)
        except StudioError:
            return False

    def thin_out(self, best: Path | None) -> None:
        """Delete all but `best` and the newest ones, `keep` in all."""
        if not self.folder.is_dir():
            return
        found = [path for path in self.folder.iterdir() if _folder_form.fullmatch(path.name)]
        others = sorted(path for path in found if path != best)
        kept = self.keep - (best in found)
        for path in others[: max(len(others) - kept, 0)]:
            shutil.rmtree(path, ignore_errors=True)
