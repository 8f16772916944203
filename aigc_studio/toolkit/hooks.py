"""Hooks whose work lies in another module, so that describing a plugin imports no torch."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

from aigc_studio.api import Action, hookimpl
from aigc_studio.api.late_hooks import MODULE, HookNotFound

VERBS = ("train", "generate", "edit", "evaluate")
Hook = Callable[[Any], Action]


class Hooks(NamedTuple):
    """The four hooks of a plugin, by their names."""

    train: Hook
    generate: Hook
    edit: Hook
    evaluate: Hook


def hooks_in(module: str) -> Hooks:
    """The hooks train, generate, edit and evaluate, which import `module` when first asked.

    What they call there is the function with the name of the operation asked for (`-` as `_`), or
    else with that of the verb:

        train, generate, edit, evaluate = hooks_in(f"{__name__}.work")
        edit = hooks_in(f"{__name__}.work").edit    # a plugin that does nothing else

    Take those alone that it has functions for: each one taken is a verb that it offers.
    A plugin with torch at its top would take a second to describe itself. Where functions are not
    called as operations, `api.hookimpl(".work:train")` names one.
    """
    return Hooks(*(_hook_in(module, verb) for verb in VERBS))


def _hook_in(module: str, verb: str) -> Hook:
    def hook(request: Any) -> Action:
        work = import_module(module)
        own = request.operation.replace("-", "_")
        named, general = getattr(work, own, None), getattr(work, verb, None)
        function = named if callable(named) else general
        if function is None:
            names = " nor ".join(f"{each}()" for each in dict.fromkeys((own, verb)) if each)
            kind = "neither" if " nor " in names else "no"
            missing = HookNotFound(f"{module} has {kind} {names}", name=module, path=work.__file__)
            missing.lineno = 1
            raise missing
        action: Action = function(request)
        return action

    hook.__name__ = hook.__qualname__ = verb
    hook.__dict__[MODULE] = module
    return hookimpl(hook)
