"""Characters, half lines and lines of a poem made anew, typed in whatever way."""

from pathlib import Path

import pytest
import rnn_text
from rnn_text.rewriting.parameters import RewriteParameters
from rnn_text.verse.checking import judge_poem
from rnn_text.verse.poems import read_poem
from rnn_text.verse.readings import groups_of
from rnn_text_verses import POEM, SPRING, poems_in, rewritten, told, write_verse

from aigc_studio.api import Candidate, EditRequest, GeneratorError, Span, Text


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_verse(tmp_path_factory.mktemp("models") / "m")


@pytest.mark.parametrize(
    ("start", "stop"), [(4, 5), (7, 9), (4, 6), (10, 16), (4, 16), (13, 22), (17, len(POEM))]
)
def test_a_part_is_made_anew_and_the_form_kept(model: Path, start: int, stop: int) -> None:
    parts = poems_in(rewritten(model, POEM, Span(start, stop), count=4, seed=3))
    assert len(set(parts)) == 4
    for part in parts:
        assert part != POEM[start:stop]
        whole = POEM[:start] + part + POEM[stop:]
        assert len(whole) == len(POEM)
        for place, letter in enumerate(POEM):
            if letter in "，。\n" or place < 4:
                assert whole[place] == letter
        judged = judge_poem(whole)
        assert judged is not None
        assert judged.rhymed == 2


def test_the_rhyme_of_what_stands_is_kept(model: Path) -> None:
    end = POEM.index("霜")
    for part in poems_in(rewritten(model, POEM, Span(end, end + 1), count=4)):
        assert "平声长" in groups_of(part)


def test_one_character_has_its_probability_and_the_first_ones_stay(model: Path) -> None:
    found = [
        each
        for each in rewritten(model, POEM, Span(4, 5), count=4, seed=1)
        if isinstance(each, Candidate)
    ]
    assert all(each.part and each.probability and 0 < each.probability < 1 for each in found)
    some = poems_in(rewritten(model, POEM, Span(4, 5), count=2, seed=1))
    assert [str(each.artifact) for each in found[:2]] == some


def test_traditional_characters_come_back_as_they_were(model: Path) -> None:
    start = SPRING.index("恨")
    for part in poems_in(rewritten(model, SPRING, Span(start, start + 5), count=2)):
        whole = SPRING[:start] + part + SPRING[start + 5 :]
        judged = judge_poem(whole)
        assert judged is not None
        assert judged.rhymed == 4
        assert judged.kept == judged.bound == 28


def test_without_punctuation(model: Path) -> None:
    bare = SPRING.replace("，", "").replace("。", "")
    (part,) = poems_in(rewritten(model, bare, Span(5, 10)))
    assert len(part) == 5
    assert part[-1] != "深"
    assert "平声心" in groups_of(part[-1])


def test_all_of_it_leaves_the_title_alone(model: Path) -> None:
    (part,) = poems_in(rewritten(model, POEM, Span(0, len(POEM))))
    assert part.startswith("静夜思\n")
    assert len(part) == len(POEM)


def test_what_cannot_be_rewritten_is_a_sentence(model: Path) -> None:
    with pytest.raises(GeneratorError, match="no verse in this text"):
        rewritten(model, "Hello, world", Span(0, 5))
    for span in (Span(9, 10), Span(5, 5), Span(0, 3)):
        with pytest.raises(GeneratorError, match="No character of the poem is marked"):
            rewritten(model, POEM, span)


def test_what_stands_unknown_is_told(model: Path) -> None:
    events = rewritten(model, POEM.replace("故", "龘"), Span(4, 6))
    assert len(poems_in(events)) == 1
    assert "does not know 龘" in told(events)


