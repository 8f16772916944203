"""A hook whose module is not there is told when the plugin is loaded, and not when it is asked."""

import sys
from pathlib import Path

import pytest
from kinds import there

from aigc_studio.api import GenerateRequest
from aigc_studio.api.late_hooks import HookNotFound
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
    for name in ("slow.work", "slow.net"):  # of another test: a worker has one plugin
        sys.modules.pop(name, None)
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
        _folder(tmp_path, "from . import net, train\nraise SystemExit", "if 1 is 1: raise KeyError")
    )
    assert plugin.warnings == ()


@pytest.mark.parametrize(
    "imports",
    ["", "import torch.nn.net", "from torch.net import x", "from .part.net import x", "import net",
     "from torch import net", "from . import part"],
)  # fmt: skip
def test_what_nobody_imports_may_be_half_written(tmp_path: Path, imports: str) -> None:
    source = _folder(tmp_path, f"{imports}\ndef train(request): yield", "x = (")
    part = Path(source["path"]) / "part"
    part.mkdir()
    (part / "__init__.py").touch()
    for beside in (tmp_path / "slow.py", part.with_name("part.py")):  # packages go before them
        beside.write_text("x = (", "utf-8")
    join(source)


@pytest.mark.parametrize(
    ("imports", "name"),
    [
        ("from . import net", "net.py"),
        ("from .net import x", "net.py"),
        ("import slow.net", "net.py"),
        ("from slow import net", "net.py"),
        ("from slow.net import x", "net.py"),
        ("from .part import deep", "part/deep.py"),
        ("from .part import fine", "net.py"),
        ("import slow.part.whole", "part/whole/__init__.py"),
    ],
)
def test_all_ways_to_import_what_is_the_plugins_own_are_followed(
    tmp_path: Path, imports: str, name: str
) -> None:
    source = _folder(tmp_path, f"{imports}\ndef train(request): yield", "x = (")
    part = Path(source["path"]) / "part"
    (part / "whole").mkdir(parents=True)
    (part / "__init__.py").touch()
    (part / "deep.py").write_text("y = (")
    (part / "fine.py").write_text("from ..net import x")
    (part / "whole" / "__init__.py").write_text("z = (")
    with pytest.raises(PluginRefused, match="never closed") as refused:
        join(source)
    assert there(refused.value.place).file == str(tmp_path / "slow" / name)


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


OPERATIONS = """
from aigc_studio import api
from aigc_studio.toolkit import hooks_in

@api.hookimpl
def describe():
    draw = api.Operation(id="draw-it", verb="generate", title="Draw")
    return api.Description(id="slow", title="Slow", medium=api.Text, operations=(draw,))

{hooks}
"""
ALL = 'train, generate, edit, evaluate = hooks_in(f"{__name__}.work")'


@pytest.mark.parametrize(
    ("hooks", "work", "lacks"),
    [
        (ALL, "def train(r): ...\ndef draw_it(r): ...\nedit = evaluate = train", []),
        (ALL, "def generate(r): ...\nfrom .net import train, edit, evaluate", []),
        (ALL, "def __getattr__(name): ...", []),
        (ALL, "from .net import *", []),
        (ALL, "def train(r): ...\ndef draw(r): ...", ["draw_it", "edit", "evaluate"]),
        ('generate = api.hookimpl(".work:made")', "def made(r): ...", []),
        ('generate = api.hookimpl(".work:made")', "def mode(r): ...", ["made"]),
        # Words name the one function that is called, whatever the operation is called.
        ('generate = api.hookimpl(".work:made")', "def draw_it(r): ...", ["made"]),
        ('generate = api.hookimpl(".work:generate")', "def draw_it(r): ...", ["generate"]),
        (ALL, "exec('def generate(r): ...')", []),
    ],
)
def test_an_operation_without_a_function_is_told_when_the_plugin_is_loaded(
    tmp_path: Path, hooks: str, work: str, lacks: list[str]
) -> None:
    source = _folder(tmp_path, work)
    (Path(source["path"]) / "__init__.py").write_text(OPERATIONS.format(hooks=hooks), "utf-8")
    warnings = join(source).warnings
    assert [each.split("()")[0] for each in warnings] == [f"work.py has no {n}" for n in lacks]


def test_a_hook_that_was_taken_with_the_others_says_what_to_do(tmp_path: Path) -> None:
    source = _folder(tmp_path, "def train(r): ...\ndef draw_it(r): ...\nevaluate = train")
    (Path(source["path"]) / "__init__.py").write_text(OPERATIONS.format(hooks=ALL), "utf-8")
    (told,) = join(source).warnings
    assert "do not take the hook edit from hooks_in(…)" in told


def test_an_operation_without_a_function_says_so_when_it_is_asked(tmp_path: Path) -> None:
    source = _folder(tmp_path, "def train(request): yield")
    (Path(source["path"]) / "__init__.py").write_text(OPERATIONS.format(hooks=ALL), "utf-8")
    plugin = join(source)
    with pytest.raises(HookNotFound, match=r"slow.work has neither draw_it\(\) nor generate\(\)"):
        plugin.call("generate", GenerateRequest(operation="draw-it"))


@pytest.mark.parametrize(
    ("work", "lacks"),
    [
        ("import gone_by, json", ["gone_by"]),
        ("import json\nfrom gone_by.parts import nothing", ["gone_by"]),
        ("import gone_by.parts as parts", ["gone_by"]),
        ("from .gone import nothing", [".gone"]),
        ("from .net import it", []),
        ("from . import net\nfrom .net import it", []),
        ("import os.path, aigc_studio.toolkit\nfrom json import dumps", []),
        # What it may do without, or imports when it needs it.
        ("try:\n    import gone_by\nexcept ImportError:\n    gone_by = None", []),
        ("def train(r):\n    import gone_by", []),
    ],
)
def test_a_package_that_is_not_here_is_told_when_the_plugin_is_loaded(
    tmp_path: Path, work: str, lacks: list[str]
) -> None:
    source = _folder(tmp_path, f"{work}\ndef learn(request): ...\ntrain = learn", "it = 1")
    line = 2 if work.startswith("import json\n") else 1
    words = f"work.py imports {{}} in line {line}, and there is no module of that name here."
    assert list(join(source).warnings) == [words.format(each) for each in lacks]


def test_so_it_is_in_what_the_late_module_imports(tmp_path: Path) -> None:
    source = _folder(tmp_path, "from .net import train", "import gone_by\ntrain = print")
    assert "net.py imports gone_by in line 1" in " ".join(join(source).warnings)
