"""`aigc-studio generate`: new artifacts into a folder, or straight into a dataset."""

from __future__ import annotations

import argparse
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from aigc_studio.api import Candidate, Description, GenerateRequest, StudioError
from aigc_studio.cli import (
    animating,
    asking,
    growing,
    model_choice,
    naming,
    one_file,
    results,
    steering,
)
from aigc_studio.cli.console import Console
from aigc_studio.cli.wish import Wish
from aigc_studio.translation import _, enumerated, language
from aigc_studio.wire import check_request


def run(arguments: argparse.Namespace) -> None:
    """Ask the generator and write what it makes. Raises `StudioError`."""
    from aigc_studio.cli import generated

    console = Console(as_json=arguments.json)
    begun = asking.begin(arguments, "generate", console)
    if begun is None:
        return
    record, operation = begun
    parameters = asking.parse_parameters(operation, arguments)
    model = model_choice.model_of(arguments, record, operation)
    controls = steering.parse_controls(arguments, asking.describe(record), operation, model)
    request = GenerateRequest(
        operation=operation.id,
        parameters=parameters,
        controls=controls,
        seed=asking.choose_seed(arguments.seed),
        count=arguments.count,
        prompt=arguments.prompt,
        model=model.folder if model else None,
        language=language(),
    )
    asking.refuse_wrong(check_request(asking.describe(record), "generate", request))
    animating.check(arguments, asking.describe(record))
    _check_place(arguments, asking.describe(record))
    _suffix(arguments, asking.describe(record))
    together = one_file.is_asked_for(arguments, asking.describe(record))
    with results.scratch_folder() as folder:
        model_choice.tell_model(model, arguments.model, console)
        wish = Wish(record, model, replace(request, folder=folder))
        if arguments.to_data:
            generated.write_dataset(wish, arguments.to_data, console)
        elif together and asking.describe(record).medium == "text":
            one_file.write(wish, arguments, console)
        elif together:
            _write_files(wish, arguments, console)
        else:
            _write_folder(wish, arguments, console)


def _check_place(arguments: argparse.Namespace, description: Description) -> None:
    out: Path | None = arguments.out
    results.check_enlarging(arguments)
    if arguments.to_data:
        if arguments.enlarge != 1.0:
            raise StudioError(_("--enlarge is for files: leave it out with --to-data."))
        if arguments.animation:
            raise StudioError(_("--animation is for files: leave it out with --to-data."))
        if arguments.format:
            raise StudioError(_("--format is for files: leave it out with --to-data."))
        if out is not None or arguments.resume:
            sentence = _("--to-data makes a dataset: leave --out and --resume out.")
            raise StudioError(sentence)
        arguments.to_data = _dataset_name(arguments.to_data)
        return
    if out is None:
        raise StudioError(_("--out FOLDER is missing: where should the results go?"))
    if out.exists() and not out.is_dir() and not one_file.is_asked_for(arguments, description):
        sentence = _("{path} is a file, not a folder: name a folder with --out.")
        raise StudioError(sentence.format(path=out))
    if arguments.resume and arguments.seed is None:
        raise StudioError(_("--resume needs the --seed that the folder was begun with."))


def _suffix(arguments: argparse.Namespace, description: Description) -> str:
    """What the names of the files end with; "" where nothing was said. Raises `StudioError`."""
    from aigc_studio.project import export

    if not arguments.format:
        return ""
    known = next(ends for medium, ends in export.SUFFIXES.items() if medium == description.medium)
    suffix: str = "." + arguments.format.lower().lstrip(".")
    if suffix not in known:
        sentence = _("--format must be one of {formats} for {generator}, not {format}.")
        formats = enumerated([each[1:] for each in known])
        raise StudioError(
            sentence.format(formats=formats, generator=description.title, format=arguments.format)
        )
    return suffix


def _dataset_name(name: str) -> str:
    """The name of the new dataset. Raises `StudioError` before anything is made in vain."""
    from aigc_studio.library import DatasetStore
    from aigc_studio.library.names import checked_name

    return checked_name(name, DatasetStore().names())


