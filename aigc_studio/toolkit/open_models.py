"""Models as folders: one net with its architecture beside it, kept open between two requests.

The file says what net it holds, so that a model of an older or wider one opens as what it is:

    def build(about):                       # plain JSON values, whoever wrote them
        return Vae(read_settings(VaeSettings, about["settings"]))

    models = OpenModels(lambda folder: load_network(folder, "tiny-vae", build))
    vae = models.open(request.model).network

A model of several nets is one `nn.Module` that has them as its parts.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor, nn

from aigc_studio.api import GeneratorError
from aigc_studio.toolkit.meta_device import unfilled
from aigc_studio.toolkit.weights import load_weights, restore_network, save_weights

WEIGHTS = "weights.safetensors"
_FILES = (WEIGHTS, "model.json")
"""What a model is made of; what else lies in its folder is said about it."""
_LARGEST_HALF = 65504.0
_N = TypeVar("_N", bound=nn.Module)
_M = TypeVar("_M")


@dataclass(frozen=True)
class OpenModel(Generic[_N]):
    """A net ready to draw: on the CPU, in float32, in `eval` mode, without gradients.

    `about` is what `save_network` was told. `tag` (8 bytes) tells this model's latents from those
    of another; `name` is what sentences call it.
    """

    network: _N
    about: Mapping[str, Any]
    tag: bytes
    name: str


def save_network(
    folder: Path,
    kind: str,
    network: nn.Module,
    about: Mapping[str, Any],
    *,
    half: bool = True,
) -> None:
    """Write a net as the `weights.safetensors` of a model folder.

    `kind` names what reads it again (the generator's id, say) and `about` is all that is needed to
    build the net: plain JSON values, without a `kind` of their own. With `half` numbers are kept in
    half precision, which halves the file; those that half cannot hold are kept whole. Raises
    StudioError for what could not be read again, OSError when it cannot be written.
    """
    tensors = {name: _kept(each, half) for name, each in network.state_dict().items()}
    save_weights(folder / WEIGHTS, tensors, {"kind": kind, **about})


def load_network(
    folder: Path, kind: str, build: Callable[[Mapping[str, Any]], _N]
) -> OpenModel[_N]:
    """Read what `save_network` wrote; `build(about)` makes the net that the file is for.

    `build` is called where nets get no memory, so that a file which lies about its sizes costs
    nothing: it may raise ValueError, TypeError or KeyError for what it cannot build. Raises
    GeneratorError for a model of another kind, and StudioError for a file that is damaged or does
    not hold such a net.
    """
    path = folder / WEIGHTS
    tensors, about = load_weights(path)
    if about.get("kind") != kind:
        raise other_model(folder.name)
    whole = _whole(tensors, folder.name)
    try:
        with unfilled():
            network = build(about)
    except (ValueError, TypeError, KeyError, RuntimeError, OverflowError) as error:
        raise other_model(folder.name) from error
    restore_network(network, whole, folder.name)
    if any(buffer.is_meta for buffer in network.buffers()):
        # Tables that it makes for itself are in no file. Now it is known that it is not too large.
        network = build(about)
        restore_network(network, whole, folder.name)
    tag = hashlib.sha256(path.read_bytes()).digest()[:8]
    return OpenModel(network.eval().requires_grad_(False), about, tag, folder.name)


class OpenModels(Generic[_M]):
    """The models that were used last, `most` of them, each read again when its files change.

    `read(folder)` gives what a model is to its plugin: `load_network`, or anything made of it.
    """

    def __init__(self, read: Callable[[Path], _M], most: int = 3) -> None:
        self._read, self._most = read, most
        self._open: OrderedDict[tuple[object, ...], _M] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, folder: Path | None) -> _M:
        """The model in this folder, from memory if it was just used.

        Raises GeneratorError for None (no model was chosen) and for a folder without a model, and
        what `read` raises.
        """
        if folder is None:
            raise GeneratorError(
                "There is no model to work with: choose one, or train one first.",
                zh="没有可用的模型：请选择一个模型，或先训练一个。",
                parameter="model",
            )
        key = _stamp(folder)
        with self._lock:
            if key not in self._open:
                self._open[key] = self._read(folder)
            self._open.move_to_end(key)
            while len(self._open) > self._most:
                self._open.popitem(last=False)
            return self._open[key]


def other_model(name: str) -> GeneratorError:
    """The error for a model that this generator did not make, or not in this version."""
    return GeneratorError(
        f"{name} is not a model of this generator, or of another version of it: choose one that "
        "it made.",
        zh=f"{name} 不是此生成器的模型，或来自其其他版本：请选择由它生成的模型。",
        parameter="model",
    )


def _stamp(folder: Path) -> tuple[object, ...]:
    """What changes when a model does: place, time and size of its files."""
    found: list[object] = [str(folder.resolve())]
    for name in _FILES:
        try:
            told = (folder / name).stat()
        except OSError:
            continue
        found += [name, told.st_mtime_ns, told.st_size]
    if len(found) == 1:
        raise GeneratorError(
            f"The model {folder.name} has no weights: choose another model.",
            zh=f"模型 {folder.name} 没有权重：请选择其他模型。",
            parameter="model",
        )
    return tuple(found)


def _kept(tensor: Tensor, half: bool) -> Tensor:
    if not half or tensor.dtype not in (torch.float32, torch.float64):
        return tensor
    finite = tensor.detach().abs()
    return tensor if bool((finite > _LARGEST_HALF).any()) else tensor.half()


def _whole(tensors: Mapping[str, Tensor], name: str) -> dict[str, Tensor]:
    """In float32. Raises GeneratorError for numbers that are infinite or none."""
    found = {
        key: each.float() if each.is_floating_point() else each for key, each in tensors.items()
    }
    for each in found.values():
        if each.is_floating_point() and not bool(torch.isfinite(each).all()):
            raise GeneratorError(
                f"The weights of the model {name} are no longer numbers: choose another.",
                zh=f"模型 {name} 的权重已不再是有效的数：请选择其他模型。",
                parameter="model",
            )
    return found
