"""What a plugin may rely on does not change unawares."""

import difflib

from public_surface import KEPT, surface


def test_the_public_surface_is_what_was_meant() -> None:
    before, now = KEPT.read_text("utf-8").splitlines(), surface().splitlines()
    changed = "\n".join(difflib.unified_diff(before, now, "kept", "now", n=0, lineterm=""))
    assert not changed, (
        f"{changed}\nIf that is meant: what is taken away goes through api/deprecations.py first; "
        "then run python tests/public_surface.py."
    )


def test_no_place_of_this_machine_and_no_object_is_in_it() -> None:
    told = KEPT.read_text("utf-8")
    assert " at 0x" not in told
    assert "<function" not in told
    assert "api.hookimpl" in told
    assert "toolkit.training_loop" in told
