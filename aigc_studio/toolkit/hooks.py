"""Hooks whose work lies in another module, so that describing a plugin imports no torch."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from aigc_studio.api import Action, hookimpl

VERBS = ("train", "generate", "edit", "evaluate")
Hook = Callable[[Any], Action]


def hooks_in(module: str) -> tuple[Hook, Hook, Hook, Hook]:
    """The hooks train, generate, edit and evaluate, which import `module` when first asked.

    What they call there is the function with the name of the operation asked for (`-` as `_`), or
    else with that of the verb:

        train, generate, edit, evaluate = hooks_in(f"{__name__}.work")

    Leave out what the plugin does not do: `train, generate, *_others = …`. A plugin with torch at
    its top would take a second to describe itself.
    """
    train, generate, edit, evaluate = (_hook_in(module, verb) for verb in VERBS)
    return train, generate, edit, evaluate


def _hook_in(module: str, verb: str) -> Hook:
    def hook(request: Any) -> Action:
        work = import_module(module)
        named = getattr(work, request.operation.replace("-", "_"), None)
        action: Action = (named or getattr(work, verb))(request)
        return action

    hook.__name__ = hook.__qualname__ = verb
    return hookimpl(hook)
