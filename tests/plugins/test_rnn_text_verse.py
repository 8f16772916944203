"""Poems: always complete, from a beginning, about a theme, as an acrostic, in every layout."""

import itertools
from collections import Counter
from pathlib import Path

import pytest
from rnn_text.model import open_model
from rnn_text.verse.checking import judge_poem
from rnn_text.verse.forms import Form, form_control, form_of, forms_of, lines_of
from rnn_text.verse.layout import laid_out, rows_like
from rnn_text.verse.voice import voice_of
from rnn_text_verses import FORMS, composed, poems_in, told, write_verse

from aigc_studio.api import GeneratorError, Message, Partial, StudioError
from aigc_studio.translation import localized


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_verse(tmp_path_factory.mktemp("models") / "m")


@pytest.mark.parametrize("form", FORMS)
def test_a_poem_is_complete_rhymes_and_keeps_its_tones(model: Path, form: str) -> None:
    poems = poems_in(composed(model, form=form, count=3, seed=5))
    assert len(set(poems)) == 3
    for poem in poems:
        judged = judge_poem(poem)
        assert judged is not None
        assert judged.form.name == form
        assert judged.rhymed == judged.even
        assert judged.kept == judged.bound > 0
        assert poem[-1] == "。"


def test_nothing_is_repeated_as_poems_do_not(model: Path) -> None:
    for poem in poems_in(composed(model, form="7x8", count=4, wish={"daring": 0.1})):
        lines = lines_of(poem)
        pairs = Counter(pair for line in lines for pair in itertools.pairwise(line))
        in_lines = Counter(each for line in lines for each in set(line))
        assert max(pairs.values()) == 1
        assert max(in_lines.values()) <= 2
        assert len({line[-1] for line in lines[1::2]}) == 4


def test_rules_can_be_let_go(model: Path) -> None:
    free = composed(model, form="7x8", count=4, wish={"rhyme": False, "tones": False})
    judged = [judge_poem(poem) for poem in poems_in(free)]
    assert all(each is not None and each.form.name == "7x8" for each in judged)
    assert any(each is not None and each.kept < each.bound for each in judged)
    assert any(each is not None and each.rhymed < 4 for each in judged)


def test_the_same_seed_gives_the_same_and_more_change_nothing(model: Path) -> None:
    many = poems_in(composed(model, form="5x4", count=3, seed=4))
    assert poems_in(composed(model, form="5x4", seed=6)) == many[2:]


def test_a_poem_grows_by_lines_and_what_is_there_stays(model: Path) -> None:
    events = composed(model, form="5x8", seed=2)
    (poem,) = poems_in(events)
    shown = [str(each.artifact) for each in events if isinstance(each, Partial)]
    assert len(shown) >= 3
    assert all(poem.startswith(each.rstrip("，。\n")) for each in shown)


def test_no_form_chosen_is_any_form(model: Path) -> None:
    found = {form_of(poem) for poem in poems_in(composed(model, count=4))}
    assert {each.name for each in found if each} == set(FORMS)


@pytest.mark.parametrize(("letters", "form"), [("春江花月", "7x4"), ("春江花月山水云天", "5x8")])
def test_an_acrostic_begins_each_line(model: Path, letters: str, form: str) -> None:
    for poem in poems_in(composed(model, letters, form, count=2, wish={"words": "acrostic"})):
        judged = judge_poem(poem)
        assert "".join(line[0] for line in lines_of(poem)) == letters
        assert judged is not None
        assert judged.form.name == form
        assert judged.rhymed == judged.even


