"""A hook whose module is not there is told when the plugin is loaded, and not when it is asked."""

from pathlib import Path

import pytest
from kinds import there

from aigc_studio.worker.plugin import PluginRefused, join

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


def _folder(folder: Path, work: str, beside: str = "") -> dict[str, str]:
    package = folder / "slow"
    package.mkdir()
    hooks = SOURCE.format(hook='api.hookimpl(".work:train")').replace("waiting", "slow")
    (package / "__init__.py").write_text(hooks, "utf-8")
    (package / "work.py").write_text(work, "utf-8")
    (package / "net.py").write_text(beside, "utf-8")
    return {"kind": "folder", "name": "slow", "path": str(package), "target": ""}


@pytest.mark.parametrize(
    ("work", "beside", "name"),
    [
        ("x = 1\ndef train(request:\n", "", "work.py"),
        ("from .net import x", "x = 1\nreturn 3", "net.py"),
    ],
)
def test_a_slip_in_a_module_that_is_read_later_is_told_when_the_plugin_is_loaded(
    tmp_path: Path, work: str, beside: str, name: str
) -> None:
    with pytest.raises(PluginRefused, match=rf"SyntaxError: .* \(slow/{name}, line 2\)") as refused:
        join(_folder(tmp_path, work, beside))
    assert there(refused.value.place).file == str(tmp_path / "slow" / name)


def test_what_is_read_later_is_not_run(tmp_path: Path) -> None:
    plugin = join(
        _folder(tmp_path, "from . import net\nraise SystemExit", "if 1 is 1: raise KeyError")
    )
    assert plugin.warnings == ()


def test_what_nobody_imports_may_be_half_written(tmp_path: Path) -> None:
    join(_folder(tmp_path, "def train(request): yield", "x = ("))


def test_what_lies_beside_a_single_file_is_not_its_own_unless_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "work_of_it.py").write_text("x = (", "utf-8")
    (tmp_path / "of_another.py").write_text("x = (", "utf-8")
    source = {"kind": "file", "name": "single", "path": str(tmp_path / "single.py"), "target": ""}
    Path(source["path"]).write_text(SOURCE.format(hook="None  # none"), "utf-8")
    with pytest.raises(PluginRefused, match="has neither train"):
        join(source)
    hook = 'api.hookimpl("work_of_it:train")'
    Path(source["path"]).write_text(SOURCE.format(hook=hook), "utf-8")
    with pytest.raises(PluginRefused, match=r"never closed \(work_of_it.py, line 1\)"):
        join(source)
