"""What can be done at once on an empty board: three cards of the first screen."""

from __future__ import annotations

from aigc_studio.api import Piece, Starter
from vae_faces.drawings import ANNE, BEN, draw_face, torn

_HOLE = (32, 24, 48, 44)
"""What is torn out of the first face, and marked: left, top, right, bottom."""
_MODEL = "cartoon"
"""The model that draws faces like these; the other one knows photographs in grey."""

STARTERS = (
    Starter(
        id="repair",
        title={"en": "Repair a picture", "zh": "修补图像"},
        help={
            "en": "A patch is torn out: see what may have been there.",
            "zh": "缺了一块：看看那里原本可能是什么。",
        },
        operation="regenerate",
        pieces=(
            Piece(
                artifact=torn(draw_face(ANNE), *_HOLE),
                marked=_HOLE,
                name={"en": "Torn face", "zh": "破损的脸"},
            ),
        ),
        tool="mask",
        model=_MODEL,
    ),
    Starter(
        id="change",
        title={"en": "Change a face", "zh": "改变一张脸"},
        help={
            "en": "Move a control: beard, hair or mouth follow.",
            "zh": "胡子、头发、嘴：移动控制项，脸随之改变。",
        },
        operation="change",
        pieces=(Piece(artifact=draw_face(BEN), name={"en": "Face", "zh": "脸"}),),
        model=_MODEL,
    ),
    Starter(
        id="blend",
        title={"en": "Blend two faces", "zh": "混合两张脸"},
        help={
            "en": "All the faces between one and the other.",
            "zh": "一张脸到另一张脸之间的所有脸。",
        },
        operation="blend",
        pieces=(
            Piece(artifact=draw_face(ANNE), name={"en": "First face", "zh": "第一张脸"}),
            Piece(artifact=draw_face(BEN), name={"en": "Second face", "zh": "第二张脸"}),
        ),
        model=_MODEL,
    ),
)
