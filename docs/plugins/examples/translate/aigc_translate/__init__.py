"""Translation: a small recurrent net with attention learns from pairs of sentences, any pairs."""

from aigc_studio import api
from aigc_studio.toolkit import hooks_in

EXAMPLE = "The tired owl is playing a violin on the moon."
STORY = "Three small foxes are reading a letter.\nWhere is the brave snail Lina dancing?\n"


class Learning(api.Parameters):
    column: str = api.parameter("", {"en": "Column of the answers", "zh": "译文所在的列"})
    backwards: bool = api.parameter(False, {"en": "The other way round", "zh": "反向翻译"})
    width: int = api.parameter(96, {"en": "Width", "zh": "宽度"}, minimum=16, maximum=512)


class Wish(api.Parameters):
    heat: float = api.parameter(
        0.2,
        {"en": "Temperature", "zh": "温度"},
        help={
            "en": "The likeliest at 0; the higher, the more the results differ.",
            "zh": "为 0 时总取最可能的译文；越高，结果之间差别越大。",
        },
        minimum=0,
        maximum=2,
    )


@api.hookimpl
def describe() -> api.Description:
    title, learn = {"en": "Translation", "zh": "翻译"}, {"en": "Learn", "zh": "学习"}
    translate, part = (
        {"en": "Translate", "zh": "翻译"},
        {"en": "Translate a part", "zh": "翻译选段"},
    )
    explain = {"en": "What became of each word?", "zh": "每个词译成了什么？"}
    what = {"en": "What is to be translated", "zh": "要翻译的内容"}
    operations = (
        api.Operation(id="learn", verb="train", title=learn, parameters=Learning),
        api.Operation(
            id="translate", verb="generate", title=translate, parameters=Wish,
            prompt="required", prompt_help=what, prompt_example=EXAMPLE,
        ),
        api.Operation(
            id="part", verb="edit", title=part, parameters=Wish, artifacts=1, selection="optional"
        ),
        api.Operation(id="explain", verb="evaluate", title=explain, artifacts=1),
    )  # fmt: skip
    right = {"en": "Word for word right", "zh": "完全正确"}
    lookup = {"en": "chrF of word-by-word lookup", "zh": "逐词查找的 chrF"}
    copying = {"en": "chrF of copying", "zh": "照抄的 chrF"}
    metrics = {
        "chrf": api.Measure(title={"en": "chrF", "zh": "chrF 分数"}, better="higher"),
        "exact_share": api.Measure(title=right, better="higher"),
        "chrf_lookup": api.Measure(title=lookup),
        "chrf_copying": api.Measure(title=copying),
    }
    summary = {
        "en": "Learns from a table of two columns, of texts and their translations or answers.",
        "zh": "从两列的表格中学习：一列是文本，一列是译文或回答。",
    }
    first = api.Starter(
        id="animals", title={"en": "An owl in Chinese", "zh": "把一句话译成中文"},
        operation="translate", prompt=EXAMPLE, model="animals",
    )  # fmt: skip
    line = api.Piece(artifact=api.Text(STORY), marked=(0, STORY.index("\n")))
    second = api.Starter(id="line", title=part, operation="part", pieces=(line,), model="animals")
    return api.Description(
        id="translate", title=title, medium=api.Text, operations=operations, models="models",
        author="The AIGC Studio developers", licence="MIT", starters=(first, second),
        metrics=metrics, summary=summary,
    )  # fmt: skip


train, generate, edit, evaluate = hooks_in(f"{__name__}.work")
