"""Texts from a small recurrent net that learns letter by letter: what it is and offers.

The net is in `work.py`: torch takes a second to import, and this is asked at every start.
"""

from aigc_studio import api


# A form in the window and flags in the shell are made of each of these classes.
class Learning(api.Parameters):
    width: int = api.parameter(
        192,
        {"en": "Width of the net", "zh": "网络宽度"},
        help={"en": "The wider, the better and slower.", "zh": "越宽越好，也越慢。"},
        minimum=16,
        maximum=1024,
    )
    rate: float = api.parameter(
        0.003,
        {"en": "Learning rate", "zh": "学习率"},
        minimum=0.00001,
        maximum=0.1,
        scale="log",
        advanced=True,
    )


class Writing(api.Parameters):
    heat: float = api.parameter(
        0.7,
        {"en": "Temperature", "zh": "温度"},
        help={"en": "The higher, the wilder.", "zh": "越高越大胆。"},
        minimum=0.1,
        maximum=2,
    )
    length: int = api.parameter(
        200, {"en": "Length", "zh": "长度"}, minimum=1, maximum=2000
    )


@api.hookimpl
def describe() -> api.Description:
    """Who it is and what it offers: asked at every start, so import nothing slow."""
    return api.Description(
        id="new-plugin",
        title={"en": "New plugin", "zh": "New plugin"},
        medium=api.Text,
        version="0.1.0",
        author="New author",
        licence="MIT",
        sample_packs=("shakespeare",),
        operations=(
            api.Operation(
                id="learn",
                verb="train",
                title={"en": "Learn", "zh": "学习"},
                parameters=Learning,
            ),
            api.Operation(
                id="write",
                verb="generate",
                title={"en": "Write", "zh": "写作"},
                parameters=Writing,
                prompt="optional",
                prompt_help={"en": "How it begins.", "zh": "开头的文字。"},
                prompt_example="The ",
            ),
            api.Operation(
                id="rewrite",
                verb="edit",
                title={"en": "Rewrite", "zh": "改写"},
                artifacts=1,
                selection="required",
            ),
            api.Operation(
                id="judge",
                verb="evaluate",
                title={"en": "How expected is it?", "zh": "有多容易预料？"},
                artifacts=1,
            ),
        ),
    )


# Functions of `work.py`, which is imported when one of them is first asked.
train = api.hookimpl(".work:learn")
generate = api.hookimpl(".work:write")
edit = api.hookimpl(".work:rewrite")
evaluate = api.hookimpl(".work:judge")
