"""The checks of the kit that most of our generators are put to: all but those of seconds each."""

from aigc_studio.testing import CHECKS

SLOW = {
    "one_step", "tiny_evaluation", "counts", "ranges", "after_failure", "damaged_resume",
    "training_ranges", "two_models", "memory", "leftovers",
}  # fmt: skip
"""Each has plugins of its own in the tests of the kit; `plugins check` asks for them all."""

QUICK = tuple(name for name in CHECKS if name not in SLOW)
