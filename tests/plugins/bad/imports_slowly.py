"""A generator of texts that imports something slow when it first works, as one with torch does."""

import importlib.machinery
import os
import sys
import time
import types
from collections.abc import Iterator, Sequence

from aigc_studio.api import Candidate, Description, Event, GenerateRequest, Text, hookimpl

SECONDS = 4.0


class Slow(importlib.machinery.ModuleSpec):
    """Finds one module, which takes its time."""

    @staticmethod
    def create_module(spec: importlib.machinery.ModuleSpec) -> None:
        return None

    @staticmethod
    def exec_module(module: types.ModuleType) -> None:
        time.sleep(SECONDS)

    @classmethod
    def find_spec(
        cls, name: str, path: Sequence[str] | None = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        return cls(name, cls) if name == "a_slow_part" else None  # type: ignore[arg-type]


sys.meta_path.append(Slow)  # type: ignore[arg-type]


@hookimpl
def describe() -> Description:
    return Description(id="imports-slowly", title="Slow", medium=Text)


@hookimpl
def generate(request: GenerateRequest) -> Iterator[Event]:
    import a_slow_part  # type: ignore[import-not-found]

    yield Candidate(Text(f"{request.prompt} {os.getpid()}"), title=a_slow_part.__name__)
