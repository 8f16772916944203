"""Candidates written as files, with where they come from inside."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Artifact, Image, StudioError, Text
from aigc_studio.cli.console import Console
from aigc_studio.cli.failures import error_document
from aigc_studio.cli.growing import Stopped
from aigc_studio.cli.model_choice import model_document
from aigc_studio.cli.signals import one_step
from aigc_studio.folders import cache_folder
from aigc_studio.translation import _, ngettext

if TYPE_CHECKING:
    from aigc_studio.library import ModelInfo
    from aigc_studio.project.export import ExportOptions
    from aigc_studio.project.prints import Print
    from aigc_studio.project.provenance import Provenance


class Occupied(StudioError):
    """A file is there already, and is something else."""


MOST_TIMES = 1000

SUFFIXES = {"image": ".png", "text": ".txt", "melody": ".mid"}


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for the files of one action that is gone afterwards.

    After a kill, the next window or command of this kind takes it away.
    """
    from aigc_studio.host.leftovers import Workplace, sweep

    parent = cache_folder() / "workers"
    sweep(parent)
    try:
        place = Workplace(parent)
    except OSError:
        place = Workplace(Path(tempfile.gettempdir()))
    try:
        yield place.folder
    finally:
        place.remove()


SHOWN = 64
"""Up to so many results are told one by one, and synced to disk; more are counted.

Files that a seed makes again may be lost with the power, and a sync each takes longer than to make
one.
"""


class Results:
    """What an action makes: written and told as it comes, in one document with `--json`.

    A context: its end closes the document, and says what was saved before something failed.
    `asked` is how many numbers (seeds) `model` was asked for; `count` how many results came, and
    `fresh` how many of them were not there before.
    """

    def __init__(
        self,
        console: Console,
        arguments: argparse.Namespace,
        asked: int,
        model: ModelInfo | None = None,
    ) -> None:
        self._console = console
        self._arguments = arguments
        self._asked = asked
        self._model = model
        self._seed: int | None = None
        self._last: Path | None = None
        self.count = self.fresh = 0
        self.numbers = 0

    def __enter__(self) -> Results:
        self._console.begin_list("candidates")
        return self

    def add(
        self,
        artifact: Artifact,
        path: Path,
        provenance: Provenance,
        seed: int,
        *,
        stopped: bool = False,
    ) -> None:
        """Write a result and tell it, and whether it was stopped before it was finished.

        Raises `StudioError` as `write_result` does.
        """
        with one_step():
            durable = self._asked <= SHOWN
            fresh = write_result(artifact, path, provenance, self._arguments, durable=durable)
            self._count(path, seed, fresh)
        self._tell(path, artifact.medium, seed, stopped)

    def add_together(self, text: Text, path: Path, made: Sequence[Provenance]) -> None:
        """Write several results as the one text that they are, and tell it. Raises `StudioError`
        as `write_result` does."""
        seeds = [each.seed or 0 for each in made]
        with one_step():
            fresh = write_result(text, path, made, self._arguments)
            for seed in seeds:
                self._count(path, seed, fresh)
        for seed in seeds:
            self._console.item({"path": str(path), "medium": "text", "seed": seed})
        sentence = _("{path}  (seeds {first} to {last})")
        self._console.say(sentence.format(path=path, first=seeds[0], last=seeds[-1]))

    def add_animation(
        self, images: Sequence[Image], path: Path, provenance: Provenance, seed: int
    ) -> None:
        """Write the pictures of a strip as one animation, and tell it. Raises `StudioError`."""
        with one_step():
            files = _animation(images, path, provenance, self._arguments)
            self._count(path, seed, _place(files, self._asked <= SHOWN))
        self._tell(path, "image", seed, False)

    def _count(self, path: Path, seed: int, fresh: bool) -> None:
        self.fresh += fresh
        self.numbers += self._seed != seed
        self._seed, self._last = seed, path if fresh else self._last
        self.count += 1

    def _tell(self, path: Path, medium: str, seed: int, stopped: bool) -> None:
        told = {"path": str(path), "medium": medium, "seed": seed}
        self._console.item(told | ({"stopped": True} if stopped else {}))
        if stopped:
            sentence = _("{path}  (seed {seed}, stopped before it was finished)")
            self._console.say(sentence.format(path=path, seed=seed))
        elif self._asked <= SHOWN:
            self._console.say(_("{path}  (seed {seed})").format(path=path, seed=seed))

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        told: dict[str, Any] = {"model": model_document(self._model)}
        if isinstance(error, KeyboardInterrupt):
            told["cancelled"] = True
        elif error is not None:
            told["error"] = error_document(error, self._arguments)
        self._console.end_list(**told)
        if isinstance(error, Stopped):
            return  # it says what was kept
        if error is not None:
            self._tell_saved()
        elif 0 < self.numbers < self._asked:
            sentence = _("Only {made} of {asked} were made.")
            self._console.note(sentence.format(made=self.numbers, asked=self._asked))

    def _tell_saved(self) -> None:
        if self._last is not None:
            sentence = ngettext(
                "{count} result was saved before: {path}",
                "{count} results were saved before, the last one is {path}",
                self.fresh,
            )
            self._console.note(sentence.format(count=self.fresh, path=self._last))


