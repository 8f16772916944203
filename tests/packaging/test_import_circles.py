"""No module needs one that needs it, not even later: what is meant by a floor has one direction."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

KNOWN = {("aigc_studio.ui.theme", "aigc_studio.ui.style_sheet")}
"""The theme wears the sheet, whose arrows are icons in the colours of the theme."""


def graph() -> dict[str, set[str]]:
    """What each module imports, within functions too; not what it imports for types alone."""
    found = grimp.build_graph("aigc_studio", exclude_type_checking_imports=True, cache_dir=None)
    return {
        name: {each for each in found.find_modules_directly_imported_by(name)
               if (name, each) not in KNOWN}
        for name in found.modules
    }  # fmt: skip


def test_no_modules_import_each_other_in_a_circle() -> None:
    imports = graph()
    assert len(imports) > 500
    assert all(target in imports for _source, target in KNOWN)
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))
