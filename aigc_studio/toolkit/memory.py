"""What a model without torch knows, as the attributes of one object that is saved and opened."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.api import GeneratorError, load_model

if TYPE_CHECKING:
    from typing import Self

    import numpy as np


class Memory:
    """A pupil of `counting_loop` but for `learn`: what it knows is its attributes.

    Subclass it, give all attributes a value in `__init__` (which can be called without arguments),
    and write `learn`. An attribute is a plain JSON value, with texts as keys, or a numpy array.
    """

    def contents(self) -> tuple[Mapping[str, Any], Mapping[str, np.ndarray]]:
        """All attributes, as `save_model` takes them: a document and arrays."""
        arrays = {name: each for name, each in vars(self).items() if hasattr(each, "dtype")}
        document = {name: each for name, each in vars(self).items() if name not in arrays}
        return document, arrays

    def restore(self, document: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
        """Know what `contents` gave, and nothing else.

        Raises GeneratorError for attributes of other names or kinds: a model of something else.
        """
        given: dict[str, Any] = {**document, **arrays}
        own = vars(self)
        if own.keys() != given.keys() or any(
            not isinstance(given[name], type(each)) for name, each in own.items()
        ):
            raise GeneratorError(
                "The model is not one of this generator: choose another, or train one.",
                zh="该模型不属于此生成器：请选择其他模型，或训练一个。",
                parameter="model",
            )
        own.update(given)

    @classmethod
    def open(cls, model: Path | None) -> Self:
        """What the model in this folder knows; not to be changed, as the last two are kept open.

        Raises GeneratorError for None (no model was chosen), for a damaged one and for another's.
        """
        if model is None:
            raise GeneratorError(
                "There is no model to work with: choose one, or train one first.",
                zh="没有可用的模型：请选择一个模型，或先训练一个。",
                parameter="model",
            )
        files = sorted(model.glob("*.*"))
        stamps = tuple((each.name, each.stat().st_mtime_ns, each.stat().st_size) for each in files)
        opened: Self = _opened(cls, model, stamps)  # type: ignore[arg-type]  # it can be hashed
        return opened


@lru_cache(2)
def _opened(kind: type[Memory], model: Path, stamps: object) -> Any:
    memory = kind()
    memory.restore(*load_model(model))
    return memory
