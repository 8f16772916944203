import gan_digits
import numpy as np
from kinds import there

from aigc_studio.api import Description, Image
from aigc_studio.ui.forms.schema import fields_of


def test_the_description_crosses_the_border() -> None:
    described = gan_digits.describe().to_json() | {"verbs": ["train", "generate", "edit"]}
    back = Description.from_json(described)
    edits = [operation.id for operation in back.of_verb("edit")]
    assert edits == ["clean-up", "regenerate", "change-class", "morph"]
    assert there(back.operation("morph")).artifacts == 2
    assert there(back.operation("regenerate")).selection == "required"


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
