"""What a plugin needs before it is published, beside keeping to the rules.

Faults stop it, advice does not; a single file that nobody installs by name gets advice alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aigc_studio.testing.bench import Bench
from aigc_studio.testing.publishing import contents, measured, written
from aigc_studio.testing.telling import check_translations

__all__ = ["PUBLISHING"]

PUBLISHING: Mapping[str, Callable[[Bench], str | None]] = {
    "project": written.check_project,
    "version": written.check_version,
    "requirements": written.check_requirements,
    "licence": written.check_licence,
    "about": written.check_about,
    "reserved": written.check_reserved,
    "translations": check_translations,
    "models": contents.check_models,
    "files": contents.check_files,
    "import_time": measured.check_import_time,
    "footprint": measured.check_footprint,
    "offline": measured.check_offline,
    "uses": measured.check_uses,
}
"""Every check of publishing by its name."""
