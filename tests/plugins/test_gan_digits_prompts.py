import pytest
from gan_digits.description import DESCRIPTION
from gan_digits.prompts import LONGEST, read_prompt, told_of

from aigc_studio.api import GeneratorError

DIGITS = tuple("0123456789")
OPERATIONS = {each.id: each for each in DESCRIPTION.operations}


def test_digits_make_pictures() -> None:
    assert read_prompt("2024", DIGITS) == [[2, 0, 2, 4]]
    assert read_prompt(" 3 7  7\t", DIGITS) == [[3], [7], [7]]
    assert read_prompt("２０２４", DIGITS) == [[2, 0, 2, 4]]
    assert read_prompt("", DIGITS) == []
    assert read_prompt("whatever", ()) == []


def test_names_are_words_and_spaces_in_names_are_theirs() -> None:
    classes = ("cat", "dog", "red cat", "猫", "A", "b")
    assert read_prompt("dog cat", classes) == [[1], [0]]
    assert read_prompt("dog red cat CAT", classes) == [[1], [2], [0]]
    assert read_prompt("猫Ab", classes) == [[3, 4, 5]]
    assert read_prompt("a B", classes) == [[4], [5]]


def test_capitals_count_where_they_must() -> None:
    assert read_prompt("aA", ("A", "a")) == [[1, 0]]


@pytest.mark.parametrize("prompt", ["seven", "7x", "-3", "3.5", "🎲"])
def test_what_the_model_does_not_know_is_a_sentence_beside_the_prompt(prompt: str) -> None:
    with pytest.raises(GeneratorError) as caught:
        read_prompt(prompt, DIGITS)
    assert caught.value.parameter == "prompt"
    assert prompt in str(caught.value)
    assert "0-9" in str(caught.value)
    assert "0-9" in caught.value.zh


def test_a_picture_has_room_for_so_many() -> None:
    assert len(read_prompt("1" * LONGEST, DIGITS)[0]) == LONGEST
    with pytest.raises(GeneratorError, match="room for"):
        read_prompt("1" * (LONGEST + 1), DIGITS)
    with pytest.raises(GeneratorError, match="knows no"):
        read_prompt("x" * 10_000, DIGITS)


@pytest.mark.parametrize(
    ("prompt", "classes", "pictures"),
    [
        ("cafe\u0301", ("①", "café"), [[1]]),
        ("café", ("cafe\u0301",), [[0]]),
        ("CAFÉ thé", ("café", "the\u0301"), [[0], [1]]),
        ("①1 ①", ("①", "1"), [[0, 1], [0]]),
        ("①", ("0", "1"), [[1]]),
        ("⑫", DIGITS, [[1, 2]]),
        ("ｱ ｶﾞ", ("ア", "ガ"), [[0], [1]]),
        ("x\u0304y\u0304", ("y\u0304", "x\u0304"), [[1, 0]]),
        ("red cafe\u0301 red", ("red", "red café"), [[1], [0]]),
    ],
)
def test_prompts_and_classes_are_compared_in_one_form(
    prompt: str, classes: tuple[str, ...], pictures: list[list[int]]
) -> None:
    assert read_prompt(prompt, classes) == pictures


def test_a_card_names_classes_that_are_no_digits() -> None:
    """Else the panel asks for 2024 where a model knows leaves and stars."""
    generate = OPERATIONS["generate"]
    assert generate.with_card(told_of(DIGITS)) == generate
    told = generate.with_card(told_of(("leaf", "star")))
    assert told.prompt == "optional"
    assert told.prompt_help == {
        "en": "Classes that this model knows: leaf, star.",
        "zh": "此模型认识的类别：leaf、star。",
    }
    assert told.prompt_example == ""
    assert generate.with_card(told_of(())).prompt == "none"


def test_a_card_tells_a_few_of_many_and_the_beginning_of_long_names() -> None:
    many = told_of([f"{number} {'x' * 300}" for number in range(1000)])["prompt"]
    assert many["en"].startswith("Classes that this model knows: 0 xxx")
    assert many["en"].endswith("…")
    assert len(many["en"]) < 700
    assert OPERATIONS["change-class"].with_card({"prompt": many}).prompt_help
