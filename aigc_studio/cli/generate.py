"""`aigc-studio generate`: new artifacts into a folder, or straight into a dataset."""

from __future__ import annotations

import argparse
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from aigc_studio.api import Candidate, GenerateRequest, StudioError
from aigc_studio.cli import asking, model_choice, naming, results
from aigc_studio.cli.console import Console
from aigc_studio.cli.pace import Pace
from aigc_studio.translation import _, language

if TYPE_CHECKING:
    from aigc_studio.host import PluginRecord
    from aigc_studio.library import ModelInfo
    from aigc_studio.project.provenance import Provenance


@dataclass(frozen=True)
class Wish:
    """Who is asked for what: a generator, its model, the request."""

    record: PluginRecord
    model: ModelInfo | None
    request: GenerateRequest

    def candidates(self, console: Console, first: int, count: int) -> Generator[Candidate]:
        """What comes, shown as a part of the `count` numbers from the seed `first` on.

        Close it to end the action. Raises `StudioError` when it fails.
        """
        show = Pace(console, first, count) if count > results.SHOWN else None
        events = asking.events(self.record, "generate", self.request, console, show)
        with closing(events):
            for event in events:
                if isinstance(event, Candidate):
                    yield event

    def provenance(self, seed: int) -> Provenance:
        """What to remember of the candidate of this seed."""
        from aigc_studio.project.making import provenance_of

        assert self.record.description is not None
        return provenance_of(
            self.record.description, "generate", self.request, model=self.model, seed=seed
        )


def run(arguments: argparse.Namespace) -> None:
    """Ask the generator and write what it makes. Raises `StudioError`."""
    from aigc_studio.cli import generated

    console = Console(as_json=arguments.json)
    begun = asking.begin(arguments, "generate", console)
    if begun is None:
        return
    record, operation = begun
    _check_place(arguments)
    model = model_choice.find_model(record, arguments.model)
    with results.scratch_folder() as folder:
        request = GenerateRequest(
            operation=operation.id,
            parameters=asking.parse_parameters(operation, arguments),
            seed=asking.choose_seed(arguments.seed),
            count=arguments.count,
            prompt=arguments.prompt,
            model=model.folder if model else None,
            folder=folder,
            language=language(),
        )
        model_choice.tell_model(model, arguments.model, console)
        wish = Wish(record, model, request)
        if arguments.to_data:
            generated.write_dataset(wish, arguments.to_data, console)
        else:
            _write_folder(wish, arguments, console)


def _check_place(arguments: argparse.Namespace) -> None:
    out: Path | None = arguments.out
    if arguments.to_data:
        if out is not None or arguments.resume:
            sentence = _("--to-data makes a dataset: leave --out and --resume away.")
            raise StudioError(sentence)
        return
    if out is None:
        raise StudioError(_("--out FOLDER is missing: where shall the results go?"))
    if out.exists() and not out.is_dir():
        raise StudioError(_("{path} is a file, not a folder.").format(path=out))
    if arguments.resume and arguments.seed is None:
        raise StudioError(_("--resume needs the --seed that was begun with."))


def _write_folder(wish: Wish, arguments: argparse.Namespace, console: Console) -> None:
    """Each result a file that is named by its seed; with `--resume` the missing ones."""
    first, count = wish.request.seed, wish.request.count
    names = naming.Names(arguments.out, asking.describe(wish.record))
    there = names.there(first, count) if arguments.resume else 0
    if there:
        sentence = _("{there} of {count} seeds are there already.")
        console.note(sentence.format(there=there, count=count))
        # The last one is made again: it may be half of several, and tells whether all is alike.
        skipped = there - 1
        rest = replace(wish.request, seed=first + skipped, count=count - skipped)
        wish = replace(wish, request=rest)
    written = results.Results(console, arguments, wish.request.count, wish.model)
    try:
        with written, closing(wish.candidates(console, first, count)) as candidates:
            for event in candidates:
                seed = event.seed or 0
                written.add(event.artifact, names.path(event), wish.provenance(seed), seed)
    except BaseException:
        if written.count:
            command = naming.resuming(arguments, first)
            console.note(_("Make the rest with: {command}").format(command=command))
        raise
    if wish.request.count > results.SHOWN:
        sentence = _("{count} results are in {folder}, from seed {first} to {last}.")
        last = first + count - 1
        console.say(
            sentence.format(count=written.count, folder=arguments.out, first=first, last=last)
        )