def _write_folder(wish: Wish, arguments: argparse.Namespace, console: Console) -> None:
    """Each result a file that is named by its seed; with `--resume` the missing ones."""
    first, count = wish.request.seed, wish.request.count
    description = asking.describe(wish.record)
    names = naming.Names(arguments.out, description, _suffix(arguments, description))
    there = names.there(first, count) if arguments.resume else 0
    if there:
        _check_alike(wish, names.first_of(first + there - 1), first + there - 1, arguments)
        # The last one is made again: it may be half of several, and tells whether all is alike.
        skipped = there - 1
        rest = replace(wish.request, seed=first + skipped, count=count - skipped)
        wish = replace(wish, request=rest)
    written = results.Results(console, arguments, wish.request.count, wish.model)
    try:
        stream = growing.wants_stream(arguments)
        with written, closing(wish.results(console, first, count, stream=stream)) as made:
            for frames in animating.gathered(made, bool(arguments.animation)):
                event, stopped = frames[0]
                if stopped:
                    _add_stopped(written, event, names, wish)
                    continue
                refusal = _not_alike(arguments.out) if there else None
                _add(written, frames, names, wish, arguments, refusal)
                if there and written.count == 1:
                    sentence = _("{there} of {count} seeds are there already.")
                    console.note(sentence.format(there=there, count=count))
    except BaseException:
        if written.fresh:
            command = naming.resuming(arguments, first)
            console.note(_("Make the rest with: {command}").format(command=command))
        raise
    if wish.request.count > results.SHOWN or there:
        total, last = names.files(first, count), first + count - 1
        _tell_made(written.fresh, total, first, last, arguments, console)


def _write_files(wish: Wish, arguments: argparse.Namespace, console: Console) -> None:
    """The first result to the file that `--out` names, the others beside it with a number."""
    names = naming.NumberedNames(arguments.out)
    first, count = wish.request.seed, wish.request.count
    written = results.Results(console, arguments, count, wish.model)
    with written, closing(wish.results(console, first, count, stream=False)) as made:
        for frames in animating.gathered(made, bool(arguments.animation)):
            event, stopped = frames[0]
            if stopped:
                _add_stopped(written, event, names, wish)
            else:
                _add(written, frames, names, wish, arguments, None)


def _add(
    written: results.Results,
    frames: list[animating.Frame],
    names: naming.Names | naming.NumberedNames,
    wish: Wish,
    arguments: argparse.Namespace,
    refusal: StudioError | None,
) -> None:
    """Write one result, or an animation of the frames of one; `refusal` is what to raise when there
    is another one in its place."""
    event = frames[0][0]
    seed, made_by = event.seed or 0, wish.provenance(event.seed or 0)
    path = animating.path_of(names.path(event), arguments, frames)
    try:
        if len(frames) > 1:
            written.add_animation(animating.pictures(frames), path, made_by, seed)
        else:
            written.add(event.artifact, path, made_by, seed)
    except results.Occupied as error:
        raise (refusal or error) from None


def _add_stopped(
    written: results.Results,
    event: Candidate,
    names: naming.Names | naming.NumberedNames,
    wish: Wish,
) -> None:
    """Write what was there of a result, under a name that leaves the whole one its own."""
    seed = event.seed or 0
    made_by = wish.provenance(seed, stopped=True)
    written.add(event.artifact, names.stopped(event), made_by, seed, stopped=True)


def _tell_made(
    made: int, total: int, first: int, last: int, arguments: argparse.Namespace, console: Console
) -> None:
    sentence = _("{count} results are in {folder}, from seed {first} to {last}.")
    if arguments.resume:
        sentence = _(
            "{made} made now: {count} results are in {folder}, from seed {first} to {last}."
        )
    console.say(
        sentence.format(made=made, count=total, folder=arguments.out, first=first, last=last)
    )


def _check_alike(wish: Wish, path: Path, seed: int, arguments: argparse.Namespace) -> None:
    """Raise `StudioError` when what is there says that it was made with other settings."""
    wanted = wish.provenance(seed)
    if arguments.no_prompt:
        wanted = replace(wanted, prompt="")
    others = naming.other_settings(path, wanted)
    if others:
        raise _not_alike(arguments.out, " ".join(others))


def _not_alike(folder: Path, settings: str = "") -> StudioError:
    if settings:
        sentence = _(
            "What is in {folder} was made with other settings ({settings}), so it cannot be "
            "continued: use the same settings, or choose another folder."
        )
    else:
        sentence = _(
            "What is in {folder} was made with other settings, so it cannot be continued: use "
            "the same settings, or choose another folder."
        )
    return StudioError(sentence.format(folder=folder, settings=settings))