@pytest.mark.parametrize(
    ("text", "form", "first"),
    [
        (POEM, "5x4", 4),
        (POEM.replace("思\n", "思\n李白\n"), "5x4", 7),
        ("《靜夜思》牀前明月光\n疑是地上霜\n舉頭望明月\n低頭思故鄉", "5x4", 5),
        ("床前明月光疑是地上霜举头望明月低头思故乡", "5x4", 0),
        ("白日依山尽黄河入海流\n欲穷千里目更上一层楼", "5x4", 0),
        (SPRING, "5x8", 0),
    ],
)
def test_poems_are_found_however_they_are_typed(text: str, form: str, first: int) -> None:
    poem = read_poem(text)
    assert poem is not None
    assert (poem.form.name, poem.places[0]) == (form, first)
    assert all(place < len(text) for place in poem.places)


PROSE = (
    "清晨，木匠在邮局想起晚归的船，没有说话。傍晚，邮差在灯塔望着一首忘了词的歌，风很轻。\n\n"
    "那年冬天，老船长在火车站数着墙上的影子。后来，小雨在山坡画下三只白鹭，奶奶笑了。\n\n"
)


def test_running_text_is_no_poem_however_it_ends() -> None:
    for text in (PROSE, PROSE * 40, PROSE + "雨停了。\n猫走了。"):
        assert read_poem(text) is None
    song = read_poem("无言独上西楼，月如钩。寂寞梧桐深院锁清秋。\n剪不断，理还乱，是离愁。")
    assert song is not None
    assert song.form.name == "6-3-9-3-3-3"
    assert read_poem("汉皇重色思倾国，" * 120) is not None  # as long as the longest of them


@pytest.mark.parametrize("title", ["长恨歌\n", "长恨歌\n白居易\n", "长恨歌\n唐·白居易\n", ""])
@pytest.mark.parametrize("couplets", [8, 60])
def test_a_title_above_a_long_poem_is_none_of_its_lines(title: str, couplets: int) -> None:
    poem = read_poem(title + "汉皇重色思倾国，御宇多年求不得。\n" * couplets)
    assert poem is not None
    assert (poem.form.lengths, poem.places[0]) == ((7,) * (2 * couplets), len(title))


@pytest.mark.parametrize("between", ["，", "\n"])
@pytest.mark.parametrize("end", ["。\n", "\n"])
def test_the_first_couplet_of_three_is_no_title(between: str, end: str) -> None:
    lines = ["慈母手中线", "游子身上衣", "临行密密缝", "意恐迟迟归", "谁言寸草心", "报得三春晖"]
    couplets = [lines[at : at + 2] for at in (0, 2, 4)]
    poem = read_poem("".join(between.join(each) + end for each in couplets))
    assert poem is not None
    assert poem.form.lengths == (5,) * 6
    titled = read_poem("登幽州台歌\n" + "".join(between.join(each) + end for each in couplets[:2]))
    assert titled is not None
    assert (titled.form.name, titled.places[0]) == ("5x4", 6)


def test_a_first_line_of_another_length_is_no_title() -> None:
    poem = read_poem("君不见，走马川行雪海边。\n" + "轮台九月风夜吼，一川碎石大如斗。\n" * 4)
    assert poem is not None
    assert poem.form.lengths == (3, *[7] * 9)
    assert read_poem(PROSE + "雨停了。\n猫走了。\n灯灭了。\n天亮了。") is None


def test_a_sentence_of_running_text_is_rewritten_as_prose(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of a story was drawn anew by the rules of verse, for minutes."""
    monkeypatch.setattr("rnn_text.verse.rewriting.draw", None)
    story = PROSE * 40
    request = EditRequest(
        operation="rewrite", model=model, artifacts=(Text(story),), selections=(Span(19, 36),),
        parameters=RewriteParameters(),
    )  # fmt: skip
    (part,) = poems_in(list(rnn_text.edit(request)))
    assert part != story[19:36]


def test_other_texts_have_no_poem() -> None:
    for text in ("", "\n\n", "abc，def", "春眠不觉晓", "🙂\ud800"):
        assert read_poem(text) is None
