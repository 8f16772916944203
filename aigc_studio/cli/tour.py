"""`aigc-studio tour`: the main job from end to end on what comes with the studio, no network.

It leaves pictures, a model, a project and a report in a folder, and touches nothing else.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.api import (
    Candidate,
    Checkpoint,
    EditRequest,
    GenerateRequest,
    Image,
    Mask,
    Metric,
    Preview,
    StudioError,
)
from aigc_studio.cli import asking, choosing
from aigc_studio.cli.console import Console
from aigc_studio.cli.handwriting import draw_digit, draw_folder
from aigc_studio.cli.tour_report import Report
from aigc_studio.translation import _, language

if TYPE_CHECKING:
    from aigc_studio.host import PluginRecord, WorkerPool
    from aigc_studio.library import ModelInfo, Training
    from aigc_studio.project import Item, Project

GENERATOR = "gan-digits"
PICTURES_EACH = 40


def run(arguments: argparse.Namespace) -> None:
    """Do it all, and say where the results are. Raises `StudioError`."""
    from aigc_studio.host import WorkerPool

    console = Console(as_json=arguments.json)
    folder = arguments.out.resolve()
    if folder.exists() and any(folder.iterdir()):
        if not (folder / "report.html").exists():
            sentence = _("The folder {path} is not empty: name another one with --out.")
            raise StudioError(sentence.format(path=folder))
        folder = _beside(folder)
    folder.mkdir(parents=True, exist_ok=True)
    record = choosing.find_generator(GENERATOR)
    pool = WorkerPool(folder / ".work")
    tour = Tour(folder, record, pool, console)
    try:
        tour.train(arguments.steps)
        tour.generate()
        tour.edit()
        tour.keep()
    finally:
        pool.close()
        tour.close()
    console.document({"folder": str(folder), "steps": tour.report.steps})
    console.say(_("Everything is in {path}. Open report.html there.").format(path=folder))


def _beside(folder: Path) -> Path:
    number = 2
    while folder.with_name(f"{folder.name}-{number}").exists():
        number += 1
    return folder.with_name(f"{folder.name}-{number}")


class Tour:
    """The main job, step by step; each step writes what it made and a line of the report."""

    def __init__(
        self, folder: Path, record: PluginRecord, pool: WorkerPool, console: Console
    ) -> None:
        from aigc_studio.library import ModelStore
        from aigc_studio.project import Project

        self.folder = folder
        self.record = record
        self.pool = pool
        self.console = console
        self.report = Report(folder)
        self.models = ModelStore(folder / "models")
        self.project: Project = Project.new(folder / ".session")

    def close(self) -> None:
        """Remove what only the work needed."""
        import shutil

        self.project.close()
        for name in (".work", ".session", ".jobs"):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def train(self, steps: int) -> None:
        """Draw a folder of digits, make a dataset of it, and train on it for a few steps."""
        training = self._new_training(steps)
        started = time.monotonic()
        last = self._learn(training)
        model = training.publish(self.models)
        if model is None or last is None:
            raise StudioError(_("The training made no model: give it more --steps."))
        seconds = time.monotonic() - started
        sentence = _(
            "Trained a model for {steps} steps in {seconds:.0f} seconds. What it drew then:"
        )
        self._show(sentence.format(steps=steps, seconds=seconds), "training.png", last)

    def _new_training(self, steps: int) -> Training:
        """A training of so many steps, on a dataset that is drawn for it."""
        from aigc_studio.library import DatasetStore, NewTraining, TrainingStore
        from aigc_studio.wire.parameters import in_effect

        drawn = self.folder / "drawn digits"
        draw_folder(drawn, PICTURES_EACH)
        datasets = DatasetStore(self.folder / "datasets")
        for _progress in datasets.import_files(drawn, "drawn", "image"):
            pass  # over in a moment
        info = datasets.info("drawn")
        self._say(
            _("Data: {train} drawn digits to learn from, {test} held out.").format(
                train=info.train, test=info.test
            )
        )
        description = asking.describe(self.record)
        return TrainingStore(self.folder / ".jobs").create(
            NewTraining(
                GENERATOR,
                datasets.open("drawn"),
                name="my first model",
                steps=steps,
                parameters=in_effect(description.of_verb("train")[0].schema, {}),
                versions={description.id: description.version},
                distribution=self.record.source.distribution,
            )
        )

    def _learn(self, training: Training) -> Image | None:
        """Run it to its end, and give the last picture that showed what it drew."""
        last: Image | None = None
        request = training.request(threads=self.pool.threads, language=language())
        run = self.pool.start(self.record, "train", request, fresh=True)
        for event in run.events():
            self.console.event(event)
            if isinstance(event, Checkpoint):
                training.note_checkpoint(event)
            elif isinstance(event, Preview) and isinstance(event.artifact, Image):
                last = event.artifact
            elif isinstance(event, Metric):
                self.report.note_metric(event)
        training.note("done")
        return last

    def generate(self) -> None:
        """Ask the model that came with the studio for a number, and put it on the board."""
        request = GenerateRequest(
            operation="generate",
            prompt="2024",
            seed=7,
            count=4,
            model=self._shipped().folder,
            language=language(),
        )
        started = time.monotonic()
        candidates = self._candidates("generate", request)
        seconds = time.monotonic() - started
        sentence = _("Asked the included model for 2024, four times ({seconds:.1f} s):")
        self._say(sentence.format(seconds=seconds))
        for candidate in candidates:
            self._show(_("seed {seed}").format(seed=candidate.seed), _file(candidate), candidate)
        self._accept(request, "generate", candidates[0], ())

    def edit(self) -> None:
        """Clean up a drawn digit, redo a part of it, and turn it into another one."""
        from aigc_studio.library import readers

        drawing = self.folder / "drawing.png"
        draw_digit("3", drawing, seed=77)
        picture = readers.read_artifact(drawing, "image")
        self.report.picture(_("A drawn 3:"), drawing.name)
        cleaned = self._edit("clean-up", picture, _("Cleaned up by the model:"), "clean-up.png")
        if not isinstance(cleaned, Image):
            raise StudioError(_("The generator gave no picture."))
        part = self._regenerate(cleaned)
        self._edit("change-class", part, _("The same hand writes an 8:"), "eight.png", prompt="8")

    def _regenerate(self, picture: Image) -> Image:
        import numpy as np

        mask = np.zeros((picture.height, picture.width), np.uint8)
        mask[picture.height // 2 :] = 255
        title = _("Only the lower half was made anew:")
        result = self._edit(
            "regenerate", picture, title, "regenerated.png", mask=Mask(mask), prompt="3"
        )
        if not isinstance(result, Image) or (result.pixels != picture.pixels)[mask == 0].any():
            raise StudioError(_("Pixels outside the mask have changed."))
        return result

    def keep(self) -> None:
        """Undo, redo, save the project, open it again, compare, and export the board's items."""
        from aigc_studio.project import Project, export

        before = self.project.board.items
        self.project.undo()
        self.project.redo()
        path = self.folder / "tour.aigc"
        self.project.save(path)
        again = Project.open(path, self.folder / ".session" / "again")
        try:
            if again.board.items != before:
                raise StudioError(_("The project came back differently."))
        finally:
            again.close()
        for item in before:
            artifact = self.project.store.get(item.content)
            export.export(artifact, self.folder / f"export {item.id}.png", item.provenance)
        sentence = _("Saved {path}, opened it again: {count} items, as they were.")
        self._say(sentence.format(path=path.name, count=len(before)))
        self.report.write()

    def _shipped(self) -> ModelInfo:
        models = [model for model in self.models.list(GENERATOR) if model.shipped]
        if not models:
            raise StudioError(
                _("No model came with this installation of the studio: install it again.")
            )
        return models[0]

    def _edit(
        self, operation: str, picture: Any, title: str, name: str, *, prompt: str = "",
        mask: Mask | None = None,
    ) -> Any:  # fmt: skip
        from aigc_studio.project.making import FramedEdit

        model = self._shipped()
        framed = FramedEdit((picture,), mask, model.card)
        request = EditRequest(
            operation=operation,
            prompt=prompt,
            seed=7,
            model=model.folder,
            language=language(),
            artifacts=framed.artifacts,
            selections=framed.selections,
            latents=(None,),
        )
        found = self._candidates("edit", request)[0]
        made = dataclasses.replace(found, artifact=framed.finish(found.artifact, found.part))
        self._show(title, name, made)
        self._accept(request, "edit", made, (picture.digest,), mask)
        return made.artifact

    def _candidates(self, verb: str, request: Any) -> list[Candidate]:
        run = self.pool.start(self.record, verb, request)
        found = []
        for event in run.events():
            self.console.event(event)
            if isinstance(event, Candidate):
                found.append(event)
        self.console.end_progress()
        if not found:
            raise StudioError(_("The generator gave no picture."))
        return found

    def _accept(
        self, request: Any, verb: str, made: Candidate, parents: tuple[str, ...],
        mask: Mask | None = None,
    ) -> Item:  # fmt: skip
        from aigc_studio.project.candidates import CandidateRecord
        from aigc_studio.project.making import provenance_of

        description = asking.describe(self.record)
        provenance = provenance_of(
            description, verb, request, model=self._shipped(), seed=made.seed or 0,
            parents=parents, selection=mask, composite=bool(parents),
        )  # fmt: skip
        tray = self.project.candidates
        content = self.project.store.put(made.artifact)
        tray.add(CandidateRecord(id=tray.new_id(), content=content, provenance=provenance))
        command = tray.accept(tray.list()[-1].id)
        self.project.do(command)
        return self.project.board.items[-1]

    def _show(self, title: str, name: str, made: Any) -> None:
        picture: Any = made.artifact if isinstance(made, Candidate) else made
        picture.to_pillow().save(self.folder / name)
        self.report.picture(title, name)
        self.console.note(f"{title} {name}")

    def _say(self, line: str) -> None:
        self.report.line(line)
        self.console.note(line)


def _file(candidate: Candidate) -> str:
    return f"2024 seed {candidate.seed}.png"
