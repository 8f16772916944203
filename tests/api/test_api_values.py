"""The values that cross every border: artifacts, selections, descriptions, parameters."""

import subprocess
import sys
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pydantic
import pytest

from aigc_studio import api
from aigc_studio.api import (
    Bars,
    Description,
    GeneratorError,
    Image,
    Mask,
    Measure,
    Melody,
    Metre,
    Note,
    Operation,
    Parameters,
    Span,
    StudioError,
    Tempo,
    Text,
    parameter,
)


def test_the_tutorials_imports_load_neither_numpy_nor_pydantic_nor_torch() -> None:
    code = (
        "import sys\n"
        "from aigc_studio.api import Candidate, Description, Text, hookimpl\n"
        "heavy = {'numpy', 'pydantic', 'PIL', 'torch', 'PySide6'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_public_name_is_there() -> None:
    assert all(getattr(api, name) is not None for name in api.__all__)


@pytest.mark.parametrize(
    ("shape", "mode"), [((3, 5), "L"), ((3, 5, 3), "RGB"), ((3, 5, 4), "RGBA")]
)
def test_an_image_keeps_its_pixels_and_nobody_can_change_them(
    shape: tuple[int, ...], mode: str
) -> None:
    pixels = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
    image = Image(pixels)
    pixels[:] = 0
    assert (image.mode, image.width, image.height) == (mode, 5, 3)
    assert image.pixels.max() > 0
    with pytest.raises(ValueError, match="read-only"):
        image.pixels[0, 0] = 1
    assert Image.from_pillow(image.to_pillow()) == image
    assert Image.from_pillow(image.to_pillow()).digest == image.digest


@pytest.mark.parametrize(
    "pixels", [np.zeros((2, 2)), np.zeros((2, 2, 2), np.uint8), np.zeros((0, 2), np.uint8)]
)
def test_what_is_no_image_is_refused(pixels: np.ndarray[Any, Any]) -> None:
    with pytest.raises(ValueError, match="uint8"):
        Image(pixels)


def test_equal_content_is_equal_and_modes_are_not_mixed_up() -> None:
    grey = Image(np.full((2, 3), 7, np.uint8))
    assert grey == Image(np.full((2, 3), 7, np.uint8))
    assert grey != Image(np.full((3, 2), 7, np.uint8))
    assert grey.digest != Image(np.full((3, 2), 7, np.uint8)).digest
    assert Text("a").digest != Text("b").digest
    assert Text("")


def test_bars_follow_the_metres() -> None:
    melody = Melody(
        notes=(Note(0, 480, 60), Note(3400, 100, 62)), metres=(Metre(0, 4, 4), Metre(1920, 3, 4))
    )
    assert melody.bars == ((0, 1920), (1920, 3360), (3360, 4800))
    assert melody.length == 4800


def test_a_melody_comes_back_from_json() -> None:
    melody = Melody(
        notes=(Note(480, 240, 64, 100), Note(0, 480, 60)),
        ticks_per_quarter=960,
        program=40,
        tempos=(Tempo(0, 400_000), Tempo(960, 600_000)),
        metres=(Metre(0, 6, 8),),
    )
    assert melody.notes[0].pitch == 60
    assert Melody.from_json(melody.to_json()) == melody


@pytest.mark.parametrize(
    "fields",
    [
        {"notes": (Note(0, 0, 60),)},
        {"notes": (Note(0, 1, 128),)},
        {"notes": (Note(-1, 1, 60),)},
        {"program": 128},
        {"tempos": (Tempo(10),)},
        {"metres": ()},
        {"metres": (Metre(0, 4, 0),)},
        {"ticks_per_quarter": 0},
        {"ticks_per_quarter": 480.0},
        {"notes": (Note(0.5, 1, 60),)},  # type: ignore[arg-type]
        {"notes": (Note(10**15, 1, 60),)},
        {"tempos": (Tempo(0), Tempo(None))},  # type: ignore[arg-type]
        {"metres": (Metre(0), Metre(""))},  # type: ignore[arg-type]
        {"length": 10**15},
        {"length": True},
    ],
)
def test_what_is_no_melody_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Melody(**fields)


def test_bars_follow_the_metres_also_where_one_is_cut_short() -> None:
    metres = (Metre(0), Metre(480 * 6, 3), Metre(480 * 6, 2), Metre(480 * 10, 4))
    bars = Melody(metres=metres, length=480 * 12).bars
    quarters = [(start / 480, stop / 480) for start, stop in bars]
    assert quarters == [(0, 4), (4, 6), (6, 9), (9, 10), (10, 14)]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"notes": 3}', '{"notes": [{"x": 1}]}'])
def test_broken_melody_json_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Melody.from_json(text)


def test_selections_are_checked() -> None:
    for wrong in (lambda: Span(3, 2), lambda: Bars(0, 1), lambda: Bars(3, 2)):
        with pytest.raises(ValueError, match="need"):
            wrong()
    with pytest.raises(ValueError, match="uint8"):
        Mask(np.zeros((2, 2, 3), np.uint8))
    assert Span(2, 2) == Span(2, 2)


class Drawing(Parameters):
    """Parameters of every type that a form can draw."""

    size: int = parameter(8, {"en": "Size", "zh": "大小"}, minimum=1, maximum=9, unit="px")
    share: float = parameter(0.5, "Share", minimum=0, maximum=1, scale="log", advanced=True)
    hand: Literal["left", "right"] = parameter("left", "Hand", choices={"left": "Left"})


