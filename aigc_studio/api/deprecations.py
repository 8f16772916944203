"""What goes away from the plugin interface: it still works, and whoever uses it is told where.

A name stands in `_gone` of `api/__init__.py`, a field of a dataclass is renamed by `renamed`:

    _gone = {"Tune": ("Melody", 3)}             # api.Tune is api.Melody until version 3

    @renamed(license=Gone("licence", 3))
    @dataclass(frozen=True, kw_only=True)
    class Description: ...

Each place in a plugin is told once: on standard error, which is the worker's log, and to `uses`.
From there it comes into what its record has as `outdated`, when it is loaded and at the end of each
action: for its author, in `plugins check`, in `plugins dev`, and beside it in the Plugins window.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from aigc_studio.translation import _

_C = TypeVar("_C", bound=type)
_STUDIO = str(Path(__file__).resolve().parents[1]) + os.sep


@dataclass(frozen=True)
class Gone:
    """What is to be used instead, and the `api_version` that has the old one no more."""

    instead: str
    version: int


@dataclass(frozen=True)
class Use:
    """A place in a plugin where something that goes away is used."""

    old: str
    gone: Gone
    file: str
    line: int

    def __str__(self) -> str:
        sentence = _(
            "{file}, line {line}: {old} goes away with version {version} of the plugin interface. "
            "Use {instead}."
        )
        return sentence.format(
            file=Path(self.file).name,
            line=self.line,
            old=self.old,
            version=self.gone.version,
            instead=self.gone.instead,
        )


_uses: dict[Use, None] = {}


def uses() -> tuple[Use, ...]:
    """What was used in this process until now, in order, each place once."""
    return tuple(_uses)


def deprecated(old: str, gone: Gone) -> None:
    """Tell of a use of `old` by the nearest caller that is not the studio's own code."""
    frame = sys._getframe(1)
    while _is_own(frame.f_code.co_filename) and frame.f_back is not None:
        frame = frame.f_back
    use = Use(old, gone, frame.f_code.co_filename, frame.f_lineno)
    if use not in _uses:
        _uses[use] = None
        print(use, file=sys.stderr)  # noqa: T201  (the log of a worker)


def renamed(**fields: Gone) -> Callable[[_C], _C]:
    """Let a dataclass take and give its fields by their old names as well (old=Gone(new, …))."""

    def changed(kind: _C) -> _C:
        made = kind.__init__  # type: ignore[misc]

        def begin(self: Any, *given: Any, **named: Any) -> None:
            for old, gone in fields.items():
                if old in named:
                    deprecated(f"{kind.__name__}({old}=…)", gone)
                    named.setdefault(gone.instead, named.pop(old))
            made(self, *given, **named)

        begin.__wrapped__ = made  # type: ignore[attr-defined]  # its signature is the new one
        kind.__init__ = begin  # type: ignore[misc]
        for old, gone in fields.items():
            setattr(kind, old, property(_reader(f"{kind.__name__}.{old}", gone)))
        return kind

    return changed


def _reader(old: str, gone: Gone) -> Callable[[Any], Any]:
    def read(self: Any) -> Any:
        deprecated(old, gone)
        return getattr(self, gone.instead)

    return read


def _is_own(file: str) -> bool:
    # What is generated (a dataclass's `__init__`) has no file of its own.
    return file.startswith((_STUDIO, "<"))
