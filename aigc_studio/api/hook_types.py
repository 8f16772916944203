"""The shapes that a hook may have, for type checkers: what `hookimpl` takes.

A checker knows nothing of a function's name in a decorator, so that a `generate` which takes a
`TrainRequest` has a shape that fits a hook, if another one; that is noticed when it is loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aigc_studio.api.description import Description
from aigc_studio.api.events import Action
from aigc_studio.api.requests import EditRequest, EvaluateRequest, GenerateRequest, TrainRequest

_Describe = Callable[[], Description] | Callable[[Any], Description]
_Plain = Callable[[], Action]
_Train = Callable[[TrainRequest[Any]], Action] | Callable[[Any, TrainRequest[Any]], Action]
_Generate = Callable[[GenerateRequest[Any]], Action] | Callable[[Any, GenerateRequest[Any]], Action]
_Edit = Callable[[EditRequest[Any]], Action] | Callable[[Any, EditRequest[Any]], Action]
_Evaluate = Callable[[EvaluateRequest[Any]], Action] | Callable[[Any, EvaluateRequest[Any]], Action]

Hook = _Describe | _Plain | _Train | _Generate | _Edit | _Evaluate
"""A function of a module, or (with `self`) of a class, and what the hook answers."""
