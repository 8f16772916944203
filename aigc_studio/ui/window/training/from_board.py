"""What lies on the board becomes data: chosen items, or candidates, and then a model of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from aigc_studio.translation import _, enumerated, localized, ngettext
from aigc_studio.ui.library.formats import examples_text
from aigc_studio.ui.library.import_dialog import ImportDialog
from aigc_studio.ui.window.training.learners import learner_of

if TYPE_CHECKING:
    from aigc_studio.api import Medium
    from aigc_studio.library import Preflight
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.project import CandidateRecord, Item, Provenance
    from aigc_studio.project.content import ContentStore
    from aigc_studio.ui.studio import Actions, Studio
    from aigc_studio.ui.window.board.area import BoardArea
    from aigc_studio.ui.window.dialogs import Dialogs
    from aigc_studio.ui.window.training.trainings import Trainings

Things = Sequence["Item | CandidateRecord"]

_SUBJECT = "learnt from the board"
_NAMED = 4
"""Models that are named; the others are counted."""


class FromBoard(QObject):
    """Lets a generator learn from what is on the board: it is looked over as files are, and a
    person says what becomes of it."""

    def __init__(
        self,
        studio: Studio,
        window: QWidget,
        area: BoardArea,
        trainings: Trainings,
        dialogs: Dialogs,
    ) -> None:
        super().__init__(window)
        self._studio = studio
        self._window = window
        self._area = area
        self._trainings = trainings
        self._dialogs = dialogs
        self.dialog: ImportDialog | None = None
        self._sets_down = False

    def begin(self) -> None:
        """Learn from the items that are selected; from the candidates where none is, or where the
        keyboard is among them."""
        self._area.view.finish_edits()
        items, ids = self._area.chosen_items(), self._area.strip.selected_ids()
        if ids and (not items or self._area.strip.list.hasFocus()):
            self.take_candidates(ids)
        else:
            self._take(items)

    def take_candidates(self, ids: Sequence[str]) -> None:
        """Learn from these candidates."""
        tray = self._studio.project.candidates
        self._take([tray.record(id) for id in ids if tray.waits(id)])

    def _take(self, things: Things) -> None:
        if self._sets_down or self.dialog is not None:
            return  # asked for twice
        media = {each.content.medium for each in things}
        if len(media) != 1:
            self._studio.say(
                _(
                    "A generator learns from one kind of thing: select pictures only, texts only "
                    "or tunes only."
                )
                if media
                else _("Select what is to be learnt from: pictures, texts or tunes."),
                "info",
                subject=_SUBJECT,
            )
            return
        store, models = self._studio.project.store, self._studio.models
        self._sets_down = True
        self._studio.errands.run(
            lambda: _set_down(store, things, models),
            lambda down: self._open(down, media.pop()),
            self._fail,
        )

    def _fail(self, error: Exception) -> None:
        self._sets_down = False
        self._studio.say_error(error)

    def _open(self, down: _SetDown, medium: Medium) -> None:
        self._sets_down = False
        things = list(down.things.values())
        dialog = ImportDialog(self._studio.dataset_store, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(_("Learn from the board"))
        dialog.imported.connect(self._take_data)
        dialog.looked.connect(partial(self._tell_makers, down))
        dialog.finished.connect(partial(self._clear_away, down.home))
        page = dialog.page
        page.set_medium(medium)
        page.name.setText(self._name())
        page.licence.setCurrentText(licence_of(things, self._studio.models))
        if medium == "text" and len(things) > 1:  # as they are: each of them is one example
            page.options.split_text.setCurrentIndex(page.options.split_text.findData("whole"))
        self.dialog = dialog
        dialog.open()
        dialog.lead_on([down.home], _("Selected on the board"))

    def _tell_makers(self, down: _SetDown, found: Preflight) -> None:
        """Say who made what of it is used; a source that a person has written stays."""
        used = [down.things[row.path] for row in found.used if row.path in down.things]
        if self.dialog is None:
            return
        page = self.dialog.page
        page.show_note(narrowing(used))
        if page.source.text() in ("", down.source):
            down.source = source_of(used)
            page.source.setText(down.source)

    def _name(self) -> str:
        from aigc_studio.library.names import free_name, proper_name

        path = self._studio.project.path
        name = proper_name(path.stem) if path else _("From the board")
        return free_name(name, self._studio.dataset_store.names())

    def _clear_away(self, home: Path, _result: int) -> None:
        from aigc_studio.library import unpacking

        self.dialog = None
        self._studio.errands.run(
            lambda: unpacking.drop(home.parent), lambda _none: None, self._studio.say_error
        )

    def _take_data(self, name: str) -> None:
        dialog = self.dialog
        if dialog is None:
            return
        medium = str(dialog.page.medium())
        if not dialog.leads_on:
            self._tell(name, medium)
        elif generator := learner_of(self._studio, medium):
            self._trainings.ask_with(generator, name)
        else:
            sentence = _("No generator here learns from this kind of data.")
            self._studio.say(sentence, "info", subject=_SUBJECT)

    def _tell(self, name: str, medium: str) -> None:
        info = self._studio.dataset_store.info(name)
        sentence = _("“{name}” holds {examples} now.")
        words = sentence.format(name=info.title, examples=examples_text(info.examples))
        generator = learner_of(self._studio, medium)
        actions: Actions = [(_("Show in the Library"), lambda: self._show(name))]
        if generator:
            ask = partial(self._trainings.ask_with, generator, name)
            actions.insert(0, (_("Train…"), ask))
        self._studio.say(words, "info", actions, subject=_SUBJECT)

    def _show(self, name: str) -> None:
        self._dialogs.show_library()
        self._dialogs.library.show_dataset(name)


def makers(things: Things) -> Counter[str]:
    """How many were made by which model, the most first; what no generator made is not counted."""
    made = (each.provenance for each in things)
    return Counter(_maker(each) for each in made if each is not None)


def _maker(made: Provenance) -> str:
    return made.model or made.generator


def _told(counts: Mapping[str, int]) -> str:
    """`“digits” (12), “mine” (6)`."""
    names = sorted(counts, key=lambda each: -counts[each])
    one = _("“{name}” ({count})")
    return enumerated((one.format(name=each, count=f"{counts[each]:,}") for each in names), _NAMED)


def source_of(things: Things) -> str:
    """What is written down of where it comes from."""
    counts = makers(things)
    if not counts:
        return _("from the board")
    sentence = _("from the board, {made} of {total} made by models: {models}")
    return sentence.format(made=counts.total(), total=len(things), models=_told(counts))


def narrowing(things: Things) -> str:
    """What to know where models made some of it; empty where none did."""
    counts = makers(things)
    if not counts:
        return ""
    sentence = ngettext(
        "{made} of {total} was made by a model: {models}. A model that learns from what models "
        "made becomes narrower each time: the more of your own is among it, the better.",
        "{made} of {total} were made by models: {models}. A model that learns from what models "
        "made becomes narrower each time: the more of your own is among it, the better.",
        counts.total(),
    )
    return sentence.format(made=counts.total(), total=len(things), models=_told(counts))


def licence_of(things: Things, models: Collection[ModelInfo]) -> str:
    """The licences of the models that made all of it; empty where one is not known."""
    found: list[str] = []
    for each in things:
        model = _model_of(each.provenance, models)
        licence = localized(model.card.get("licence") or "") if model is not None else ""
        if not licence:
            return ""
        found.append(licence)
    return "; ".join(dict.fromkeys(found))


def _model_of(made: Provenance | None, models: Collection[ModelInfo]) -> ModelInfo | None:
    from aigc_studio.library.identity import recalled

    return None if made is None else recalled(models, made.model_digest, made.model)


@dataclass
class _SetDown:
    """Things in a folder, each by its path; `source` is what was last said of where they come
    from."""

    home: Path
    things: dict[Path, Item | CandidateRecord] = field(default_factory=dict)
    source: str = ""


def _set_down(store: ContentStore, things: Things, models: Collection[ModelInfo]) -> _SetDown:
    """A folder with a file for each, in its own pixels, words and notes; in a folder of its class
    where it is called as one that its model knows."""
    from aigc_studio import files
    from aigc_studio.library import unpacking
    from aigc_studio.wire.artifacts import write_artifact

    down = _SetDown(unpacking.scratch("board") / files.named_after(_("Board"), "board"))
    named: dict[str, list[tuple[str, Item | CandidateRecord]]] = {}
    for each in things:
        title = _title(each)
        named.setdefault(_class_of(title, each.provenance, models), []).append((title, each))
    for label, group in named.items():
        folder = down.home / label
        folder.mkdir(parents=True, exist_ok=True)
        stems = [(files.named_after(title, "item"), "") for title, _each in group]
        paths = files.free_paths(folder, stems)
        for path, (_name, each) in zip(paths, group, strict=True):
            down.things[write_artifact(store.get(each.content), path)] = each
    return down


def _title(thing: Item | CandidateRecord) -> str:
    from aigc_studio.project import Item

    return thing.name if isinstance(thing, Item) else localized(thing.title)


def _class_of(title: str, made: Provenance | None, models: Collection[ModelInfo]) -> str:
    """The class that a model has put in the title of what it made; empty for none."""
    from aigc_studio import files

    model = _model_of(made, models)
    controls = model.card.get("controls") if model is not None else None
    classes = controls.get("classes") if isinstance(controls, dict) else None
    known = [localized(each) for each in classes] if isinstance(classes, list | tuple) else []
    return title if title in known and files.named_after(title, "") == title else ""
