"""Texts with what answers them: translations, replies, summaries, as a dataset carries them."""

from __future__ import annotations

from typing import Any

from aigc_studio.api import Dataset, GeneratorError
from aigc_studio.api.attributes import answer

_KINDS = ("text", "choice", "number", "yes_no")


def read_pairs(dataset: Dataset, column: str = "") -> list[tuple[str, str]]:
    """Each text with its answer, without the spaces around them; one without an answer is left out.

    The answer is what the attribute called `column` says: a table of two columns is imported as
    texts with an attribute. Where no column is named it is the first attribute of any words, else
    one with a choice of words, of numbers, of yes and no; else the label. Raises GeneratorError
    where there are no answers, or no such column.
    """
    kinds = {each.name: each.kind for each in dataset.attributes}
    if column and column not in kinds:
        raise _no_column(column, list(kinds))
    name = column or min(kinds, key=lambda each: _KINDS.index(kinds[each]), default="")
    found = []
    for example in dataset:
        text, value = str(example.artifact), example.attributes.get(name, "")
        pair = text.strip(), _words(value if name else example.label).strip()
        if all(pair):
            found.append(pair)
    if not found:
        raise _no_answers()
    return found


def _words(value: Any) -> str:
    return answer(value) if isinstance(value, bool) else str(value)


def _no_column(column: str, names: list[str]) -> GeneratorError:
    there = ", ".join(names[:20])
    return GeneratorError(
        f"No column of the data is called {column}. " + (f"There are: {there}." if names else
        "It has none but the texts: import a table with a column of answers."),
        zh=f"数据中没有名为 {column} 的列。" + (f"现有：{'、'.join(names[:20])}。" if names else
        "除文本外没有其他列：请导入带有译文或回答列的表格。"),
        parameter="column",
    )  # fmt: skip


def _no_answers() -> GeneratorError:
    return GeneratorError(
        "No answers stand beside these texts: import a table of two columns, texts and answers.",
        zh="这些文本没有对应的译文或回答：请导入两列的表格，一列为文本，一列为译文或回答。",
        parameter="dataset",
    )
