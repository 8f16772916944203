"""Wheels as tests want them, written by hand: no network, no build."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

PLUGIN = """
from aigc_studio.api import Candidate, Description, Text, hookimpl
{imports}

@hookimpl
def describe():
    return Description(id="{id}", title="Shouter", medium="text", api_version={api})


@hookimpl
def generate(request):
    yield Candidate(Text({value}))
"""


def plugin_code(
    id: str = "shouter", value: str = "request.prompt.upper()", imports: str = "", api: int = 1
) -> str:
    """A plugin that makes a text of an expression."""
    return PLUGIN.format(id=id, value=value, imports=imports, api=api)


def write_wheel(
    folder: Path,
    name: str,
    version: str = "1.0",
    files: Mapping[str, str] | None = None,
    *,
    points: Mapping[str, str] | None = None,
    requires: Sequence[str] = (),
    headers: Sequence[str] = (),
    tag: str = "py3-none-any",
) -> Path:
    """A wheel in `folder`: `points` are its plugins, `headers` more lines of its METADATA."""
    stem = f"{name.replace('-', '_')}-{version}"
    about = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *headers]
    about += [f"Requires-Dist: {each}" for each in requires]
    told = {
        "METADATA": "\n".join(about) + "\n",
        "WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    if points is not None:
        lines = [f"{key} = {value}" for key, value in points.items()]
        told["entry_points.txt"] = "\n".join(["[aigc_studio.plugins]", *lines]) + "\n"
    all_files = {**(files or {}), **{f"{stem}.dist-info/{k}": v for k, v in told.items()}}
    record = f"{stem}.dist-info/RECORD"
    listed = "".join(f"{each},,\n" for each in (*all_files, record))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stem}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for each, text in {**all_files, record: listed}.items():
            archive.writestr(each, text)
    return path


def plugin_wheel(
    folder: Path,
    name: str = "aigc-shouter",
    version: str = "1.0",
    *,
    id: str = "shouter",
    code: str = "",
    requires: Sequence[str] = (),
    headers: Sequence[str] = (),
    tag: str = "py3-none-any",
) -> Path:
    """A wheel with one plugin in it, whose module is called as its package is."""
    module = name.replace("-", "_")
    return write_wheel(
        folder,
        name,
        version,
        {f"{module}.py": code or plugin_code(id)},
        points={id: module},
        requires=requires,
        headers=headers,
        tag=tag,
    )
