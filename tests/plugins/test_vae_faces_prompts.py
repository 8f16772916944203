"""What a person asks for in words, and which controls that is."""

from typing import Any

import pytest
from vae_faces.words.prompts import Words, plain, read_prompt, words_of

from aigc_studio.api import Control, Controls, GeneratorError

CONTROLS = Controls(
    attributes=("beard", "long_hair", "hair colour", "mouth"),
    controls=(
        Control(name="beard", title={"en": "Beard", "zh": "胡子"}, low=-2, high=2),
        Control(name="long_hair", title={"en": "Long hair", "zh": "长发"}),
        Control(
            name="hair colour",
            title={"en": "Hair colour", "zh": "发色"},
            options=("blond", "dark brown", "none"),
            titles={
                "blond": {"en": "Blond", "zh": "金色"},
                "dark brown": {"en": "Dark brown", "zh": "深棕色"},
            },
        ),
        Control(name="mouth", options=("smile", "serious"), title={"en": "Mouth", "zh": "嘴"}),
        Control(name="axis-1", title={"en": "Axis 1", "zh": "轴 1"}),
    ),
)
CARD: dict[str, Any] = {
    "controls": CONTROLS.to_json(),
    "words": {
        "smiling": {"mouth": "smile"},
        "微笑": {"mouth": "smile"},
        "lion": {"beard": 2, "hair colour": "blond"},
        "nowhere": {"nose": 1},
        "too much": {"beard": 9},
        "": {"beard": 1},
        "broken": 5,
    },
}


@pytest.fixture
def words() -> Words:
    return words_of(CARD)


@pytest.mark.parametrize(
    ("prompt", "asked"),
    [
        ("", {}),
        ("  , ;", {}),
        ("beard", {"beard": 2}),
        ("Beard, LONG HAIR", {"beard": 2, "long_hair": 1}),
        ("beard long hair smiling", {"beard": 2, "long_hair": 1, "mouth": "smile"}),
        ("blond, no beard", {"beard": -2, "hair colour": "blond"}),
        ("long-hair", {"long_hair": 1}),
        ("no beard", {"beard": -2}),
        ("a face with a beard and without long hair", {"beard": 2, "long_hair": -1}),
        ("hair colour: dark brown", {"hair colour": "dark brown"}),
        ("dark brown hair", {"hair colour": "dark brown"}),
        ("no hair colour", {"hair colour": "none"}),
        ("not smiling", {"mouth": "serious"}),
        ("lion", {"beard": 2, "hair colour": "blond"}),
        ("胡子 长发", {"beard": 2, "long_hair": 1}),
        ("胡子长发，微笑", {"beard": 2, "long_hair": 1, "mouth": "smile"}),
        ("没有胡子的金色长发", {"beard": -2, "hair colour": "blond", "long_hair": 1}),
        ("发色：深棕色", {"hair colour": "dark brown"}),
        ("ｂｅａｒｄ", {"beard": 2}),
        ("beard, beard", {"beard": 2}),
    ],
)  # fmt: skip
def test_words_become_controls(words: Words, prompt: str, asked: dict[str, Any]) -> None:
    assert read_prompt(prompt, words) == asked


@pytest.mark.parametrize(
    "prompt", ["glasses", "beard, glasses", "眼镜", "no", "axis 1", "none", "beardy"]
)
def test_an_unknown_word_is_a_sentence_with_all_that_can_be_said(words: Words, prompt: str) -> None:
    with pytest.raises(GeneratorError) as caught:
        read_prompt(prompt, words)
    assert caught.value.parameter == "prompt"
    assert "beard; long hair; hair colour: blond, dark brown, none; mouth: smile" in str(
        caught.value
    )
    assert "胡子；长发；发色：金色、深棕色、none；嘴：smile" in caught.value.zh
    assert "胡子" not in str(caught.value)
    assert "axis" not in str(caught.value).replace("“axis”", "").casefold()


