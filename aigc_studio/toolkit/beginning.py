"""The net that a training begins with: a new one, or that of a model to go on from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import torch
from torch import nn

from aigc_studio.api import TrainRequest
from aigc_studio.toolkit.devices import choose_device
from aigc_studio.toolkit.open_models import load_network

_N = TypeVar("_N", bound=nn.Module)


def network_to_train(
    request: TrainRequest[Any],
    kind: str,
    build: Callable[[Mapping[str, Any]], _N],
    about: Mapping[str, Any],
) -> tuple[_N, dict[str, Any]]:
    """The net that a training begins with, and what `save_network` is to be told of it.

    That is `build(about)` with weights drawn from the request's seed; where `request.model` is to
    be trained on, its net with its own `about`. It is on the CPU, ready to learn. `kind` and
    `build` are as in `load_network`, and so is what it raises; `choose_device` is done.

        net, about = network_to_train(request, "tiny-net", Net, {"width": 64})
    """
    choose_device(request)
    if request.model is None:
        torch.manual_seed(request.seed)
        return build(about).train(), dict(about)
    opened = load_network(request.model, kind, build)
    own = {name: value for name, value in opened.about.items() if name != "kind"}
    return opened.network.requires_grad_().train(), own
