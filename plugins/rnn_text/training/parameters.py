"""The parameters of training, as the form shows them."""

from __future__ import annotations

from typing import Final, Literal

from aigc_studio import toolkit
from aigc_studio.api import Parameters, parameter

AUTO: Final = "auto"
_AUTO = {"en": "Automatic", "zh": "自动"}
_TEXT = {"en": "Text", "zh": "文本"}


class TrainParameters(Parameters):
    """How a model is trained."""

    kind: Literal["auto", "prose", "lines", "verse"] = parameter(
        AUTO,
        {"en": "Kind of text", "zh": "文本类型"},
        help={
            "en": "Running text (stories, code, plays), examples that each stand alone (names, "
            "sentences, recipes), or verse whose lines have set lengths. Automatic looks at the "
            "data.",
            "zh": "连续文本（小说、代码、剧本），各自独立的样本（名字、句子、菜谱），"
            "或每行字数固定的诗。自动则根据数据判断。",
        },
        choices={
            AUTO: _AUTO,
            "prose": {"en": "Running text", "zh": "连续文本"},
            "lines": {"en": "Single examples", "zh": "独立样本"},
            "verse": {"en": "Verse in forms", "zh": "格律诗"},
        },
        group=_TEXT,
    )
    symbols: Literal["auto", "characters", "subwords"] = parameter(
        AUTO,
        {"en": "Symbols", "zh": "符号"},
        help={
            "en": "What is written one after another: characters (automatic), or pieces of words, "
            "which need the package sentencepiece and a megabyte of text or more.",
            "zh": "逐个写出的单位：字符（自动），或子词；子词需要 sentencepiece 软件包，"
            "且文本宜在 1 MB 以上。",
        },
        choices={
            AUTO: _AUTO,
            "characters": {"en": "Characters", "zh": "字符"},
            "subwords": {"en": "Pieces of words", "zh": "子词"},
        },
        group=_TEXT,
    )
    pieces: int = parameter(
        2000,
        {"en": "Number of pieces", "zh": "子词数量"},
        help={
            "en": "How many pieces of words there are at most; only where symbols are pieces.",
            "zh": "子词的最多数量；仅在符号为子词时有效。",
        },
        minimum=200,
        maximum=20_000,
        scale="log",
        group=_TEXT,
        advanced=True,
    )
    cell: Literal["gru", "lstm", "tanh"] = parameter(
        "gru",
        {"en": "Cell", "zh": "循环单元"},
        help={
            "en": "How the net remembers. GRU learns fastest here; the plain one of the textbook "
            "forgets after some ten characters.",
            "zh": "网络如何记忆。GRU 在此学得最快；教科书中的普通单元约十个字符后就会遗忘。",
        },
        choices={
            "gru": {"en": "GRU (gated)", "zh": "GRU（门控）"},
            "lstm": {"en": "LSTM (long short-term memory)", "zh": "LSTM（长短期记忆）"},
            "tanh": {"en": "Plain (tanh)", "zh": "普通（tanh）"},
        },
        group=toolkit.NETWORK,
    )
    width: int = parameter(
        0,
        {"en": "Network width", "zh": "网络宽度"},
        help={
            "en": "Numbers that the net remembers. 0: by the amount of text and the time. Doubling "
            "it makes training about three times slower.",
            "zh": "网络记忆的数的个数。0：按文本量和时间决定。加倍后训练约慢三倍。",
        },
        minimum=0,
        maximum=2048,
        step=16,
        group=toolkit.NETWORK,
        advanced=True,
    )
    layers: int = parameter(
        1,
        {"en": "Layers", "zh": "层数"},
        help={
            "en": "Cells on top of one another. One learns most in the same time.",
            "zh": "叠加的循环层数。相同时间内单层学得最多。",
        },
        minimum=1,
        maximum=4,
        group=toolkit.NETWORK,
        advanced=True,
    )
    embedding: int = parameter(
        0,
        {"en": "Numbers of a symbol", "zh": "符号向量维数"},
        help={
            "en": "How many numbers stand for a symbol. 0: by the size of the alphabet.",
            "zh": "用多少个数表示一个符号。0：按字符表大小决定。",
        },
        minimum=0,
        maximum=1024,
        step=16,
        group=toolkit.NETWORK,
        advanced=True,
    )
    ngrams: int = parameter(
        -1,
        {"en": "Longest n-gram", "zh": "最长 n 元组"},
        help={
            "en": "Frequent runs of two to so many symbols are looked up in a table, so that the "
            "net need not learn what a short context tells. 0: none. -1: by the alphabet.",
            "zh": "在表中查出常见的连续 2 至 n 个符号，网络就不必再学短上文所能说明的内容。"
            "0：不用。-1：按字符表决定。",
        },
        minimum=-1,
        maximum=8,
        group=toolkit.NETWORK,
        advanced=True,
    )
    dropout: float = toolkit.dropout(
        -1.0,
        {
            "en": "The part left out at random while learning, so that the text is not known by "
            "heart. -1: by how often the text will be read.",
            "zh": "学习时随机舍去的比例，避免死记硬背。-1：按文本将被读的遍数决定。",
        },
        least=-1.0,
    )
    learning_rate: float = toolkit.learning_rate(3e-3)
    batch_size: int = toolkit.batch_size(
        32,
        {
            "en": "Places of the text that are read side by side in each step.",
            "zh": "每一步同时阅读的文本位置数。",
        },
    )
    length: int = parameter(
        32,
        {"en": "Length of a step", "zh": "每步长度"},
        help={
            "en": "Symbols that are read in each step before the net learns from them; what was "
            "read before is remembered on. Single examples are read whole.",
            "zh": "每一步在学习之前阅读的符号数；此前读过的内容仍会记住。独立样本整体阅读。",
        },
        unit={"en": "symbols", "zh": "个符号"},
        minimum=4,
        maximum=1024,
        scale="log",
        group=toolkit.TRAINING,
        advanced=True,
    )
    rewriting: Literal["auto", "along", "only", "no"] = parameter(
        AUTO,
        {"en": "Learn to rewrite", "zh": "学习改写"},
        help={
            "en": "A small part of the net learns to write towards what follows, so that a part of "
            "a text can be made anew to fit both sides. It takes a tenth of the time; automatic "
            "leaves it out of trainings of less than 3 minutes.",
            "zh": "网络的一小部分学习向后文靠拢，使文本的一部分可重写并与前后相符。"
            "约占一成时间；不足 3 分钟的训练自动省去。",
        },
        choices={
            AUTO: _AUTO,
            "along": {"en": "Along with the rest", "zh": "同时学习"},
            "only": {"en": "Only this, on a model that is there", "zh": "只学改写（基于已有模型）"},
            "no": {"en": "No", "zh": "不学习"},
        },
        group=toolkit.TRAINING,
        advanced=True,
    )