TOONS = Controls(
    controls=(
        Control(
            name="beard",
            title={"en": "Beard", "zh": "胡须"},
            options=("no beard", "long beard", "full beard", "moustache"),
            titles={
                "no beard": {"en": "No beard", "zh": "无胡须"},
                "long beard": {"en": "Long beard", "zh": "长胡须"},
                "full beard": {"en": "Full beard", "zh": "络腮胡"},
                "moustache": {"en": "Moustache", "zh": "八字胡"},
            },
        ),
        Control(name="long hair", title={"en": "Long hair", "zh": "长发"}, low=-1, high=1),
        Control(
            name="hair colour",
            title={"en": "Hair colour", "zh": "发色"},
            options=("blond hair", "black hair"),
            titles={
                "blond hair": {"en": "Blond hair", "zh": "金发"},
                "black hair": {"en": "Black hair", "zh": "黑发"},
            },
        ),
        Control(
            name="clothes colour",
            title={"en": "Clothes colour", "zh": "服装颜色"},
            options=("red", "blue"),
            titles={"red": {"en": "Red", "zh": "红色"}, "blue": {"en": "Blue", "zh": "蓝色"}},
        ),
    )
)


@pytest.mark.parametrize(
    ("prompt", "asked"),
    [
        ("beard", {"beard": "full beard"}),
        ("胡子", {"beard": "full beard"}),
        ("胡须", {"beard": "full beard"}),
        ("没有胡子", {"beard": "no beard"}),
        ("没胡子", {"beard": "no beard"}),
        ("长胡子", {"beard": "long beard"}),
        ("小胡子", {"beard": "moustache"}),
        ("胡子 长发 金发", {"beard": "full beard", "long hair": 1.0, "hair colour": "blond hair"}),
        ("金色头发", {"hair colour": "blond hair"}),
        ("黑头发的人", {"hair colour": "black hair"}),
        ("短头发", {"long hair": -1.0}),
        ("红色的衣服", {"clothes colour": "red"}),
        ("蓝衣服", {"clothes colour": "blue"}),
    ],
)  # fmt: skip
def test_chinese_has_several_words_for_one_thing(prompt: str, asked: dict[str, Any]) -> None:
    """Also for a model whose card has no words of its own."""
    assert read_prompt(prompt, words_of({"controls": TOONS.to_json()})) == asked


@pytest.mark.parametrize(
    ("prompt", "unknown"),
    [("眼镜 金发", "眼镜"), ("金发 眼镜 胡子", "眼镜"), ("戴眼镜金发", "戴眼镜"), ("眼镜", "眼镜")],
)
def test_the_word_alone_that_is_not_known_is_named(prompt: str, unknown: str) -> None:
    with pytest.raises(GeneratorError) as caught:
        read_prompt(prompt, words_of({"controls": TOONS.to_json()}))
    assert f"“{unknown}”" in caught.value.zh


@pytest.mark.parametrize(
    "prompt", ["beard, no beard", "blond dark brown", "smiling, mouth serious"]
)
def test_two_words_that_contradict_each_other_are_a_sentence(words: Words, prompt: str) -> None:
    with pytest.raises(GeneratorError, match="contradicts") as caught:
        read_prompt(prompt, words)
    assert "矛盾" in caught.value.zh


def test_a_model_without_attributes_says_that_it_understands_none() -> None:
    axes = Controls(controls=(Control(name="axis-1", title={"en": "Axis 1", "zh": "轴 1"}),))
    words = words_of({"controls": axes.to_json()})
    assert read_prompt("", words) == {}
    with pytest.raises(GeneratorError, match="understands no words") as caught:
        read_prompt("beard", words)
    assert caught.value.zh


@pytest.mark.parametrize("card", [{}, {"words": 5, "controls": 7}, {"words": {"a": {"b": []}}}])
def test_a_card_of_anybodys_is_read(card: dict[str, Any]) -> None:
    assert words_of(card).shown(chinese=False) == ""


def test_a_data_sets_own_words_do_where_there_are_no_others() -> None:
    own = Controls(controls=(Control(name="mane"), Control(name="fur", options=("red", "grey"))))
    words = words_of({"controls": own.to_json()})
    assert read_prompt("mane, red", words) == {"mane": 1, "fur": "red"}
    with pytest.raises(GeneratorError) as caught:
        read_prompt("鬃毛", words)
    assert "mane；fur：red、grey" in caught.value.zh, "in the only words there are"


def test_spelling_does_not_matter() -> None:
    assert plain("  Long_HAIR ") == plain("ｌｏｎｇ-hair") == "long hair"
