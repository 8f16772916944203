"""The hook spec: five functions, of which only `describe` is required. The whole plugin API.

Evolution follows pluggy's rules: an implementation may take fewer arguments than the spec has.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, overload

import pluggy

from aigc_studio.api.description import Description
from aigc_studio.api.events import Action
from aigc_studio.api.requests import EditRequest, EvaluateRequest, GenerateRequest, TrainRequest

if TYPE_CHECKING:
    from aigc_studio.api.hook_types import Hook

API_VERSION = 1
"""The version of this contract; a plugin that names a higher one is not loaded."""

ENTRY_POINT_GROUP = "aigc_studio.plugins"
"""The entry-point group that a packaged plugin is found by."""

_F = TypeVar("_F", bound="Hook")
_spec = pluggy.HookspecMarker("aigc_studio")
_impl = pluggy.HookimplMarker("aigc_studio")


@overload
def hookimpl(function: str) -> Callable[[Any], Action]: ...
@overload
def hookimpl(function: _F) -> _F: ...
def hookimpl(function: Any) -> Any:
    """Mark a function of a plugin as the implementation of the hook of the same name.

    Words do as well: `train = hookimpl(".work:train")` is the function `train` of the module `work`
    in this package, or beside this file; `"work:train"` is that of any module. The module is
    imported when the hook is first asked, so what describes a plugin imports no torch.

    Raises `ValueError` for words that are no `module:function`.
    """
    if isinstance(function, str):
        from aigc_studio.api.late_hooks import late_hook

        function = late_hook(function)
    return _impl(function)


class GeneratorSpec:
    """A generator. A plugin is a module or an object with some of these functions."""

    @_spec(firstresult=True)
    def describe(self) -> Description | None:
        """Say what this generator is. Instant, and imports no torch."""

    @_spec(firstresult=True)
    def train(self, request: TrainRequest) -> Action | None:
        """Learn from a dataset: yield Progress, Metric, Preview, and at least one Checkpoint."""

    @_spec(firstresult=True)
    def generate(self, request: GenerateRequest) -> Action | None:
        """Make new artifacts: yield `request.count` times Candidate."""

    @_spec(firstresult=True)
    def edit(self, request: EditRequest) -> Action | None:
        """Change given artifacts inside their selections: yield Candidate."""

    @_spec(firstresult=True)
    def evaluate(self, request: EvaluateRequest) -> Action | None:
        """Measure a model on a dataset (Metric), or explain an artifact (Annotation)."""


VERBS = ("train", "generate", "edit", "evaluate")
HOOKS = ("describe", *VERBS)
