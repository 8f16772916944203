"""What can be done at once on an empty board: two cards of the first screen."""

from __future__ import annotations

from aigc_studio.api import Piece, Starter

_EIGHT = (
    ((0.64, 0.27), (0.52, 0.19), (0.39, 0.25), (0.38, 0.36), (0.50, 0.47), (0.62, 0.57),
     (0.66, 0.70), (0.55, 0.81), (0.41, 0.78), (0.36, 0.67), (0.44, 0.54), (0.56, 0.43),
     (0.65, 0.33), (0.63, 0.26)),
)  # fmt: skip
"""An 8 as a hand draws it."""

# Drawn by the shipped model for the prompt 2024 with the seed 17, ink on paper.
_YEAR = {
    "medium": "image",
    "shape": [28, 112],
    "data": (
        "eNrtVmtLlEEUfiwr3HU3MTWXTEm2MsPS1PISadhlM7UgFwzxliQKhuEFjMBbilHeC9Msl8o2upDa"
        "h0rbLE1tRUpdNFOIrAx/xjTvrpDvzoyfyk8OzOzhefaZMzPnnJmXkNUmaz9X0tnE0L+db6g0SOt7"
        "VcSO+AMmHjF4K80v+NSrZSaeMc2y4GgKpBY7JxCFA856Dp5plSF9GX9HUMOCRsD1QOpm1QO+Jin8"
        "aEFgBoegy/R00cDnpdDdMMDZX3ts9kOTQeNwm6uJBpz8VXjPMmGIzm8qhvoJV/eV9mwEc5hv1k0q"
        "uDEyX9EB+8/Hed5kudKeSUKqsOYNR7dwvIUQi1b9TLT1C9Dy4AwaoLz+CaCLL7NEQfuDg6eBLrAJ"
        "euFRa5DDlthUZSQU9dQAGgWVAiRz/N1wCBkjxA/VohysABpYtITuLkoytEjl6yKBKhZ9rkQtITHQ"
        "vxNtLwkKFuxPgE/ctGQpEdHBkxl3QM2By3FGOk00i9y1AVkMOOsN1NHfX8QMePGy6fNh4BILVwGj"
        "hBSgReRujp5bN4MmA8U26y4QxMu0dqobYGFf5Fhj3tB5rrRzgSOLB6dQupwQsWiexroUVtaXvAkI"
        "Y/Ey4Nr8SLn18gmwMHSWTiJc+uyDlw/3HptZR/nfjC5xl3XGNobQU3Qt7YoGQ9+8fYzSrSJKe12U"
        "M5VAic26s8cbnXa6yRNYbBsCDfKCn6fgPrqWUM5JmxwBlYpGJyEQ0DR+WUIBB21GjgdQZLZLFMnT"
        "dtqVIXRQV8teyr3ZZOokPAQ3fIwrEEcvu8xtcHz0l6pFpPXtqKcTbskdZOvSw50OuePjZ2mOOsve"
        "pPuEHAKesu5oXFwDlIDOdgt0G81Lt9doeTFTE0Qn3WrskeveUtDBhw6FtluotfCx/A8dlBpm/Xki"
        "3o0u7jKvRIDeci/p1Hbm3bPnCm2RczMIymuUW5WEbJTyMvEjj5pezAbvsgHBQ6upEFXzaxpvLtG6"
        "HtdnBSKjE7A7pXmCx/WqUPRBePN/D8WxsRX9lvu0+jn7v9sfLjFrHQ=="
    ),
}

STARTERS = (
    Starter(
        id="draw",
        title={"en": "Draw a digit", "zh": "画一个数字"},
        help={
            "en": "Draw by hand; the model redraws it, in your hand.",
            "zh": "亲手画一个，模型会保留笔迹重新画好。",
        },
        operation="clean-up",
        pieces=(Piece(name={"en": "My digit", "zh": "我的数字"}),),
        tool="brush",
        picture=Piece(strokes=_EIGHT),
    ),
    Starter(
        id="change",
        title={"en": "Change a part", "zh": "更改一部分"},
        help={
            "en": "The 0 of 2024 is marked: see what else fits.",
            "zh": "2024 中的 0 已标出，看看还能换成什么。",
        },
        operation="regenerate",
        pieces=(Piece(artifact=_YEAR, marked=(28, 0, 56, 28), name="2024", made=True),),
        tool="mask",
    ),
)
