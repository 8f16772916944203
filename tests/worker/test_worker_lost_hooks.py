"""A hook whose module is not there is told when the plugin is loaded, and not when it is asked."""

from pathlib import Path

import pytest

from aigc_studio.worker.plugin import join

SOURCE = """
from aigc_studio import api
from aigc_studio.toolkit import hooks_in

@api.hookimpl
def describe():
    return api.Description(id="waiting", title="Waiting", medium=api.Text)

train = {hook}
"""


@pytest.mark.parametrize("hook", ['api.hookimpl("gone_work:learn")', 'hooks_in("gone_work").train'])
def test_a_hook_without_its_module_is_told(tmp_path: Path, hook: str) -> None:
    path = tmp_path / "waits_for_it.py"
    path.write_text(SOURCE.format(hook=hook), encoding="utf-8")
    plugin = join({"kind": "file", "name": "waits_for_it", "path": str(path), "target": ""})
    told = "train() is to be found in the module gone_work, and there is none."
    assert told in plugin.warnings
