"""A training that goes on from a model runs with all the parameters that its operation has now."""

from aigc_studio.api import Operation, Parameters, parameter
from aigc_studio.ui.window.training.going_on import _parameters


class Learning(Parameters):
    order: int = parameter(2, "Memory")
    smooth: bool = parameter(True, "Smooth")


def test_what_the_card_does_not_know_has_its_default() -> None:
    operation = Operation(id="train", verb="train", title="Train", parameters=Learning)
    assert _parameters({"order": 5, "layers": 9}, operation) == {"order": 5, "smooth": True}
