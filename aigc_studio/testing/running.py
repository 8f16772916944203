"""Putting a plugin through the checks, one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from aigc_studio.api.dataset import Dataset
from aigc_studio.api.errors import StudioError
from aigc_studio.host import PluginSource
from aigc_studio.testing.badges import keep_badges
from aigc_studio.testing.bench import STEPS, Bench
from aigc_studio.testing.catalogue import AKIN, ALL, CHECKS, NEEDS
from aigc_studio.testing.report import (
    Advice,
    Check,
    NotApplicable,
    Outcome,
    Report,
    Violation,
)
from aigc_studio.testing.titles import title_of
from aigc_studio.translation import _, enumerated


def check_plugin(
    plugin: PluginSource | Path | str,
    *,
    steps: int = STEPS,
    model: Path | None = None,
    parameters: Mapping[str, Any] | None = None,
    data: Dataset | None = None,
    only: Sequence[str] = tuple(CHECKS),
    on_check: Callable[[Check], None] | None = None,
    on_begin: Callable[[str], None] | None = None,
) -> Report:
    """Put a generator through the checks, in real workers: by path, by name or by source.

    `only` are names of `ALL`; those of the kit unless others are given. `on_begin` is told the name
    of each check before it, `on_check` what came of it. What is broken is told by the first check
    that meets it; those that need it are not reached. The badges that were measured are kept.
    `steps`, `model`, `parameters` and `data` are as in `GeneratorConformance`.
    Raises `StudioError` when there is no such plugin, or no such check in `only`.
    """
    refuse_unknown(only, ALL)
    bench = Bench(plugin, steps=steps, model=model, parameters=parameters, data=data)
    checks: list[Check] = []
    try:
        for name in only:
            if on_begin is not None:
                on_begin(name)
            check = run_check(name, bench)
            checks.append(check)
            if on_check is not None:
                on_check(check)
        title, badges = bench.record.title, keep_badges(bench.record, checks)
    except BaseException:  # Ctrl+C ends within a second, whatever the plugin does
        bench.close(seconds=0.2)
        raise
    bench.close()
    return Report(str(title), tuple(checks), badges)


def refuse_unknown(names: Iterable[str], known: Iterable[str]) -> None:
    """Raises `StudioError` that says what there is, for a name that is not among them."""
    known = list(known)
    for name in names:
        if name not in known:
            sentence = _("There is no check {name}. There are: {names}.")
            raise StudioError(sentence.format(name=name, names=enumerated(known)))


def run_check(name: str, bench: Bench) -> Check:
    """One check and what came of it; never raises what the plugin did wrong."""
    began = time.monotonic()
    outcome: Outcome = "passed"
    sentence = details = ""
    root = _told_by(name, bench)
    try:
        if not root:
            sentence = ALL[name](bench) or ""
    except Violation as error:
        outcome, sentence, details = "failed", str(error), error.details
        bench.failed.add(name)
        root = bench.causes.get(error.cause, "")
        if error.cause:  # an action did not even go well
            bench.roots[name] = bench.causes.setdefault(error.cause, name)
    except Advice as advice:
        outcome, sentence = "warned", str(advice)
    except NotApplicable as reason:
        outcome, sentence = "skipped", str(reason)
    if root and root != name:
        bench.roots[name] = root
        outcome, details = "unreached", ""
        sentence = _("not reached; first fix “{title}”").format(title=title_of(root))
    return Check(
        name,
        title_of(name),
        outcome,
        sentence,
        time.monotonic() - began,
        details,
        bench.how.get(name, ""),
    )


def _told_by(name: str, bench: Bench) -> str:
    """The check that has told what this one would stumble over, or an empty string."""
    needed = [bench.roots[each] for each, others in NEEDS.items()
              if name in others and each in bench.roots]  # fmt: skip
    akin = [each for each, others in AKIN.items() if name in others and each in bench.failed]
    return next(iter([*needed, *akin]), "")
