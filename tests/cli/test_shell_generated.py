"""What a dataset of results says of where it comes from: the same in every language."""

from types import SimpleNamespace
from typing import Any

import pytest

from aigc_studio.api import Description, GenerateRequest
from aigc_studio.cli import asking, generated
from aigc_studio.translation import set_language

FREE = {"en": "Free for all", "zh": "人人可用"}


@pytest.mark.parametrize("card", [{"licence": FREE}, {"licence": "", "data": {"licence": FREE}}])
def test_a_licence_in_two_languages_is_kept_in_english(
    monkeypatch: pytest.MonkeyPatch, card: dict[str, Any]
) -> None:
    about = Description(id="some", title="Some", medium="text", operations=())
    monkeypatch.setattr(asking, "describe", lambda _record: about)
    model = SimpleNamespace(name="bard", digest="d" * 64, card=card)
    wish: Any = SimpleNamespace(record=None, model=model, request=GenerateRequest())
    set_language("zh_CN")
    try:
        told = generated.about(wish)
    finally:
        set_language("en")
    assert told["licence"] == "Free for all (of what the model was trained on)"
