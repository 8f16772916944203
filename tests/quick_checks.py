"""The checks of the kit that most of our generators are put to: all but those of seconds each."""

from collections.abc import Mapping
from typing import Any

from aigc_studio.testing import CHECKS

SLOW = {
    "one_step", "tiny_evaluation", "counts", "ranges", "after_failure", "damaged_resume",
    "training_ranges", "two_models", "memory", "leftovers",
}  # fmt: skip
"""Each has plugins of its own in the tests of the kit; `plugins check` asks for them all."""

QUICK = tuple(name for name in CHECKS if name not in SLOW)

SMALL: Mapping[str, Mapping[str, Any]] = {
    "gan-digits": {"width": 8, "batch_size": 16, "size": "16"},
    "vae-faces": {"width": 8, "batch_size": 4},
    "rnn-text": {"width": 64},
    "rnn-melody": {"width": 64},
}
"""What the kit's trainings of ours are asked for: what they are by default takes minutes more, and
is begun, held and cancelled all the same."""
