"""What can be set where a text is judged."""

from __future__ import annotations

from aigc_studio.api import Parameters, parameter


class CopiedParameters(Parameters):
    """From which length on a run counts as copied."""

    least: int = parameter(
        0,
        {"en": "At least", "zh": "至少"},
        help={
            "en": "Runs of so many characters that stand in the training text as well are marked. "
            "0: by the script, 24 letters or 8 Chinese characters.",
            "zh": "标出训练文本中也有的、不少于这么多字符的片段。"
            "0：按文字种类，字母 24 个，汉字 8 个。",
        },
        unit={"en": "characters", "zh": "字"},
        minimum=0,
        maximum=10_000,
    )
