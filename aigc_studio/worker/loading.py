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

from aigc_studio.translation import _
from aigc_studio.worker.finding import Beside, OwnCode, loader_for


def import_plugin(source: Mapping[str, Any]) -> Any:
    """The object that is the plugin. Raises whatever its import raises."""
    if source["kind"] == "entry_point":
        return _import_named(source)
    path = Path(source["path"])
    return _import_file(
        path / "__init__.py" if source["kind"] == "folder" else path, source["kind"]
    )


def _import_named(source: Mapping[str, Any]) -> Any:
    module_name, _colon, attribute = str(source["target"]).partition(":")
    place = source.get("path")
    if place and source.get("origin") == "path":
        # One that is being written, and may be installed too: what lies here is what was meant.
        package = module_name.partition(".")[0]
        _find(OwnCode(Path(place), package), Beside(Path(place)))
    elif place and place not in sys.path:
        sys.path.append(place)
    module = importlib.import_module(module_name)
    return functools.reduce(getattr, attribute.split("."), module) if attribute else module


def _import_file(file: Path, kind: str) -> Any:
    name = re.sub(r"\W", "_", file.parent.name if kind == "folder" else file.stem)
    if name in sys.stdlib_module_names or name.startswith("aigc_studio"):
        sentence = _("a plugin cannot be called {name}, as a module of Python is; rename it")
        raise ImportError(sentence.format(name=name))
    if kind == "folder":
        _find(OwnCode(file.parent))
    else:
        _find(OwnCode(file.parent), Beside(file.parent))
    spec = importlib.util.spec_from_file_location(
        name,
        file,
        loader=loader_for(name, file),
        submodule_search_locations=[str(file.parent)] if kind == "folder" else None,
    )
    if spec is None or spec.loader is None:
        raise ImportError(_("{file} is not a Python file").format(file=file.name))
    module = importlib.util.module_from_spec(spec)
    # Registered first, as dataclasses, pydantic and a package's own absolute imports expect.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _find(own: OwnCode, beside: Beside | None = None) -> None:
    """Have the modules of the plugin found from now on."""
    if own not in sys.meta_path:
        sys.meta_path.insert(0, own)
    if beside is not None and beside not in sys.meta_path:
        sys.meta_path.append(beside)
