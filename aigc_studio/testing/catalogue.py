"""All checks in order, and what cannot be looked at where another fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aigc_studio.testing import (
    again,
    beginning,
    evaluating,
    growing,
    odd,
    promises,
    results,
    telling,
    training,
    wishes,
)
from aigc_studio.testing.bench import Bench
from aigc_studio.testing.publishing import contents, measured, written

Question = Callable[[Bench], str | None]
"""A check: it raises `Violation`, `Advice` or `NotApplicable`, or gives what it measured."""

CHECKS: Mapping[str, Question] = {
    "description": promises.check_description,
    "no_torch": promises.check_no_torch,
    "names": promises.check_names,
    "operations": promises.check_operations,
    "schemas": promises.check_schemas,
    "train": training.check_train,
    "one_step": beginning.check_one_step,
    "generate": results.check_generate,
    "edit": results.check_edit,
    "partials": growing.check_partials,
    "progress": telling.check_progress,
    "quiet": telling.check_quiet,
    "starters": results.check_starters,
    "latents": results.check_latents,
    "evaluate": results.check_evaluate,
    "metrics": telling.check_metrics,
    "same_metrics": evaluating.check_same_metrics,
    "tiny_evaluation": evaluating.check_tiny_evaluation,
    "same_seed": results.check_same_seed,
    "first_ones": results.check_first_ones,
    "own_seed": wishes.check_own_seed,
    "seeds": wishes.check_seeds,
    "counts": wishes.check_counts,
    "refusals": odd.check_refusals,
    "controls": odd.check_controls,
    "prompts": wishes.check_prompts,
    "ranges": wishes.check_ranges,
    "cancel": training.check_cancel,
    "pause": training.check_pause,
    "stop": training.check_stop,
    "let_go": again.check_let_go,
    "after_failure": again.check_after_failure,
    "resume": training.check_resume,
    "early_resume": beginning.check_early_resume,
    "damaged_resume": beginning.check_damaged_resume,
    "training_ranges": beginning.check_training_ranges,
    "tiny_data": training.check_tiny_data,
    "empty_data": training.check_empty_data,
    "odd_data": training.check_odd_data,
    "corrupt_data": training.check_corrupt_data,
    "odd_input": odd.check_odd_input,
    "parts": odd.check_parts,
    "bad_model": odd.check_bad_model,
    "two_models": again.check_two_models,
    "memory": again.check_memory,
    "leftovers": again.check_leftovers,
    "language": telling.check_language,
    "paths": results.check_paths,
    "own_folders": results.check_own_folders,
    "warnings": telling.check_warnings,
}
"""Every check of the conformance kit by its name."""

PUBLISHING: Mapping[str, Question] = {
    "project": written.check_project,
    "version": written.check_version,
    "requirements": written.check_requirements,
    "licence": written.check_licence,
    "about": written.check_about,
    "reserved": written.check_reserved,
    "translations": telling.check_translations,
    "models": contents.check_models,
    "files": contents.check_files,
    "import_time": measured.check_import_time,
    "footprint": measured.check_footprint,
    "offline": measured.check_offline,
    "uses": measured.check_uses,
}
"""Every check of publishing by its name."""

ALL: Mapping[str, Question] = {**CHECKS, **PUBLISHING}
"""Those, and what publishing needs."""

_made = (
    "starters", "latents", "same_seed", "first_ones", "partials", "paths", "progress", "quiet",
    "let_go", "after_failure", "two_models", "memory", "leftovers", "counts", "ranges", "prompts",
    "language", "warnings", "offline", "footprint",
)  # fmt: skip

NEEDS: Mapping[str, tuple[str, ...]] = {
    "description": tuple(name for name in ALL if name != "description"),
    "train": (
        "one_step", "cancel", "pause", "stop", "resume", "tiny_data", "odd_data", "corrupt_data",
        "early_resume", "damaged_resume", "training_ranges", "two_models", "metrics", "progress",
        "offline",
    ),
    "one_step": ("early_resume", "damaged_resume"),
    "generate": (*_made, "controls", "own_seed", "seeds"),
    "edit": (*_made, "odd_input", "parts"),
    "evaluate": ("metrics", "progress", "same_metrics", "tiny_evaluation", "offline"),
}  # fmt: skip
"""What cannot be looked at where an action of a check does not even go well, by that check."""

AKIN: Mapping[str, tuple[str, ...]] = {
    "train": ("one_step",),
    "generate": ("counts", "own_seed"),
    "same_seed": ("first_ones", "own_seed", "after_failure", "two_models"),
    "first_ones": ("own_seed",),
}  # fmt: skip
"""What would tell the same fault once more, by the check that has told it."""
