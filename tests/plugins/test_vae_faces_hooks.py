"""What VAE faces says of itself, and that saying it costs nothing."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import vae_faces
from kinds import there

from aigc_studio.api import Description, Image, Operation
from aigc_studio.api.hookspecs import HOOKS
from aigc_studio.ui.forms.schema import fields_of

WITHOUT_TORCH = """
import sys
import vae_faces
vae_faces.describe().to_json()
sys.exit(int("torch" in sys.modules))
"""


def test_describing_does_not_import_torch() -> None:
    path = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    done = subprocess.run([sys.executable, "-c", WITHOUT_TORCH], env=path, check=False)
    assert done.returncode == 0


def test_the_hooks_stay_hooks_when_everything_is_imported() -> None:
    import vae_faces.editing
    import vae_faces.making.generating
    import vae_faces.training.learning

    assert all(callable(getattr(vae_faces, name)) for name in HOOKS)


def test_the_description_crosses_the_border() -> None:
    described = vae_faces.describe().to_json() | {"verbs": ["train", "generate", "edit"]}
    back = Description.from_json(described)
    assert [each.id for each in back.of_verb("generate")] == ["generate", "walk"]
    edits = [operation.id for operation in back.of_verb("edit")]
    assert edits == ["regenerate", "restore", "change", "vary", "blend", "wander"]
    assert there(back.operation("blend")).artifacts == 2
    assert there(back.operation("regenerate")).selection == "required"
    assert there(back.operation("change")).controls
    assert [each.model for each in back.starters] == ["cartoon"] * 3


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
    found = dict(spoken(vae_faces.describe().to_json()))
    assert len(found) > 60
    for path, value in found.items():
        assert value.get("zh"), path
        assert any("\u4e00" <= character <= "\u9fff" for character in value["zh"]), path


@pytest.mark.parametrize("operation", vae_faces.describe().operations, ids=lambda each: each.id)
def test_every_parameter_says_what_it_is(operation: Operation) -> None:
    for name, field in operation.schema.get("properties", {}).items():
        told = field["x-ui"]
        assert told["label"]["en"], name
        assert told["help"]["en"], name
        if "enum" in field:
            assert set(told["choices"]) == set(field["enum"]), name


def test_a_walk_asks_for_its_length_and_how_far_and_daring_it_is() -> None:
    walk = there(next(each for each in vae_faces.describe().operations if each.id == "walk"))
    assert {field.name for field in fields_of(walk.schema, "en")} == {
        "frames", "distance", "variety",
    }  # fmt: skip


def test_what_the_cards_lay_out_is_drawn_and_marked_where_it_is_torn() -> None:
    pieces = [piece for each in vae_faces.describe().starters for piece in each.pieces]
    pictures = [each for each in (piece.read() for piece in pieces) if isinstance(each, Image)]
    assert [(each.width, each.height, each.mode) for each in pictures] == [(64, 64, "RGB")] * 4
    assert not any(piece.made for piece in pieces)
    left, top, right, bottom = pieces[0].marked
    white = (pictures[0].pixels == 255).all(axis=2)
    rows, columns = np.nonzero(white)
    inside = (rows >= top) & (rows < bottom) & (columns >= left) & (columns < right)
    assert inside.mean() > 0.9, "but for the light in an eye"
