"""What a worker's own Python must have for the studio's side of it. The standard library only."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import re
import shlex
import sys
from collections.abc import Iterable
from typing import IO, Any

WORKER = {
    "pluggy": ("pluggy", "1.7"),
    "pydantic": ("pydantic", "2.9"),
    "numpy": ("numpy", "2.0"),
    "pillow": ("PIL", "11.0"),
}
"""Distributions, with the module of each and its least version: as `pyproject.toml` has them."""

PYTHON = (3, 11)
"""The oldest Python that runs the studio's code."""


def requirements(distributions: Iterable[str] = WORKER) -> list[str]:
    """These as pip takes them: `numpy>=2.0`."""
    return [f"{name}>={WORKER[name][1]}" for name in distributions]


def lacking() -> dict[str, str]:
    """What this Python lacks of `WORKER`: the version that is there instead, empty for none."""
    found = {name: _version(name, module) for name, (module, _least) in WORKER.items()}
    return {
        name: version or ""
        for name, version in found.items()
        if version is None or (version and _numbers(version) < _numbers(WORKER[name][1]))
    }


def refuse(missing: dict[str, str], commands: IO[bytes], replies: IO[bytes]) -> None:
    """Answer the command to load a plugin with what is missing, and how to get it."""
    for line in commands:
        command = json.loads(line)
        if command.get("do") == "load":
            reason = _sentence(missing, command)
            reply = {
                "is": "refused",
                "state": "failed",
                "reason": reason,
                "details": "",
                "place": None,
            }
            replies.write(json.dumps(reply).encode("ascii") + b"\n")
            replies.flush()
            return


def _sentence(missing: dict[str, str], command: dict[str, Any]) -> str:
    from aigc_studio.translation import _, enumerated, set_language

    set_language(str(command.get("language", "en")))
    sentence = _("The Python {path} of the plugin {name} lacks {packages}. Install it with: {pip}")
    names = [f"{name} {WORKER[name][1]} ({has})" if has else name for name, has in missing.items()]
    return sentence.format(
        path=sys.executable,
        name=command["source"]["name"],
        packages=enumerated(names),
        pip=shlex.join([sys.executable, "-m", "pip", "install", *requirements(missing)]),
    )


def _version(distribution: str, module: str) -> str | None:
    """The version that is there, empty where it cannot be told; None where there is none."""
    if importlib.util.find_spec(module) is None:
        return None
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(each) for each in re.findall(r"\d+", version)[:2])
