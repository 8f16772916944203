"""What a plugin is refused for, or warned of, when it is loaded: the words, and the line."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from kinds import there

from aigc_studio.wire.places import place_of_function
from aigc_studio.worker.plugin import Plugin, PluginRefused, join

CODE = """
from aigc_studio import api


class Wish(api.Parameters):
    bells: int = api.parameter(6, "Bells", minimum=4, maximum=8)


@api.hookimpl
def describe() -> api.Description:
    ring = api.Operation(id="ring", verb="generate", title="Ring", parameters=Wish)
    return api.Description(id="mine", title="Mine", medium=api.Melody, operations=(ring,))


@api.hookimpl
def generate(request):
    yield
"""
DESCRIBE, GENERATE = 10, 16


def _joined(folder: Path, old: str, new: str) -> Plugin:
    assert old in CODE
    path = folder / "mine.py"
    path.write_text(CODE.replace(old, new), encoding="utf-8")
    return join({"kind": "file", "name": "mine", "path": str(path), "target": ""})


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ("def generate(", "def genrate(", "genrate() is marked as a hook", GENERATE),
        ("@api.hookimpl\ndef g", "def g", "hook generate is not marked", GENERATE - 1),
        ("return api.D", "api.D", "must return a Description, not NoneType", DESCRIBE),
        ('verb="generate"', 'verb="make"', "has the verb make. The verbs are: train", DESCRIBE),
        ('verb="generate"', 'verb="edit"', "lists the operation ring", DESCRIBE),
        ("(api.Parameters)", "", "must be a subclass of Parameters", DESCRIBE),
    ],
)
def test_what_is_refused_names_the_hook_and_its_line(
    tmp_path: Path, old: str, new: str, said: str, line: int
) -> None:
    with pytest.raises(PluginRefused) as refused:
        _joined(tmp_path, old, new)
    assert said in refused.value.reason
    place = there(refused.value.place)
    assert (Path(place.file).name, place.line) == ("mine.py", line)
    assert f"It stands in mine.py, line {line}." in refused.value.reason


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("parameter(6", "parameter(60", "bells of ring: its default 60 is out of its range."),
        ("api.parameter(6", "int(6) #", "bells of ring: it has no label; make it with"),
        (' = api.parameter(6, "B', '  # ("', "bells of ring: it has no label; make it with"),
        ("bells", "count", "count of ring: the studio already has something of this name"),
        ("bells: int", "bells: list[int]", "bells of ring: a form can show only int"),
        ('title="Ring"', 'title="x", artifacts=1', "ring says that 1 artifacts go in"),
        ('title="Ring"', 'title="x", prompt="required"', "ring requires a prompt: give it"),
    ],
)
def test_what_cannot_be_offered_as_it_is_meant_is_a_warning(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    (warning,) = _joined(tmp_path, old, new).warnings
    assert said in warning


def test_a_hook_without_a_def_has_its_own_line_and_not_that_of_the_next_def(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("hook = lambda request: request\n\n\ndef other(): ...\n")
    spec = spec_from_file_location("mine", tmp_path / "mine.py")
    module = module_from_spec(there(spec))
    there(there(spec).loader).exec_module(module)
    assert there(place_of_function(module.hook, tmp_path)).line == 1
    assert there(place_of_function(module.other, tmp_path)).line == 4


def test_nothing_is_said_of_one_that_is_right(tmp_path: Path) -> None:
    assert _joined(tmp_path, "yield", "yield ").warnings == ()
