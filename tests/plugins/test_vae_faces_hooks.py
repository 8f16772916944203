"""What VAE faces says of itself."""

import numpy as np
import vae_faces
from kinds import there

from aigc_studio.api import Description, Image
from aigc_studio.ui.forms.schema import fields_of


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
