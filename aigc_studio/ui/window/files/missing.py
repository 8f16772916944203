"""What a project or a file was made with that is not on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from aigc_studio.library.identity import why_missing
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.project import Project, Provenance
    from aigc_studio.ui.prompt.values import Prompt
    from aigc_studio.ui.studio import Studio


def missing_parts(studio: Studio, provenance: Provenance) -> str:
    """A sentence on the generator or model that is not here; empty when both are."""
    ids = {each.description.id for each in studio.ready if each.description}
    if provenance.generator not in ids:
        return _(
            "The generator {name} is not here: put its plugin into the plugin folder to go on "
            "with it."
        ).format(name=provenance.generator)
    named = provenance.model or provenance.model_digest
    if named and studio.model(provenance.model, provenance.generator, provenance.model_digest):
        return ""
    return model_missing(studio, provenance) if named else ""


def model_missing(studio: Studio, made: Provenance | Prompt) -> str:
    """A sentence on a model that is not here, and on another one of its name that is."""
    models = [each for each in studio.models if each.generator == made.generator]
    return why_missing(models, made.model_digest, made.model)


def missing_in(studio: Studio, project: Project) -> list[str]:
    """A sentence for each generator and model that made something here and is not there now."""
    made = {item.provenance for item in project.board.items if item.provenance}
    made |= {each.provenance for each in project.candidates.list() if each.provenance}
    sentences = (missing_parts(studio, each) for each in made)
    return sorted({sentence for sentence in sentences if sentence})


class MissingNotice(QObject):
    """Says what an opened project names that is not here, once that can be known.

    Takes it back when another project is shown, or when what was missing has come.
    """

    def __init__(self, studio: Studio, parent: QObject) -> None:
        super().__init__(parent)
        self._studio = studio
        self._asked = False
        self.sentence = ""
        studio.project_changed.connect(self._forget)
        studio.models_changed.connect(self._look_again)

    def tell(self) -> None:
        """Say it now, or as soon as plugins and models have been listed."""
        self._asked = True
        if self._studio.complete:
            self._say()

    @Slot()
    def _look_again(self) -> None:
        if self._asked and self._studio.complete:
            self._say()
        elif self.sentence and self.sentence not in self._sentences():
            self._take_back()

    @Slot()
    def _forget(self) -> None:
        self._asked = False
        self._take_back()

    def _say(self) -> None:
        self._asked = False
        sentences = self._sentences()
        if sentences:
            self.sentence = sentences[0]
            self._studio.say(self.sentence, "warning", details="\n".join(sentences))

    def _take_back(self) -> None:
        if self.sentence:
            self._studio.taken_back.emit(self.sentence)
            self.sentence = ""

    def _sentences(self) -> list[str]:
        return missing_in(self._studio, self._studio.project)
