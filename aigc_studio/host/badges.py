"""What the conformance kit has measured of plugins: kept in the cache, by their code's stamp.

A badge is shown for the code that was measured, and for no other: whoever changes a file of the
plugin, or the studio or Python, has none until the kit has run again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aigc_studio import __version__, folders
from aigc_studio.api import documents, limits
from aigc_studio.files import age, make_private, write_json
from aigc_studio.host.records import PluginRecord
from aigc_studio.translation import _

NAMES = ("deterministic", "cancels", "resumes", "offline")
MOST_KEPT = 200
"""Versions of plugins that are remembered; the oldest go first."""
_END_OF_DAYS = 1e11
"""Seconds since 1970, far beyond every calendar: no day is shown of what is later."""


@dataclass(frozen=True)
class Badge:
    """Something measured: its name (of `NAMES`), whether it holds, and when (seconds since 1970).

    `how` tells one way of measuring from another: for `offline`, `namespace` or `python`.
    """

    name: str
    held: bool
    when: float
    how: str = ""

    @property
    def title(self) -> str:
        """A word or two to show."""
        return {
            "deterministic": _("Repeatable"),
            "cancels": _("Cancels at once"),
            "resumes": _("Resumes exactly"),
            "offline": _("Works offline"),
        }[self.name]

    @property
    def told(self) -> str:
        """One sentence: what was measured, and what came of it."""
        held, not_held = _sentences(self.how)[self.name]
        return held if self.held else not_held

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return vars(self) | {}


def _sentences(how: str) -> dict[str, tuple[str, str]]:
    """For each badge what is said where it holds, and where it does not."""
    shut = _("in a process without any network")
    if how == "python":
        shut = _("with every connection from Python refused")
    return {
        "deterministic": (
            _("The same seed gave the same bytes, asked again and in a fresh process."),
            _("The same seed gave something else when it was asked again."),
        ),
        "cancels": (
            _("Cancelled in the middle, it ended within 0.7 seconds by itself."),
            _("Cancelled in the middle, it had to be ended by force."),
        ),
        "resumes": (
            _("A training that was killed midway ended with the same weights, to the last bit."),
            _("A training that was killed midway did not end with the same weights."),
        ),
        "offline": (
            _("All that it offers went well {shut}.").format(shut=shut),
            _("Something that it offers did not go well {shut}.").format(shut=shut),
        ),
    }


class Badges:
    """The badges that are known, a file for each stamp in `folder`."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or folders.cache_folder() / "badges"

    def of(self, record: PluginRecord) -> tuple[Badge, ...]:
        """What was measured of this very code, in the order of `NAMES`; nothing where it was not.

        Standard library only: this may be asked while a window is drawn.
        """
        if not record.stamp:
            return ()
        try:
            document = documents.read(self._file(record), limits.CARD_BYTES)
            if document["studio"] != __version__:
                return ()
            found = {each["name"]: _badge(each) for each in document["badges"]}
        except (OSError, ValueError, KeyError, TypeError):
            return ()
        return tuple(found[name] for name in NAMES if name in found)

    def keep(self, record: PluginRecord, badges: Iterable[Badge]) -> None:
        """Remember what was measured; what else was measured of this code stays.

        Nothing is kept of code that was changed while it was measured.
        """
        from aigc_studio.host.stamps import stamp

        if not record.stamp or stamp(record.source) != record.stamp:
            return
        known = {each.name: each for each in (*self.of(record), *badges)}
        document = {"studio": __version__, "badges": [each.to_json() for each in known.values()]}
        with contextlib.suppress(OSError):  # they can be measured again
            make_private(self._folder)
            write_json(self._file(record), document, durable=False)
            self._forget_oldest(self._file(record))

    def _file(self, record: PluginRecord) -> Path:
        return self._folder / f"{record.stamp}.json"

    def _forget_oldest(self, new: Path) -> None:
        files = [file for file in self._folder.glob("*.json") if file != new]
        for file in sorted(files, key=lambda each: age(each.stat().st_mtime))[MOST_KEPT - 1 :]:
            file.unlink(missing_ok=True)


def _badge(document: Any) -> Badge:
    """Raises `KeyError` or `TypeError` for what is no badge."""
    name, how, when = document["name"], document["how"], document["when"]
    if name not in NAMES or not isinstance(how, str) or not 0 <= when < _END_OF_DAYS:
        raise TypeError(name)
    return Badge(name, bool(document["held"]), float(when), how)