def write_result(
    artifact: Artifact,
    path: Path,
    provenance: Provenance | Sequence[Provenance],
    arguments: argparse.Namespace,
    *,
    durable: bool = True,
) -> bool:
    """Export to `path`, labelled unless told otherwise. Never replaces another content.

    False when it was all there already. Raises `Occupied` when `path` holds something else, and
    `StudioError` when it cannot be written.
    """
    from aigc_studio.project import export

    options = _options(arguments, artifact)
    return _place(export.export_bytes(artifact, path, provenance, options), durable)


def _animation(
    images: Sequence[Image],
    path: Path,
    provenance: Provenance,
    arguments: argparse.Namespace,
) -> dict[Path, bytes]:
    from aigc_studio.project import export

    return export.animation_bytes(images, path, provenance, _options(arguments, images[0]))


def _options(arguments: argparse.Namespace, artifact: Artifact) -> ExportOptions:
    from aigc_studio.project.export import ExportOptions

    return ExportOptions(
        label=not arguments.no_label,
        include_prompt=not arguments.no_prompt,
        picture=_print_of(artifact, arguments),
    )


def check_enlarging(arguments: argparse.Namespace) -> None:
    """Raise `StudioError` for a `--enlarge` that no picture can have, before anything is made."""
    if not 0 < arguments.enlarge <= MOST_TIMES:
        sentence = _("--enlarge must be above 0 and at most {most}.")
        raise StudioError(sentence.format(most=MOST_TIMES))


def _print_of(artifact: Artifact, arguments: argparse.Namespace) -> Print | None:
    """How large a picture goes out; None for what is no picture, or goes out as it is."""
    if not isinstance(artifact, Image) or arguments.enlarge == 1.0:
        return None
    from aigc_studio.project.prints import Print

    times = arguments.enlarge
    width, height = (max(round(side * times), 1) for side in (artifact.width, artifact.height))
    return Print(width, height, smooth=not arguments.crisp)


def _place(files: dict[Path, bytes], durable: bool) -> bool:
    """Write all of them, in order, or none when one of them would replace something else.

    Whether anything was written.
    """
    from aigc_studio.files import plain_bytes, write_bytes

    target = next(iter(files))
    try:
        there = [target for target in reversed(files) if _holds_something(target)]
        for target in there:
            if plain_bytes(target) != files[target]:
                raise Occupied(_occupied(target, next(reversed(files))))
        for target, content in files.items():
            if target not in there:
                write_bytes(target, content, durable=durable)
        return len(there) < len(files)
    except OSError as error:
        sentence = _("{path} cannot be written ({problem}): free up space, or grant permission.")
        raise StudioError(sentence.format(path=target, problem=error.strerror or error)) from error


def _occupied(target: Path, path: Path) -> str:
    """That `target` is there already: the result itself, or only the label beside it."""
    if target == path:
        sentence = _("{path} already exists and is something else. Choose another place.")
        return sentence.format(path=path)
    sentence = _(
        "There is already {label} beside {path}, and it describes something else. Choose another "
        "place."
    )
    return sentence.format(path=path, label=target.name)


def _holds_something(path: Path) -> bool:
    """Whether a file is there; an empty one is what a power cut leaves of one not synced."""
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False
