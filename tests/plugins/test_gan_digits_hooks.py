import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import gan_digits
import numpy as np
import pytest
from kinds import there

from aigc_studio.api import Description, Image, Operation
from aigc_studio.api.hookspecs import HOOKS
from aigc_studio.ui.forms.schema import fields_of

WITHOUT_TORCH = """
import sys
import gan_digits
gan_digits.describe().to_json()
sys.exit(int("torch" in sys.modules))
"""


def test_describing_does_not_import_torch() -> None:
    path = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    done = subprocess.run([sys.executable, "-c", WITHOUT_TORCH], env=path, check=False)
    assert done.returncode == 0


def test_the_hooks_stay_hooks_when_everything_is_imported() -> None:
    import gan_digits.editing
    import gan_digits.evaluating
    import gan_digits.generating
    import gan_digits.learning

    assert all(callable(getattr(gan_digits, name)) for name in HOOKS)


def test_the_description_crosses_the_border() -> None:
    described = gan_digits.describe().to_json() | {"verbs": ["train", "generate", "edit"]}
    back = Description.from_json(described)
    edits = [operation.id for operation in back.of_verb("edit")]
    assert edits == ["clean-up", "regenerate", "change-class", "morph"]
    assert there(back.operation("morph")).artifacts == 2
    assert there(back.operation("regenerate")).selection == "required"


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
    found = dict(spoken(gan_digits.describe().to_json()))
    assert len(found) > 40
    for path, value in found.items():
        assert value.get("zh"), path
        assert any("\u4e00" <= character <= "\u9fff" for character in value["zh"]), path


@pytest.mark.parametrize("operation", gan_digits.describe().operations, ids=lambda each: each.id)
def test_every_parameter_says_what_it_is(operation: Operation) -> None:
    for name, field in operation.schema["properties"].items():
        told = field["x-ui"]
        assert told["label"]["en"], name
        assert told["help"]["en"], name
        if "enum" in field:
            assert set(told["choices"]) == set(field["enum"]), name


def test_how_characters_differ_is_a_plain_question_that_is_seen() -> None:
    making = next(each for each in gan_digits.describe().operations if each.id == "generate")
    fields = {field.name: field for field in fields_of(making.schema, "en")}
    assert fields["unevenness"].label == "Differences between characters"
    assert not fields["unevenness"].advanced


def test_what_a_card_lays_out_is_ink_on_paper_as_all_that_is_made() -> None:
    read = [piece.read() for each in gan_digits.describe().starters for piece in each.pieces]
    pictures = [each for each in read if isinstance(each, Image)]
    assert pictures
    assert all(np.median(each.pixels) == 255 for each in pictures)