@pytest.mark.parametrize(
    ("letters", "form", "found", "sentence"),
    [
        ("春江", "7x4", "7x4", "2 of the 4 lines begin as you want"),
        ("春江花月山", "7x4", "7x8", "does not fit Qijue"),
        ("春江花月山水云天风雨", "5x4", "5x8", "the acrostic is 春江花月山水云天"),
    ],
)
def test_an_acrostic_of_another_length_says_what_happens(
    model: Path, letters: str, form: str, found: str, sentence: str
) -> None:
    events = composed(model, letters, form, wish={"words": "acrostic"})
    (poem,) = poems_in(events)
    judged = judge_poem(poem)
    assert judged is not None
    assert judged.form.name == found
    assert sentence in told(events)
    for line, letter in zip(lines_of(poem), letters, strict=False):
        assert line[0] == letter


def test_all_that_happens_to_an_acrostic_is_said_at_once(model: Path) -> None:
    events = composed(model, "春江花月山水云天风雨", "5x4", wish={"words": "acrostic"})
    (message,) = [each for each in events if isinstance(each, Message)]
    english, chinese = localized(message.text, "en"), localized(message.text, "zh")
    assert "the acrostic is 春江花月山水云天. " in english
    assert "藏头取“春江花月山水云天”。" in chinese
    for told_of in ("Wujue", "Wulü"):
        assert told_of in english
    assert "改用“五律”" in chinese


@pytest.mark.parametrize(
    ("beginning", "asked", "found"),
    [
        ("床前明月光", "", "5"),
        ("床前明月光", "7x8", "7x8"),
        ("床前明月光疑是", "5x8", "7x8"),
        ("床前", "7x4", "7x4"),
        ("床前明月光，疑是地上霜。举头", "5x4", "5x4"),
        ("床前明月光疑是地上霜", "5x8", "5x8"),
    ],
)
def test_a_poem_goes_on_from_its_beginning(
    model: Path, beginning: str, asked: str, found: str
) -> None:
    events = composed(model, beginning, asked)
    (poem,) = poems_in(events)
    form = form_of(poem)
    assert form is not None
    assert form.name.startswith(found)
    assert "".join(lines_of(poem)).startswith("".join(lines_of(beginning)))
    assert ("does not fit" in told(events)) == (asked not in ("", found))


def test_a_beginning_of_no_form_is_a_sentence(model: Path) -> None:
    with pytest.raises(GeneratorError, match="fits no form of this model") as caught:
        composed(model, "床前明月光啊啊啊啊")
    assert caught.value.parameter == "prompt"


def test_a_rhyme_that_was_begun_is_kept(model: Path) -> None:
    for poem in poems_in(composed(model, "床前明月光，疑是地上霜。", "5x8", count=3)):
        judged = judge_poem(poem)
        assert judged is not None
        assert judged.group == "平声长"
        assert judged.rhymed == 4


def test_a_theme_stands_in_the_poem_where_the_model_learnt_none(tmp_path: Path) -> None:
    model = write_verse(tmp_path / "m", themes=False)
    for poem in poems_in(composed(model, "明月", "5x4", count=3, wish={"words": "theme"})):
        assert "明月" in poem


def test_a_theme_is_liked_where_the_model_learnt_some(model: Path) -> None:
    wish = {"words": "theme", "tones": False}
    about = "".join(poems_in(composed(model, "明月山水", "7x8", count=4, wish=wish)))
    other = "".join(poems_in(composed(model, "", "7x8", count=4, wish=wish)))
    assert sum(map(about.count, "明月山水")) > sum(map(other.count, "明月山水"))


def test_a_theme_that_the_model_does_not_know(model: Path) -> None:
    with pytest.raises(StudioError, match="does not know a character of"):
        composed(model, "龘龘", wish={"words": "theme"})


@pytest.mark.parametrize("words", ["beginning", "theme"])
def test_a_long_prompt_is_not_told_back_in_full(model: Path, words: str) -> None:
    with pytest.raises(StudioError) as refused:
        composed(model, "龘" * 50_000, wish={"words": words})
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("words", ["beginning", "theme", "acrostic"])
def test_letters_do_not_become_lines_of_a_poem(model: Path, words: str) -> None:
    with pytest.raises(GeneratorError, match=r"such as .") as refused:
        composed(model, "Hello", wish={"words": words})
    assert refused.value.parameter == "prompt"


