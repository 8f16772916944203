"""What RNN text says of itself, and that saying it costs nothing."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rnn_text
from kinds import there
from rnn_text.hooks import WORK

from aigc_studio.api import Description, Operation, Span, Text
from aigc_studio.api.hookspecs import HOOKS

WITHOUT_TORCH = """
import sys
import rnn_text
rnn_text.describe().to_json()
sys.exit(int("torch" in sys.modules or "numpy" in sys.modules))
"""


def test_describing_imports_neither_torch_nor_numpy() -> None:
    path = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    done = subprocess.run([sys.executable, "-c", WITHOUT_TORCH], env=path, check=False)
    assert done.returncode == 0


def test_the_hooks_stay_hooks_when_everything_is_imported() -> None:
    import rnn_text.training.learning
    import rnn_text.writing.continuing
    import rnn_text.writing.generating

    assert all(callable(getattr(rnn_text, name)) for name in HOOKS)


def test_the_readme_names_every_module() -> None:
    folder = Path(rnn_text.__file__).parent
    told = (folder / "README.md").read_text("utf-8")
    assert [each.name for each in folder.glob("[!_]*.py") if f"`{each.name}`" not in told] == []


def test_the_description_crosses_the_border() -> None:
    described = rnn_text.describe().to_json() | {"verbs": ["train", "generate", "edit"]}
    back = Description.from_json(described)
    assert back.of_verb("generate")[0].id == "generate"
    edits = [operation.id for operation in back.of_verb("edit")]
    assert {"continue", "pick", "like"} <= set(edits)
    pick = there(back.operation("pick"))
    assert pick.pick
    assert pick.live
    assert pick.selection == "required"
    assert not there(back.operation("continue")).pick


def test_every_operation_but_training_and_measuring_has_its_function() -> None:
    listed = {
        each.id for each in rnn_text.describe().operations if each.verb in ("generate", "edit")
    }
    assert listed <= set(WORK)


def spoken(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every localized string in a JSON value, with where it stands."""
    if isinstance(value, dict) and "en" in value:
        yield path, value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from spoken(part, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for number, part in enumerate(value):
            yield from spoken(part, f"{path}[{number}]")


def test_every_string_is_in_both_languages() -> None:
    found = dict(spoken(rnn_text.describe().to_json()))
    assert len(found) > 60
    for path, value in found.items():
        assert value.get("zh"), path
        assert any("\u4e00" <= character <= "\u9fff" for character in value["zh"]), path


@pytest.mark.parametrize("operation", rnn_text.describe().operations, ids=lambda each: each.id)
def test_every_parameter_says_what_it_is(operation: Operation) -> None:
    for name, field in operation.schema.get("properties", {}).items():
        told = field["x-ui"]
        assert told["label"]["en"], name
        assert told["help"]["en"], name
        if "enum" in field:
            assert set(told["choices"]) == set(field["enum"]), name


def test_daring_comes_first_and_the_finer_ones_are_under_advanced() -> None:
    operation = next(each for each in rnn_text.describe().operations if each.id == "generate")
    shown = [
        name
        for name, field in operation.schema["properties"].items()
        if not field["x-ui"].get("advanced")
    ]
    assert shown == ["daring", "length", "stop"]


def test_the_speech_breaks_off_where_the_caret_stands() -> None:
    starter = next(each for each in rnn_text.describe().starters if each.id == "continue")
    (piece,) = starter.pieces
    text = piece.read()
    assert isinstance(text, Text)
    assert Span(*piece.marked) == Span(len(text), len(text))
    assert not piece.made
