"""What a project or a file was made with that is not on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.project import Project, Provenance
    from aigc_studio.ui.window.studio import Studio


def missing_parts(studio: Studio, provenance: Provenance) -> str:
    """A sentence on the generator or model that is not here; empty when both are."""
    ids = {each.description.id for each in studio.ready if each.description}
    if provenance.generator not in ids:
        return _(
            "The generator {name} is not here: put its plugin into the plugin folder to go on "
            "with it."
        ).format(name=provenance.generator)
    digests = {each.digest for each in studio.models}
    if provenance.model_digest and provenance.model_digest not in digests:
        return _(
            "The model “{name}” is not here: import it in the library to get the same results."
        ).format(name=provenance.model)
    return ""


def missing_in(studio: Studio, project: Project) -> list[str]:
    """A sentence for each generator and model that made something here and is not there now."""
    made = {item.provenance for item in project.board.items if item.provenance}
    made |= {each.provenance for each in project.candidates.list() if each.provenance}
    sentences = (missing_parts(studio, each) for each in made)
    return sorted({sentence for sentence in sentences if sentence})
