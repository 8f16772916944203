"""Projects that were read beside the window, and what was done in it meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aigc_studio.project import Project

if TYPE_CHECKING:
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.files.documents import Documents


class Arriving:
    """One project that was asked for, once what there was to lose had been asked about."""

    def __init__(self, studio: Studio, documents: Documents) -> None:
        self._studio, self._documents = studio, documents
        self._seen = _work_in(studio.project)

    def meet(
        self, project: Project, then: Callable[[], None], otherwise: Callable[[], None]
    ) -> None:
        """Show it, and do `then`. Large files and slow drives take a while: where more has been
        done since, the person is asked about that first, and may stay (`otherwise`)."""

        def show() -> None:
            self._studio.show_project(project)
            then()

        self._documents.about_to_settle.emit()
        if self._seen == _work_in(self._studio.project):
            show()
        else:
            self._documents.when_settled(show, otherwise)


def _work_in(project: Project) -> tuple[Any, ...]:
    return project, project.timeline.state, [each.id for each in project.unsaved_candidates]
