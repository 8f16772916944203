"""In what order the first screen offers what can be done at once."""

from dataclasses import replace

from PySide6.QtWidgets import QApplication

from aigc_studio.api import Description, Operation, Starter, Text
from aigc_studio.ui.window.beginning.offers import starter_offers


def starter(id: str, model: str = "") -> Starter:
    return Starter(id=id, title=id, operation="write", prompt="x", model=model)


ABOUT = Description(
    id="verse",
    title="Verse",
    medium=Text,
    operations=(Operation(id="write", verb="generate", title="Write", prompt="optional"),),
    starters=(starter("speech", "bard"), starter("anything"), starter("poem", "tang")),
)


def order(*abouts: Description, models: dict[str, str]) -> list[str]:
    offers = starter_offers(
        abouts, lambda _about, _starter: True, None, lambda _about, _starter: None, models
    )
    return [each.title for each in offers]


def test_those_of_the_model_in_use_come_first(qapp: QApplication) -> None:
    assert order(ABOUT, models={"verse": "tang"}) == ["anything", "poem", "speech"]
    assert order(ABOUT, models={"verse": "bard"}) == ["speech", "anything", "poem"]
    assert order(ABOUT, models={}) == ["anything", "speech", "poem"]


def test_each_generator_has_a_model_of_its_own(qapp: QApplication) -> None:
    prose = replace(
        ABOUT, id="prose", starters=(starter("letter", "tang"), starter("tale", "bard"))
    )
    models = {"verse": "tang", "prose": "bard"}
    assert order(prose, ABOUT, models=models) == ["tale", "letter", "anything", "poem", "speech"]
