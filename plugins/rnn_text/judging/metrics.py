"""What the measures of this generator are called. Imported to describe it: no torch."""

from __future__ import annotations

from typing import Literal

from aigc_studio.api import Measure


def _measure(
    en: str, zh: str, unit: str = "", better: Literal["", "lower", "higher"] = ""
) -> Measure:
    return Measure(title={"en": en, "zh": zh}, unit=unit, better=better)


METRICS = {
    "rewriting_loss": _measure("Rewriting, loss", "改写损失", "", "lower"),
    "learnt_nats_per_character": _measure(
        "The same of what it learnt from", "对学过的文本的同一指标", "nat"
    ),
    "unigram_nats_per_character": _measure(
        "Of whoever only counts how often each character comes", "只数每个字符出现的次数时", "nat"
    ),
    "memorised_share_unseen": _measure(
        "The same share of texts that it has not seen", "未见文本的同一比例"
    ),
    "distinct_2_unseen": _measure(
        "Different pairs in texts that it has not seen", "未见文本中不重复的二元组"
    ),
    "self_bleu_unseen": _measure(
        "Likeness to each other of texts that it has not seen", "未见文本之间的相似度"
    ),
    "unknown_share": _measure(
        "Characters that it does not know", "不认识的字符所占比例", "", "lower"
    ),
    "poems_complete": _measure("Poems complete in the form", "体裁完整的诗", "", "higher"),
    "rhymed_share": _measure("Even lines that rhyme", "押韵的偶数句", "", "higher"),
    "rhymed_share_unseen": _measure(
        "Even lines that rhyme in poems it has not seen", "未见诗作中押韵的偶数句"
    ),
}
"""The measures of its own, by name; nats, bits, perplexity, copies and the others have words."""
