"""The checks on paper: what a generator says of itself, before it does anything."""

from __future__ import annotations

import json
from collections.abc import Iterator

from aigc_studio.api.description import Description
from aigc_studio.testing.bench import Bench
from aigc_studio.testing.report import Violation
from aigc_studio.translation import _
from aigc_studio.wire.offered import all_faults, form_faults, operation_faults, title_faults


def check_description(bench: Bench) -> None:
    """It loads, describes itself, and offers at least one verb."""
    record = bench.record
    if record.state != "ready":
        raise Violation(record.reason, record.details, record.reason)
    about = bench.about
    own = [each for each in record.warnings if each not in set(all_faults(about))]
    if own:  # what is wrong with what it offers, the checks below tell
        raise Violation(own[0])
    if Description.from_json(json.loads(json.dumps(about.to_json()))) != Description.from_json(
        about.to_json()
    ):
        raise Violation(_("Its description is not the same after it crossed the border as JSON."))


def check_no_torch(bench: Bench) -> None:
    """Loading it does not import torch."""
    if bench.record.imports_torch:
        raise Violation(
            _(
                "It imports torch when it is loaded, which takes a second. Import torch, and the "
                "modules that need it, inside train() and generate()."
            )
        )


def check_names(bench: Bench) -> None:
    """Titles are there in every language that is used."""
    _refuse(title_faults(bench.about))


def check_operations(bench: Bench) -> None:
    """Each operation takes as many artifacts as its verb can have, and each verb has one."""
    _refuse(operation_faults(bench.about))


def check_schemas(bench: Bench) -> None:
    """Every parameter has a label and a default that fits its own range."""
    _refuse(form_faults(bench.about))


def _refuse(faults: Iterator[str]) -> None:
    for sentence in faults:
        raise Violation(sentence)
