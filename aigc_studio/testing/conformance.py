"""All checks in order, as a report and as a test class."""

from __future__ import annotations

import time
import unittest
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from aigc_studio.api.errors import StudioError
from aigc_studio.host import PluginSource
from aigc_studio.testing import growing, odd, promises, results, training
from aigc_studio.testing.bench import STEPS, Bench
from aigc_studio.testing.placing import beside_test
from aigc_studio.testing.report import Check, NotApplicable, Outcome, Report, Violation
from aigc_studio.translation import _, enumerated

CHECKS: dict[str, Callable[[Bench], None]] = {
    "description": promises.check_description,
    "no_torch": promises.check_no_torch,
    "names": promises.check_names,
    "operations": promises.check_operations,
    "schemas": promises.check_schemas,
    "train": training.check_train,
    "generate": results.check_generate,
    "edit": results.check_edit,
    "partials": growing.check_partials,
    "starters": results.check_starters,
    "latents": results.check_latents,
    "evaluate": results.check_evaluate,
    "same_seed": results.check_same_seed,
    "first_ones": results.check_first_ones,
    "refusals": odd.check_refusals,
    "controls": odd.check_controls,
    "cancel": training.check_cancel,
    "pause": training.check_pause,
    "stop": training.check_stop,
    "resume": training.check_resume,
    "tiny_data": training.check_tiny_data,
    "empty_data": training.check_empty_data,
    "odd_data": training.check_odd_data,
    "corrupt_data": training.check_corrupt_data,
    "odd_input": odd.check_odd_input,
    "parts": odd.check_parts,
    "bad_model": odd.check_bad_model,
    "paths": results.check_paths,
    "own_folders": results.check_own_folders,
}
"""Every check by its name; a check raises `Violation`, or `NotApplicable`."""


_all = tuple(name for name in CHECKS if name != "description")
NEEDS: dict[str, tuple[str, ...]] = {
    "description": _all,
    "train": ("cancel", "pause", "stop", "resume", "tiny_data", "odd_data", "corrupt_data"),
    "generate": ("starters", "latents", "same_seed", "first_ones", "controls", "partials", "paths"),
    "edit": (
        "starters",
        "latents",
        "same_seed",
        "first_ones",
        "odd_input",
        "parts",
        "partials",
        "paths",
    ),
}
"""What cannot be looked at where an action of a check does not even go well, by that check."""


def check_plugin(
    plugin: PluginSource | Path | str,
    *,
    steps: int = STEPS,
    model: Path | None = None,
    only: Sequence[str] = tuple(CHECKS),
    on_check: Callable[[Check], None] | None = None,
) -> Report:
    """Put a generator through the checks, in real workers: by path, by name or by source.

    Raises `StudioError` when there is no such plugin, or no such check in `only`. What is broken is
    told by the first check that meets it; those that need it are not reached.
    """
    unknown = [name for name in only if name not in CHECKS]
    if unknown:
        sentence = _("There is no check {name}. There are: {names}.")
        raise StudioError(sentence.format(name=unknown[0], names=enumerated(CHECKS)))
    bench = Bench(plugin, steps=steps, model=model)
    checks: list[Check] = []
    try:
        for name in only:
            check = run_check(name, bench)
            checks.append(check)
            if on_check is not None:
                on_check(check)
    except BaseException:  # Ctrl+C ends within a second, whatever the plugin does
        bench.close(seconds=0.2)
        raise
    bench.close()
    return Report(str(bench.record.title), tuple(checks))


def run_check(name: str, bench: Bench) -> Check:
    """One check and what came of it; never raises what the plugin did wrong."""
    began = time.monotonic()
    outcome: Outcome = "passed"
    sentence = details = ""
    needed = [each for each, others in NEEDS.items() if name in others and each in bench.roots]
    root = bench.roots[needed[0]] if needed else ""
    try:
        if not root:
            CHECKS[name](bench)
    except Violation as error:
        outcome, sentence, details = "failed", str(error), error.details
        root = bench.causes.get(error.cause, "")
        if error.cause:  # an action did not even go well
            bench.roots[name] = bench.causes.setdefault(error.cause, name)
    except NotApplicable as reason:
        outcome, sentence = "skipped", str(reason)
    if root and root != name:
        bench.roots[name] = root
        outcome, details = "unreached", ""
        sentence = _("not reached; first mend “{title}”").format(title=title_of(root))
    return Check(name, title_of(name), outcome, sentence, time.monotonic() - began, details)


def title_of(name: str) -> str:
    """What a check asks, in the spoken language."""
    return {
        "description": _("It loads and describes itself"),
        "no_torch": _("Loading it does not import torch"),
        "names": _("It has titles"),
        "operations": _("Its operations fit their verbs"),
        "schemas": _("Its parameters have labels and valid defaults"),
        "train": _("It trains, and its model is kept and works"),
        "generate": _("It generates with its defaults"),
        "edit": _("It edits with its defaults"),
        "partials": _("What it shows while it makes belongs to what it makes"),
        "starters": _("What it offers for an empty board works"),
        "latents": _("It edits what it made with the latent given back"),
        "evaluate": _("It evaluates a dataset and an item"),
        "same_seed": _("The same seed gives the same result"),
        "first_ones": _("More candidates do not change the first ones"),
        "refusals": _("Wrong values are refused by name"),
        "controls": _("What its model can be steered by works"),
        "cancel": _("Cancel takes effect within a second"),
        "pause": _("Pause holds it, resume lets it go on"),
        "stop": _("Stop ends it in good order"),
        "resume": _("Killed and resumed, it ends with the same weights"),
        "tiny_data": _("It copes with one or two examples"),
        "empty_data": _("It refuses an empty dataset"),
        "odd_data": _("It copes with examples of odd sizes"),
        "corrupt_data": _("It survives a damaged dataset"),
        "odd_input": _("It copes with odd items to edit"),
        "parts": _("It copes with any part that is selected"),
        "bad_model": _("It refuses a broken model file"),
        "paths": _("It copes with folders in any language"),
        "own_folders": _("It writes nowhere but into its folder"),
    }[name]


class GeneratorConformance:
    """A test class in three lines: subclass it, name it `Test…`, and say which `plugin`.

    `plugin` is the path of a file or folder, or the name of an installed plugin. A relative path
    begins at the test's own file, or at the project that it lies in. Runs under pytest; each check
    is a test of its own.
    """

    plugin: ClassVar[PluginSource | Path | str] = ""
    steps: ClassVar[int] = STEPS
    model: ClassVar[Path | None] = None
    _bench: ClassVar[Bench]

    @classmethod
    def setup_class(cls) -> None:
        """Open the bench that the tests share."""
        plugin = beside_test(cls.plugin, cls)
        cls._bench = Bench(plugin, steps=cls.steps, model=cls.model)

    @classmethod
    def teardown_class(cls) -> None:
        """End the workers and remove the files."""
        cls._bench.close()


def _test_of(name: str) -> Callable[[Any], None]:
    def test(self: GeneratorConformance) -> None:
        check = run_check(name, self._bench)
        if check.outcome == "failed":
            raise Violation("\n".join(filter(None, (check.sentence, check.details))))
        if check.outcome != "passed":
            raise unittest.SkipTest(check.sentence)

    test.__name__ = f"test_{name}"
    test.__doc__ = CHECKS[name].__doc__
    return test


for _name in CHECKS:
    setattr(GeneratorConformance, f"test_{_name}", _test_of(_name))
