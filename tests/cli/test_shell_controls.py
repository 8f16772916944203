"""`--control NAME=VALUE`: what a model is steered by, in the shell."""

import json
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from aigc_studio import cli
from aigc_studio.api import Control, Controls, Description
from aigc_studio.cli.steering import parse_controls
from aigc_studio.project.export import read_provenance

Shell = Callable[..., tuple[int, str, str]]


@pytest.fixture
def shell(plugin_home: Any, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Call it with words for (status, standard output, standard error)."""
    plugin_home("pixels")

    def run(*words: object) -> tuple[int, str, str]:
        status = cli.main([str(word) for word in words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def pixels(path: Path) -> Any:
    return np.asarray(Pillow.open(path)).astype(int)


def test_a_result_is_steered_and_says_by_what(shell: Shell, tmp_path: Path) -> None:
    draw = ("generate", "pixels", "--seed", 3)
    assert shell(*draw, "--out", tmp_path / "plain")[0] == 0
    steer = ("--control", "Light=50", "--control", "ink=WHITE", "--control", "up=0")
    status, _out, err = shell(*draw, *steer, "--out", tmp_path / "steered")
    assert status == 0, err
    plain, steered = (tmp_path / name / "pixels-3.png" for name in ("plain", "steered"))
    assert (pixels(steered) == np.clip(255 - pixels(plain) - 50, 0, 255)).all()
    made = read_provenance(steered)
    assert made is not None
    assert made.controls == {"light": 50.0, "ink": "white"}
    edit = ("edit", "pixels", "--input", steered, "--operation", "clean", "--control", "light=9")
    assert shell(*edit, "--out", tmp_path / "edited.png")[0] == 0
    edited = read_provenance(tmp_path / "edited.png")
    assert edited is not None
    assert edited.controls == {"light": 9.0}
    assert pixels(tmp_path / "edited.png")[5, 5] == 9


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("lihgt=3", "This model has no control lihgt. It has right, up, light, ink."),
        ("light=101", "light must be a number from -100 to 100."),
        ("light=dark", "light must be a number from -100 to 100."),
        ("light=nan", "light must be a number from -100 to 100."),
        ("ink=red", "ink must be one of black, white."),
        ("light", "--control needs NAME=VALUE, not light."),
    ],
)
def test_what_does_not_fit_is_said_before_anything_is_made(
    shell: Shell, tmp_path: Path, word: str, sentence: str
) -> None:
    status, _out, err = shell("generate", "pixels", "--control", word, "--out", tmp_path / "out")
    assert status == 2
    assert sentence in err
    assert "controls:" not in err
    assert not (tmp_path / "out").exists()


def test_what_is_not_steered_says_what_is(shell: Shell, tmp_path: Path) -> None:
    Pillow.new("L", (16, 16)).save(tmp_path / "a.png")
    words = ("edit", "pixels", "--operation", "morph", "--input", tmp_path / "a.png")
    status, _out, err = shell(*words, "--control", "light=3", "--out", tmp_path / "b.png")
    assert status == 2
    assert "morph is not steered by controls. These are: clean." in err


def test_others_settings_are_not_gone_on_with(shell: Shell, tmp_path: Path) -> None:
    draw = ("generate", "pixels", "--seed", 3, "--out", tmp_path)
    assert shell(*draw, "--control", "light=50")[0] == 0
    status, _out, err = shell(*draw, "--control", "light=60", "--count", 2, "--resume")
    assert status != 0
    assert "light=50.0" in err
    assert shell(*draw, "--control", "light=50", "--count", 2, "--resume")[0] == 0


def test_what_it_is_steered_by_is_punctuated_as_the_language_is(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIGC_STUDIO_LANGUAGE", "zh_CN")
    _status, out, _err = shell("models", "show", "digits")
    assert "倾斜：从" in out


def test_why_a_file_is_left_out_is_punctuated_as_the_language_is(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIGC_STUDIO_LANGUAGE", "zh_CN")
    (tmp_path / "曲.abc").write_text("X:1\nT:曲\nM:4/4\nK:C\nCDEF|\n", "utf-8")
    (tmp_path / "坏.abc").write_text("X:1\nT:坏\n", "utf-8")
    _status, _out, err = shell("data", "import", tmp_path, "--name", "tunes")
    (line,) = [line for line in err.splitlines() if "坏.abc" in line]
    assert line.endswith("坏.abc：其信息头在调号（K:）之前中断，没有乐谱内容。排除此文件。")


def test_a_model_says_what_it_is_steered_by(shell: Shell, home: Path) -> None:
    status, out, _err = shell("models", "show", "digits")
    assert status == 0
    assert "slant    -1 … 1  Slant: From leaning back to leaning forward." in out
    folder = home / "data" / "models" / "m"
    folder.mkdir(parents=True)
    head = b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    (folder / "weights.safetensors").write_bytes(len(head).to_bytes(8, "little") + head + bytes(4))
    titled = {"name": "form", "options": ["5x4", "free"], "titles": {"5x4": "Quatrain"}}
    controls = {"controls": [{"name": "ink", "options": ["black", "white"]}, titled, {"name": 3}]}
    (folder / "card.json").write_text(json.dumps({"generator": "pixels", "controls": controls}))
    status, out, _err = shell("models", "show", "m")
    assert status == 0
    assert "black | white" in out
    assert "5x4 (Quatrain) | free" in out  # either may be typed


def test_a_control_asks_for_a_model_that_has_it(shell: Shell, home: Path, tmp_path: Path) -> None:
    head = b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    form: list[dict[str, Any]] = [{"name": "form", "options": ["5", "7"]}]
    for name, controls, operations in (("second", form, ["draw"]), ("newest", [], 7)):
        folder = home / "data" / "models" / name
        folder.mkdir(parents=True)
        (folder / "weights.safetensors").write_bytes(
            len(head).to_bytes(8, "little") + head + b"1234"
        )
        steering = {"controls": controls}
        card = {"generator": "pixels", "controls": steering, "operations": operations}
        (folder / "card.json").write_text(json.dumps(card))
    words = ("generate", "pixels", "--out", tmp_path / "out")
    assert "this is second (" in shell(*words, "--control", "FORM=7")[2]
    assert "this is second (" not in shell(*words, "--control", "light=9")[2]
    assert "this is second (" not in shell(*words)[2]
    assert "this is second (" in shell(*words, "--operation", "draw")[2]


@pytest.mark.parametrize("name", ["a=b", "=", "tilt"])
def test_a_control_is_found_whatever_its_card_calls_it(name: str) -> None:
    about = Description(
        id="one",
        title="One",
        medium="text",
        verbs=("generate",),
        controls=Controls(controls=(Control(name="a"), Control(name=name))),
    )
    words = Namespace(controls=[f"{name}=0.5"])
    given = parse_controls(words, about, about.of_verb("generate")[0], None)
    assert given == {name: 0.5}
