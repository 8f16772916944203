"""Importing a plugin from an entry point, a single file, or a folder with an `__init__.py`."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def import_plugin(source: Mapping[str, Any]) -> Any:
    """The object that is the plugin. Raises whatever its import raises."""
    if source["kind"] == "entry_point":
        place = source.get("path")
        if place and place not in sys.path:
            sys.path.append(place)
        module_name, _colon, attribute = str(source["target"]).partition(":")
        module = importlib.import_module(module_name)
        return functools.reduce(getattr, attribute.split("."), module) if attribute else module
    path = Path(source["path"])
    return _import_file(
        path / "__init__.py" if source["kind"] == "folder" else path, source["kind"]
    )


def _import_file(file: Path, kind: str) -> Any:
    name = re.sub(r"\W", "_", file.parent.name if kind == "folder" else file.stem)
    if name in sys.stdlib_module_names or name.startswith("aigc_studio"):
        raise ImportError(f"a plugin cannot be called {name}, as a module of Python is; rename it")
    spec = importlib.util.spec_from_file_location(
        name, file, submodule_search_locations=[str(file.parent)] if kind == "folder" else None
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{file.name} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    # Registered first, as dataclasses, pydantic and a package's own absolute imports expect.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
