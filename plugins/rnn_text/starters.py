"""What can be done at once on an empty board: cards of the first screen."""

from __future__ import annotations

from aigc_studio.api import Piece, Starter, Text

_SPEECH = (
    "KING:\nThe night is long, and they that keep the wall\nHave seen no light since evening. "
    "What is this\nThat "
)
_POEM = "春雨初晴柳，\n愁人可羡春。\n江边吟旧岸，\n青翠徧长津。"
"""`aigc-studio generate rnn-text --operation compose --model tang-poems --prompt 春雨 --seed 3`"""
_SHAKESPEARE, _TANG = "shakespeare", "tang-poems"

STARTERS = (
    Starter(
        id="continue",
        title={"en": "Continue a speech", "zh": "续写一段台词"},
        help={
            "en": "It breaks off: see how it may go on.",
            "zh": "台词中断了：看看会如何继续。",
        },
        operation="continue",
        pieces=(
            Piece(
                artifact=Text(_SPEECH),
                marked=(len(_SPEECH), len(_SPEECH)),
                name={"en": "A speech", "zh": "一段台词"},
            ),
        ),
        model=_SHAKESPEARE,
    ),
    Starter(
        id="poem",
        title={"en": "A poem in Chinese", "zh": "作一首诗"},
        help={
            "en": "It begins with 春雨, spring rain. Or begin it yourself.",
            "zh": "以“春雨”开头的一首完整的诗。换几个字，就换一首。",
        },
        operation="compose",
        prompt="春雨",
        model=_TANG,
        picture=Piece(artifact=Text(_POEM)),
    ),
)
