"""`aigc-studio generate`: new artifacts into a folder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from aigc_studio.api import Candidate, GenerateRequest, StudioError
from aigc_studio.cli import asking, model_choice, results
from aigc_studio.cli.console import Console
from aigc_studio.translation import _, language


def run(arguments: argparse.Namespace) -> None:
    """Ask the generator and write what it makes. Raises `StudioError`."""
    console = Console(as_json=arguments.json)
    begun = asking.begin(arguments, "generate", console)
    if begun is None:
        return
    record, operation = begun
    description = asking.describe(record)
    if arguments.out is None:
        raise StudioError(_("--out FOLDER is missing: where shall the results go?"))
    if arguments.out.exists() and not arguments.out.is_dir():
        raise StudioError(_("{path} is a file, not a folder.").format(path=arguments.out))
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
        written: list[dict[str, Any]] = []
        for event in asking.events(record, "generate", request, console):
            if isinstance(event, Candidate):
                path = arguments.out / _name(description.id, event, len(written), written)
                provenance = _provenance(record, model, request, event)
                results.write_result(event.artifact, path, provenance, arguments)
                medium = event.artifact.medium
                written.append({"path": str(path), "medium": medium, "seed": event.seed})
    results.report(written, console, model)


def _name(generator: str, event: Candidate, number: int, written: list[dict[str, Any]]) -> str:
    suffix = results.SUFFIXES[event.artifact.medium]
    name = f"{generator}-{event.seed}"
    if event.strip:
        name += f"-{event.strip}-{event.position:03}"
    taken = {Path(each["path"]).name for each in written}
    return f"{name}{suffix}" if f"{name}{suffix}" not in taken else f"{name}-{number + 1}{suffix}"


def _provenance(record: Any, model: Any, request: GenerateRequest, event: Candidate) -> Any:
    from aigc_studio.project.making import provenance_of

    return provenance_of(record.description, "generate", request, model=model, seed=event.seed or 0)
