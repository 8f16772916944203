"""All that a plugin may import. No Qt, no torch; numpy, pydantic and Pillow load when first used.

`__all__` is the contract: what is not named here may change without notice.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aigc_studio.api.artifacts import Artifact, Image, Medium, Text
    from aigc_studio.api.attributes import Attribute
    from aigc_studio.api.controls import Control, Controls
    from aigc_studio.api.dataset import Dataset, Example
    from aigc_studio.api.description import Description, Measure, Operation
    from aigc_studio.api.errors import GeneratorError, StudioError
    from aigc_studio.api.events import (
        Action,
        Annotation,
        Candidate,
        Checkpoint,
        Event,
        Message,
        Metric,
        Partial,
        Preview,
        Progress,
    )
    from aigc_studio.api.hookspecs import API_VERSION, GeneratorSpec, hookimpl
    from aigc_studio.api.melody import KeySignature, Melody, Metre, Note, Tempo
    from aigc_studio.api.models import load_model, save_model
    from aigc_studio.api.parameters import Parameters, parameter
    from aigc_studio.api.requests import (
        EditRequest,
        EvaluateRequest,
        GenerateRequest,
        TrainRequest,
    )
    from aigc_studio.api.selections import Bars, Mask, Selection, Span
    from aigc_studio.api.starters import Piece, Starter
    from aigc_studio.translation import Localized

_homes = {
    "artifacts": ("Artifact", "Image", "Medium", "Text"),
    "melody": ("KeySignature", "Melody", "Metre", "Note", "Tempo"),
    "attributes": ("Attribute",),
    "dataset": ("Dataset", "Example"),
    "controls": ("Control", "Controls"),
    "description": ("Description", "Measure", "Operation"),
    "errors": ("GeneratorError", "StudioError"),
    "events": (
        "Action",
        "Annotation",
        "Candidate",
        "Checkpoint",
        "Event",
        "Message",
        "Metric",
        "Partial",
        "Preview",
        "Progress",
    ),
    "hookspecs": ("API_VERSION", "GeneratorSpec", "hookimpl"),
    "models": ("load_model", "save_model"),
    "parameters": ("Parameters", "parameter"),
    "requests": ("EditRequest", "EvaluateRequest", "GenerateRequest", "TrainRequest"),
    "selections": ("Bars", "Mask", "Selection", "Span"),
    "starters": ("Piece", "Starter"),
}
_home_of = {name: home for home, names in _homes.items() for name in names}
_gone: dict[str, tuple[str, int]] = {}
"""Names that go away, what is to be used instead, and from which version on (`deprecations`)."""

__all__ = [  # noqa: RUF022  (grouped as a person reads them)
    "API_VERSION", "GeneratorSpec", "hookimpl",
    "Description", "Operation", "Control", "Controls", "Measure", "Starter", "Piece", "Localized",
    "Parameters", "parameter",
    "TrainRequest", "GenerateRequest", "EditRequest", "EvaluateRequest",
    "Action", "Event", "Progress", "Metric", "Preview", "Partial", "Candidate", "Checkpoint",
    "Message", "Annotation",
    "Artifact", "Medium", "Image", "Text", "Melody", "Note", "Tempo", "Metre", "KeySignature",
    "Selection", "Mask", "Span", "Bars",
    "Dataset", "Example", "Attribute",
    "save_model", "load_model",
    "StudioError", "GeneratorError",
]  # fmt: skip


if not TYPE_CHECKING:  # a checker would take any name for one of these

    def __getattr__(name: str) -> Any:
        """Import a public name from its module when it is first asked for."""
        if name == "Localized":
            return import_module("aigc_studio.translation").Localized
        home = _home_of.get(name)
        if home is None:
            if name not in _gone:
                raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
            told = import_module(f"{__name__}.deprecations")
            told.deprecated(f"api.{name}", told.Gone(*_gone[name]))
            return __getattr__(_gone[name][0])
        value = getattr(import_module(f"{__name__}.{home}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