def test_what_is_typed_in_traditional_characters_comes_back_so(model: Path) -> None:
    events = composed(model, "愛東龘", "5x4", wish={"words": "acrostic"})
    (poem,) = poems_in(events)
    assert [line[0] for line in lines_of(poem)][:3] == list("愛東龘")
    assert "does not know 龘" in told(events)


@pytest.mark.parametrize("layout", ["couplets", "lines", "bare", "run"])
def test_layouts(model: Path, layout: str) -> None:
    (poem,) = poems_in(composed(model, form="5x4", wish={"layout": layout}))
    rows = poem.split("\n")
    assert len(rows) == {"couplets": 2, "lines": 4, "bare": 4, "run": 1}[layout]
    assert ("，" in poem) == (layout != "bare")
    assert len(lines_of(poem)) == 4


def test_layout_of_three_lines_ends_as_a_sentence() -> None:
    assert laid_out(["甲乙", "丙丁", "戊己"], "couplets") == "甲乙，丙丁。\n戊己。"


def test_forms_are_those_of_the_data() -> None:
    poems = ["一二三四五六，" * 4] * 5 + ["一二三，一二三四五，一二三。"] * 3 + ["孤句"]
    assert forms_of(poems) == ("6x4", "3-5-3")
    assert Form.named("3-5-3").lengths == (3, 5, 3)
    assert Form.named("6x4").title == {"en": "4 lines of 6 characters", "zh": "4 句，每句 6 字"}
    control = form_control(("7x4", "6x4"))
    assert control.options == ("7x4", "6x4")
    assert control.titles["7x4"] == {"en": "Qijue: 4 lines of 7 characters", "zh": "七绝"}
    with pytest.raises(ValueError, match="0x4"):
        Form.named("0x4")


def test_a_free_form_of_the_data_is_composed_too(tmp_path: Path) -> None:
    model = write_verse(tmp_path / "m", ("6x4", "3-5-3"))
    for name in ("6x4", "3-5-3"):
        (poem,) = poems_in(composed(model, form=name))
        form = form_of(poem)
        assert form is not None
        assert form.name == name


def test_a_model_of_prose_says_so(tmp_path: Path) -> None:
    from rnn_text_chains import WORDS, write_chain

    prose = write_chain(tmp_path / "m", WORDS)
    with pytest.raises(GeneratorError, match="has not learnt verse: choose one"):
        voice_of(open_model(prose))
    assert "keeps to no form" in told(composed(prose))


def test_a_form_of_unequal_lines_is_named_as_people_would() -> None:
    assert localized(Form((7, 5, 7, 5)).title, "zh") == "各句 7、5、7、5 字"
    assert localized(Form((7, 5, 7, 5)).title, "en") == "Lines of 7, 5, 7, 5 characters"
    assert localized(Form((7, 5) * 20).title, "zh") == "40 句，长短不一"


@pytest.mark.parametrize(
    ("before", "written", "laid"),
    [
        ("床前月，地上霜。\n举头月，低头乡。", "一，二。三，四。", "\n一，二。\n三，四。"),
        ("床前月，地上霜。\n举头月，", "低头乡。三，四", "低头乡。\n三，四"),
        ("床前月，\n地上霜。\n", "一，二。", "一，\n二。"),
        ("床前月，地上霜。举头月，低头乡。", "一，二。三。", "一，二。三。"),
        ("床前月，地上霜。\n举头月。低头乡。", "一。二。", "一。二。"),
        ("", "一。二。", "一。二。"),
        ("床前月。\n举头。", "", ""),
    ],
)
def test_what_is_written_on_goes_in_rows_as_the_text_does(
    before: str, written: str, laid: str
) -> None:
    assert rows_like(before)(written) == laid