def described() -> Description:
    return Description(
        id="draw-er",
        title={"en": "Drawer", "zh": "画手"},
        medium=Image,
        operations=(
            Operation(id="draw", verb="generate", title="Draw", parameters=Drawing),
            Operation(id="fill", verb="edit", title="Fill", artifacts=1, selection="required"),
        ),
        verbs=("generate", "edit", "train"),
        sample_packs=("digits",),
        metrics={"tilt": Measure(title={"en": "Tilt", "zh": "倾斜"}, unit="°", better="lower")},
    )


def test_a_description_crosses_as_json_with_its_schemas() -> None:
    import json

    again = Description.from_json(json.loads(json.dumps(described().to_json())))
    assert again.medium == "image"
    assert again.verbs == ("generate", "edit", "train")
    draw, fill = again.operation("draw"), again.operation("fill")
    assert draw is not None
    assert fill is not None
    assert draw.schema["properties"]["size"]["maximum"] == 9
    assert draw.schema["properties"]["size"]["x-ui"]["unit"] == "px"
    assert draw.schema["properties"]["share"]["x-ui"]["advanced"] is True
    assert fill.selection == "required"
    assert again.metrics == described().metrics


def test_who_made_it_and_what_it_reaches_for_cross_as_well() -> None:
    reasons = {"network": {"en": "It asks a service.", "zh": "要询问一项服务。"}}
    told = replace(described(), author="Ada", licence="MIT", uses=reasons)
    again = Description.from_json(told.to_json())
    assert (again.author, again.licence, again.uses) == ("Ada", "MIT", reasons)
    both = {"en": "The Ada circle", "zh": "艾达社"}
    assert Description.from_json(replace(told, author=both).to_json()).author == both
    assert Description.from_json(told.to_json() | {"author": 3}).author == ""


@pytest.mark.parametrize("wrong", [{"camera": "To see."}, ["network"], "network"])
def test_it_can_reach_only_for_what_the_studio_has_words_for(wrong: Any) -> None:
    with pytest.raises(ValueError, match="uses"):
        Description.from_json(described().to_json() | {"uses": wrong})


def test_a_verb_without_an_operation_gets_a_plain_one() -> None:
    (plain,) = described().of_verb("train")
    assert (plain.id, plain.verb) == ("train", "train")
    assert described().of_verb("evaluate") == ()


@pytest.mark.parametrize("wrong", ["", "Draw", "draw er", "draw_er", "9", "../x"])
def test_bad_ids_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="id"):
        Description(id=wrong, title="", medium=Text)


def test_parameters_report_all_errors_at_once() -> None:
    with pytest.raises(pydantic.ValidationError) as caught:
        Drawing(size=0, share=2, hand="both", colour="red")  # type: ignore[arg-type, call-arg]
    assert {error["loc"][0] for error in caught.value.errors()} == {
        "size", "share", "hand", "colour"
    }  # fmt: skip


def test_errors_of_plugins_are_sentences_with_a_place() -> None:
    error = GeneratorError("Only digits.", zh="只能是数字。", parameter="prompt")
    assert isinstance(error, StudioError)
    assert (str(error), error.zh, error.parameter) == ("Only digits.", "只能是数字。", "prompt")


HELP = {"en": "What it looks like.", "zh": "外貌。"}


@pytest.mark.parametrize(
    ("told", "prompt", "help_"),
    [
        (None, "optional", HELP),
        (False, "none", HELP),
        (True, "optional", HELP),
        ("", "optional", HELP),
        (7, "optional", HELP),
        ([], "optional", HELP),
        ("A theme.", "optional", "A theme."),
        ({"en": "A theme.", "zh": "主题。"}, "optional", {"en": "A theme.", "zh": "主题。"}),
        ({"en": 7}, "optional", HELP),
    ],
)
def test_a_card_says_what_may_be_typed_to_its_model(told: Any, prompt: str, help_: Any) -> None:
    operation = Operation(
        id="draw", verb="generate", title="Draw", prompt="optional", prompt_help=HELP
    )
    asked = operation.with_card({} if told is None else {"prompt": told})
    assert (asked.prompt, asked.prompt_help) == (prompt, help_)
    named = replace(operation, prompt_example="Anna").with_card(
        {"prompt": "A theme.", "operations": ["draw"]}
    )
    assert (named.prompt_help, named.prompt_example) == ("A theme.", "Anna")
    assert replace(named, id="write").with_card({"prompt": "A theme."}).prompt_example == ""
    needed = replace(operation, prompt="required").with_card({"prompt": False})
    assert needed.prompt == "required"
    assert replace(operation, prompt="none").with_card({"prompt": "A theme."}).prompt_help == HELP


def test_what_an_operation_asks_for_is_something_that_it_has() -> None:
    change = Operation(
        id="change", verb="edit", title="Change", artifacts=1, prompt="optional", asks=("prompt",)
    )
    about = Description(id="some", title="Some", medium="image", operations=(change,))
    (read,) = Description.from_json(about.to_json()).operations
    assert read.asks == ("prompt",)
    assert read.is_unasked(" ", {}, {})
    assert not read.is_unasked("blond", {}, {})
    for wrong in ("controls", "level"):
        odd = replace(about, operations=(replace(change, asks=(wrong,)),))
        with pytest.raises(ValueError, match="asks"):
            Description.from_json(odd.to_json())
