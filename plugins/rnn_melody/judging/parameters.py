"""What can be set where a tune is judged."""

from __future__ import annotations

from aigc_studio.api import Parameters, parameter


class CopiedParameters(Parameters):
    """From which length on a run counts as copied."""

    least: int = parameter(
        12,
        {"en": "At least", "zh": "至少"},
        help={
            "en": "Runs of so many intervals that stand in a tune of the data as well are marked, "
            "whatever key and rhythm they have. Real tunes share up to 16 with others.",
            "zh": "标出数据中的曲子也有的、不少于这么多音程的片段，不论调和节奏。"
            "真实曲子之间相同的可达 16 个。",
        },
        unit={"en": "intervals", "zh": "个音程"},
        minimum=6,
        maximum=1_000,
    )
