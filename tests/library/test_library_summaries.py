"""What a model is said to be in a line, in the person's language."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from aigc_studio.cli import asking
from aigc_studio.library.summaries import card_rights, data_title, known, rights
from aigc_studio.translation import set_language


@pytest.fixture
def chinese() -> Iterator[None]:
    set_language("zh_CN")
    yield
    set_language("en")


def card(name: str, pack: Any) -> dict[str, Any]:
    return {"data": {"name": name, "pack": pack}}


@pytest.mark.usefixtures("chinese")
def test_a_sample_pack_is_called_as_on_its_card_in_the_persons_language() -> None:
    assert data_title(card("Cartoon faces", "cartoon-faces")) == "卡通人脸"
    assert data_title(card("faces", "faces")) == "人脸照片"
    assert data_title(card("Shakespeare", "shakespeare")) == "莎士比亚的句子"
    assert known(card("Cartoon faces", "cartoon-faces")) == "卡通人脸"


@pytest.mark.usefixtures("chinese")
def test_data_with_a_name_of_its_own_keeps_it() -> None:
    assert data_title(card("my toons", "cartoon-faces")) == "my toons"
    assert data_title(card("leaves", None)) == "leaves"
    for strange in ("no-such-pack", "../packs/faces", 7):
        assert data_title(card("leaves", strange)) == "leaves"
    assert data_title({}) == ""


@pytest.mark.usefixtures("chinese")
def test_the_licence_of_a_pack_is_told_in_the_persons_language_wherever_it_stands() -> None:
    """As on its card, which had it so: in the library, and on the models that learnt from it."""
    assert rights("Public domain", "tang-poems") == "公有领域"
    assert card_rights({"licence": "Public domain", **card("Tang", "tang-poems")}) == "公有领域"
    assert rights("CC BY-SA 3.0", "digits") == "CC BY-SA 3.0"
    assert rights("mine by now", "tang-poems") == "mine by now"
    assert rights("Public domain", "") == rights("Public domain", "none") == "Public domain"
    assert card_rights({}) == ""
    assert card_rights({"licence": {"en": "Free", "zh": "自由"}}) == "自由"


def test_in_english_it_is_what_the_card_says() -> None:
    assert data_title(card("Cartoon faces", "cartoon-faces")) == "Cartoon faces"


@pytest.mark.usefixtures("chinese")
def test_a_parameter_in_the_shell_is_told_with_its_unit_in_brackets() -> None:
    shown = {"label": "图像数", "unit": "张", "help": "一圈的图像数。"}
    assert asking._sentence({"x-ui": shown}) == "图像数（张）：一圈的图像数。"
    assert asking._sentence({"x-ui": {"label": "颜色"}}) == "颜色"
    assert asking._sentence({"x-ui": {"help": "自动。"}}) == "自动。"
    assert asking._sentence({}) == ""


def test_asking_for_a_title_brings_no_readers_of_files_along() -> None:
    said = (
        "import sys; from aigc_studio.library.summaries import data_title; "
        "print(data_title({'data': {'name': 'faces', 'pack': 'faces'}})); "
        "print([each for each in sys.modules if '.library.' in each])"
    )
    told = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, text=True, check=True
    ).stdout
    title, _line, modules = told.partition("\n")
    assert title in ("Photographs of faces", "人脸照片")
    assert "summaries" in modules
    assert not any(name in modules for name in ("avatars", "drafts", "melodies", "pack_manifests"))
