"""Rhyme and tone of real poems, told in words."""

import pytest
import rnn_text
from rnn_text.verse.checking import judge_poem
from rnn_text.verse.readings import (
    characters_of,
    group_names,
    groups_of,
    neighbours_of,
    rhyme_of,
    tone_of_group,
    tones_of,
)
from rnn_text_verses import POEM, SPRING, told

from aigc_studio.api import Annotation, EvaluateRequest, Span, Text
from aigc_studio.translation import localized

ORIOLES = "两个黄鹂鸣翠柳，一行白鹭上青天。窗含西岭千秋雪，门泊东吴万里船。"


def test_readings_are_those_of_the_poets() -> None:
    assert {tone_of_group(name) for name in group_names()} == {"level", "oblique"}
    assert groups_of("东") == groups_of("空")
    assert groups_of("东") != groups_of("龙")
    assert groups_of("龙") <= neighbours_of(next(iter(groups_of("东"))))
    assert tones_of("國") == {"oblique"}  # 2nd tone today, and entering then
    assert tones_of("东") == {"level"}
    assert tones_of("思") == {"level", "oblique"}
    assert tones_of("龘") == frozenset()
    assert "光" in characters_of("平声长")
    assert characters_of("x") == ""
    assert rhyme_of("光霜乡") == ("平声长", 3)
    assert rhyme_of("光深") == ("", 0)


@pytest.mark.parametrize(
    ("poem", "group", "even", "kept", "bound"),
    [(SPRING, "平声心", 4, 28, 28), (ORIOLES, "平声年", 2, 18, 18)],
)
def test_regulated_poems_keep_all(poem: str, group: str, even: int, kept: int, bound: int) -> None:
    judged = judge_poem(poem)
    assert judged is not None
    assert (judged.group, judged.rhymed, judged.even) == (group, even, even)
    assert (judged.kept, judged.bound) == (kept, bound)


def test_a_turn_of_the_third_line_is_no_fault() -> None:
    judged = judge_poem("好雨知时节，当春乃发生。随风潜入夜，润物细无声。")
    assert judged is not None
    assert judged.kept == judged.bound
    turned = judge_poem(
        "白日依山尽，黄河入海流。平平仄平仄，更上一层楼。".replace("平平仄平仄", "天山月明夜")
    )
    assert turned is not None
    assert turned.kept == turned.bound


def explained(text: str) -> tuple[list[Annotation], str]:
    events = list(rnn_text.evaluate(EvaluateRequest(operation="metre", artifact=Text(text))))
    return [each for each in events if isinstance(each, Annotation)], told(events)


def test_each_character_is_told_of() -> None:
    found, summary = explained(POEM)
    assert [each.selection for each in found[:2]] == [Span(4, 5), Span(5, 6)]
    assert len(found) == 20
    by_letter = {
        POEM[each.selection.start]: each for each in found if isinstance(each.selection, Span)
    }
    assert "rhymes in 平声长" in localized(by_letter["霜"].text, "en")
    assert "where the pattern wants level" in localized(by_letter["上"].text, "en")
    assert "此处应平" in localized(by_letter["上"].text, "zh")
    assert by_letter["上"].value == 1
    assert by_letter["霜"].value == 0
    assert "oblique" in localized(by_letter["月"].text, "en")
    assert "2 of 2 even lines rhyme in 平声长" in summary
    assert "several readings" in summary


def test_a_broken_rhyme_a_near_one_and_what_is_unknown() -> None:
    broken, _summary = explained(SPRING.replace("驚心", "驚風"))
    by_place = {each.selection.start: each for each in broken if isinstance(each.selection, Span)}
    place = SPRING.index("驚心") + 1
    assert by_place[place].value == 1
    assert "does not rhyme: 平声风" in localized(by_place[place].text, "en")
    near, _summary = explained(ORIOLES.replace("船", "寒"))
    assert "no rhyme" in localized(near[-1].text, "en")
    near, _summary = explained(SPRING.replace("簪", "龘"))
    assert "its rhyme is not known here" in localized(near[-1].text, "en")


def test_an_old_style_poem_is_told_to_be_one() -> None:
    oblique = judge_poem("千山鸟飞绝，万径人踪灭。孤舟蓑笠翁，独钓寒江雪。")
    assert oblique is not None
    assert oblique.group == "仄声月"
    _found, summary = explained("千山鸟飞绝，万径人踪灭。孤舟蓑笠翁，独钓寒江雪。")
    assert "old style" in summary
    _found, summary = explained("床前明月，疑是地霜，举头望月，低头思乡，春眠不觉")
    assert "no tone pattern" in summary


def test_no_poem_is_a_sentence() -> None:
    found, summary = explained("Hello")
    assert not found
    assert "no verse in this text" in summary
