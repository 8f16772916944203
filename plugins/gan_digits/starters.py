"""What can be done at once on an empty board: two cards of the first screen."""

from __future__ import annotations

from aigc_studio.api import Piece, Starter

_EIGHT = (
    ((0.64, 0.27), (0.52, 0.19), (0.39, 0.25), (0.38, 0.36), (0.50, 0.47), (0.62, 0.57),
     (0.66, 0.70), (0.55, 0.81), (0.41, 0.78), (0.36, 0.67), (0.44, 0.54), (0.56, 0.43),
     (0.65, 0.33), (0.63, 0.26)),
)  # fmt: skip
"""An 8 as a hand draws it."""

# Drawn by the shipped model for the prompt 2024 with the seed 17; values under 24 of 255 are blank.
_YEAR = {
    "medium": "image",
    "shape": [28, 112],
    "data": (
        "eNrtVmtLlEEUnp8hWRnBmimrFuKmpmWbVh9SowttVqxlmpT3ItG8QSR4IUlQDPOGJKxBqZldJI28lJqWZFaLoRlr"
        "amK77kpl+TTvvkLuzoyfyk8OzOzhefaZMzPnnJmXkNVm09atpDN33387n29Wn374koj1HgTUPMLvbOVQ7929y0zs"
        "rFawoFc1pNbkJBB1ArM6Dl5mlaFiGX+PkcyCGmD6edUX03G+prbzUX5/OYegyxyfMWBkn9CdD8DZX0RTyTG11rBw"
        "hqtpBeYGTdjBMl1oLYjNgfEwV7eJ9hL0cpiN1k1auDFSXW4GXtxoHD/HclnBboSk4vdujs7hQTQhSr3xoGjr16Hn"
        "weU0QIUB7kAoX6Zsg349B68EXWAsdMKjNqCYLTHXtHZYEqgBxAkqBajh+Du/0ONJyBBSRDmYDsSzaDbdXZtk6FHF"
        "17UDqSx6wIwkQlqg2ynaXi0sLBhQj5FGF8kyoyOcJ9O8h5EDZ+C2dJqIEbmLBEoZUDEKJNLftUQFjPGyacsT4CoL"
        "pwJehOQjWuTOiZ5bCIPWADmydQro42VaBNX5s/Awiq0xjw+7mRXmwJE1gFMooXPoWDTv4Gc1Kwus+Qp0sXgmcNHR"
        "O8N6+QwoGbq0WSJmAu2DV4DJYNlMpPwaRlf31jpjJEPoKPqLdku8NtDRPkYVVhGlx67ZMmlAtmydfj2KMDud230s"
        "tu/9WtuCd6TgS7qWbs5Jq+cBk4lGp74fMMRtXkIBz2SjeALIVdkliuTpA+3mHjoYU2xeylclxPUeJgQ3fMs00Egv"
        "u7KPmD/6l0pCu/XtSKATfi7yY+tyYpIORR4et2iOztq8SScIeQocYt3RuEwPmIFm+RYI0aiWbi9Oud85uY9O+kkT"
        "bKvbRcGFETrkybdQVN4R2z+EU8qH9TeOhim6uCu8EgGCMsakU3tXeNKey5MjN6UVlJcXtyoJ+SblZd02HuWymA2j"
        "mf6Ch9aQLqrmPTTeXCLqBy4oBCLNHPCmOsadxwWZkLtdePNv6MZDzxX9ltu6+jn7v9sfXdjJSg=="
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
