"""Checkpoints: the file a run resumes from, and the model folders it publishes."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from aigc_studio import files
from aigc_studio.toolkit.weights import load_weights, save_weights

State = dict[str, Any]
_folder_form = re.compile(r"step-\d{8}")


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


class ResumeFile:
    """All that a killed run needs to go on: one safetensors file, replaced as a whole.

    It is written beside the training by a thread of its own, so that only the copying costs time.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None

    @property
    def busy(self) -> bool:
        """Whether the last one is still being written."""
        return self._thread is not None and self._thread.is_alive()

    def write(self, tensors: Mapping[str, Tensor], state: State) -> None:
        """Write now. Raises OSError when that fails."""
        self.wait()
        save_weights(self.path, tensors, state)

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

    def read(self) -> tuple[dict[str, Tensor], State] | None:
        """What was written last; None when nothing was. Raises StudioError for a damaged file."""
        return load_weights(self.path) if self.path.exists() else None

    def _write(self, tensors: Mapping[str, Tensor], state: State) -> None:
        try:
            save_weights(self.path, tensors, state)
        except BaseException as error:
            self._error = error


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

    def thin_out(self, best: Path | None) -> None:
        """Delete all but `best` and the newest ones, `keep` in all."""
        if not self.folder.is_dir():
            return
        found = [path for path in self.folder.iterdir() if _folder_form.fullmatch(path.name)]
        others = sorted(path for path in found if path != best)
        kept = self.keep - (best in found)
        for path in others[: max(len(others) - kept, 0)]:
            shutil.rmtree(path, ignore_errors=True)
