"""Rewriting: what is marked is made anew so that it fits what comes before and after it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from rnn_text.model import Model
from rnn_text.network.right import FAR, Right
from rnn_text.rewriting.drafting import DRAFTS, Desk
from rnn_text.rewriting.gaps import gap_in
from rnn_text.rewriting.parameters import HowLong, RewriteParameters
from rnn_text.rewriting.spans import rewrite, rewrite_text
from rnn_text.rewriting.weighing import state_after, weighed
from rnn_text.training.towards import right_losses
from rnn_text.writing.pen import Pen, Style
from rnn_text_chains import opened, write_chain, write_untrained

from aigc_studio.api import Candidate, EditRequest, GeneratorError, Message, Partial, Span, Text
from aigc_studio.toolkit import Moment

MIDDLE = {"b": "cij", "e": "cfj", "h": "cf", "g": "fi"}
FORK: dict[str, dict[str, float]] = {
    "^": {"a": 1.0},
    "a": dict.fromkeys(MIDDLE, 1.0),
    **{each: dict.fromkeys(after, 1.0) for each, after in MIDDLE.items()},
    **{each: {"d": 1.0} for each in "cf"},
    **{each: {"k": 1.0} for each in "ij"},
    **{each: {"a": 1.0} for each in "dk"},
}
"""`a`, two others, and then `d` after `c` and `f`, `k` after `i` and `j`."""
TO_D = {each + after for each in MIDDLE for after in MIDDLE[each] if after in "cf"}

WORDS: Mapping[str, Mapping[str, float]] = {
    "^": {"x": 1.0, "u": 1.0}, " ": {"x": 1.0, "u": 1.0}, "x": {"y": 1.0}, "y": {"z": 1.0},
    "z": {" ": 1.0}, "u": {"v": 1.0}, "v": {"w": 1.0}, "w": {"t": 1.0}, "t": {" ": 1.0},
}  # fmt: skip
"""Two words, `xyz` and `uvwt`."""

NAMES: Mapping[str, Mapping[str, float]] = {
    "^": {"A": 1.0, "B": 1.0}, "A": {"n": 1.0}, "n": {"n": 1.0, "a": 1.0}, "a": {"$": 1.0},
    "B": {"o": 1.0}, "o": {"o": 1.0, "b": 1.0}, "b": {"$": 1.0},
}  # fmt: skip
"""Names such as Anna and Boob."""


def asked(
    text: str, start: int, stop: int, *, count: int = 4, seed: int = 0, **wish: object
) -> EditRequest:
    return EditRequest(
        operation="rewrite",
        artifacts=(Text(text),),
        selections=(Span(start, stop),),
        count=count,
        seed=seed,
        parameters=RewriteParameters(**wish),  # type: ignore[arg-type]
    )


def made(model: Model, request: EditRequest) -> list[str]:
    """The parts that come in place of the span."""
    events = list(rewrite(request, model, Pen(model)))
    found = [event for event in events if isinstance(event, Candidate)]
    assert len(found) == request.count
    assert all(each.part and 0 < (each.probability or 0) <= 1 for each in found)
    return [str(each.artifact) for each in found]


def joined(request: EditRequest, part: str) -> str:
    return request.text.replaced(request.span, part).value


# -- both sides ------------------------------------------------------------------------------------


def test_what_is_made_leads_from_the_left_side_to_the_right_one(tmp_path: Path) -> None:
    model = opened(write_chain(tmp_path / "m", FORK))
    for seed in range(5):
        request = asked("abcdabcdabcd", 5, 7, seed=seed * 10)
        for each in made(model, request):
            assert each in TO_D


def test_candidates_differ_from_each_other_and_from_what_stood_there(tmp_path: Path) -> None:
    model = opened(write_chain(tmp_path / "m", FORK))
    found = made(model, asked("abcdabcdabcd", 5, 7))
    assert len({*found, "bc"}) == 5


def test_words_join_at_both_ends_though_they_have_other_lengths(tmp_path: Path) -> None:
    model = opened(write_chain(tmp_path / "m", WORDS))
    text = "xyz uvwt xyz xyz uvwt xyz uvwt xyz"
    for start, stop in ((1, 23), (6, 27), (9, 30)):
        request = asked(text, start, stop)
        for each in made(model, request):
            assert set(joined(request, each).split(" ")) == {"xyz", "uvwt"}


def test_the_first_ones_stay_when_more_are_asked_for(tmp_path: Path) -> None:
    model = opened(write_chain(tmp_path / "m", WORDS))
    request = asked("xyz uvwt xyz xyz uvwt xyz", 4, 20, count=4, seed=7)
    four = made(model, request)
    assert made(model, replace(request, count=2)) == four[:2]


# -- where the span may be -------------------------------------------------------------------------

TEXT = "xyz uvwt xyz xyz uvwt xyz uvwt xyz"


@pytest.mark.parametrize(
    ("start", "stop"), [(0, 7), (20, len(TEXT)), (0, len(TEXT)), (0, 0), (len(TEXT), len(TEXT))]
)
def test_a_span_at_the_start_the_end_or_of_all(tmp_path: Path, start: int, stop: int) -> None:
    model = opened(write_chain(tmp_path / "m", WORDS))
    request = asked(TEXT, start, stop)
    for each in made(model, request):
        assert each
        assert set(joined(request, each).split()) <= {"xyz", "uvwt"}, each


def test_an_empty_text_is_written(tmp_path: Path) -> None:
    model = opened(write_chain(tmp_path / "m", WORDS))
    assert all(set(each.split()) <= {"xyz", "uvwt"} for each in made(model, asked("", 0, 0)))


def test_a_part_of_one_character(tmp_path: Path) -> None:
    model = opened(write_chain(tmp_path / "m", FORK))
    assert set(made(model, asked("abcdabcd", 5, 6, count=2))) == {"e", "h"}


def test_a_long_part_grows_and_is_about_as_long(tmp_path: Path) -> None:
    model = opened(write_chain(tmp_path / "m", WORDS))
    text = "xyz uvwt " * 300
    request = asked(text, 100, 2300, count=1, loops=False)
    events = list(rewrite(request, model, Pen(model)))
    *_before, last = events
    assert isinstance(last, Candidate)
    assert abs(len(str(last.artifact)) - 2200) <= 8
    assert set(joined(request, str(last.artifact)).split()) == {"xyz", "uvwt"}
    grown = [str(each.artifact) for each in events if isinstance(each, Partial)]
    assert len(grown) > 100
    assert all(str(last.artifact).startswith(each) for each in grown)


@pytest.mark.parametrize(
    ("length", "least", "most"), [("shorter", 20, 28), ("same", 36, 44), ("longer", 60, 68)]
)
def test_it_is_as_long_as_asked_for(tmp_path: Path, length: HowLong, least: int, most: int) -> None:
    model = opened(write_chain(tmp_path / "m", WORDS))
    text = "xyz uvwt " * 20
    for each in made(model, asked(text, 50, 90, length=length)):
        assert least <= len(each) <= most


# -- characters ------------------------------------------------------------------------------------


def test_unknown_characters_on_either_side_are_told_once(tmp_path: Path) -> None:
    model = opened(write_chain(tmp_path / "m", WORDS))
    request = asked("xyz ☃ xyz uvwt xyz ☂ uvwt", 6, 14)
    events = list(rewrite(request, model, Pen(model)))
    assert sum(isinstance(event, Message) for event in events) == 1
    assert sum(isinstance(event, Candidate) for event in events) == 4


def test_a_character_that_an_edge_cuts_through_stays_whole(tmp_path: Path) -> None:
    model = opened(write_chain(tmp_path / "m", WORDS))
    text = "xyz e\u0301xyz uvwt xyz"
    # The span begins between the letter and its accent: the accent stays where it is.
    assert all(each.startswith("\u0301") for each in made(model, asked(text, 5, 12)))
    # And it ends between them.
    text = "xyz uvwt xyz e\u0301 xyz"
    assert all(each.endswith("e") for each in made(model, asked(text, 4, 14)))


def test_within_a_single_character_is_refused(tmp_path: Path) -> None:
    model = opened(write_chain(tmp_path / "m", WORDS))
    family = "👩\u200d👩\u200d👧"
    with pytest.raises(GeneratorError, match="one character"):
        made(model, asked(f"xyz {family} xyz", 5, 6))


def test_no_character_becomes_one_with_its_neighbours(tmp_path: Path) -> None:
    model = opened(write_chain(tmp_path / "m", WORDS))
    gap = gap_in(model, "xyz e xyz", Span(4, 5))
    assert gap.fits("a\u0301")
    assert not gap.fits("\u0301a")
    flags = gap_in(model, "🇩 xyz", Span(1, 2))
    assert not flags.fits("🇪")


def test_one_line_stays_one(tmp_path: Path) -> None:
    lines = dict(WORDS) | {"z": {"\n": 8.0, " ": 1.0}, "t": {"\n": 8.0, " ": 1.0}, "\n": WORDS[" "]}
    model = opened(write_chain(tmp_path / "m", lines))
    assert not any("\n" in each for each in made(model, asked(TEXT, 4, 20)))
    broken = TEXT.replace(" ", "\n")
    assert any("\n" in each for each in made(model, asked(broken, 4, 20)))


def test_of_lines_only_their_own_line_counts(tmp_path: Path) -> None:
    model = opened(write_chain(tmp_path / "m", NAMES, kind="lines"))
    text = "Boob\nAnnnna\nBooob"
    request = asked(text, 6, 10)
    for each in made(model, request):
        line = joined(request, each).split("\n")[1]
        assert set(line) == {"A", "n", "a"}
        assert line.endswith("na")


def test_some_lines_are_made_anew_each_for_itself(tmp_path: Path) -> None:
    model = opened(write_chain(tmp_path / "m", NAMES, kind="lines"))
    text = "Boob\nAnnnna\n\nBooob\nAnna"
    request = asked(text, 2, 16, count=2)
    for each in made(model, request):
        first, second, empty, third, last = joined(request, each).split("\n")
        assert (empty, last) == ("", "Anna")
        assert first.startswith("Bo")
        assert third.endswith("ob")
        for name in (first, second, third):
            assert name[0] in "AB"
            assert name[-1] == {"A": "a", "B": "b"}[name[0]]


# -- weighing --------------------------------------------------------------------------------------


def test_drafts_are_weighed_by_what_they_are_and_by_what_follows(tmp_path: Path) -> None:
    model = opened(write_chain(tmp_path / "m", FORK))
    encode = model.alphabet.encode
    before, after = encode("kabcda"), encode("da")
    right, wrong = weighed(model.writer, before, [encode("ec"), encode("ej")], after)
    assert right.written == pytest.approx(np.log([1 / 4, 1 / 3]), abs=0.02)
    assert right.followed == pytest.approx([0, 0], abs=0.02)
    assert wrong.followed[0] < -5
    assert wrong.total < right.total
    assert 0 < wrong.typical < right.typical < 1


def test_a_symbol_that_is_unknown_counts_nothing(tmp_path: Path) -> None:
    model = opened(write_chain(tmp_path / "m", FORK))
    encode = model.alphabet.encode
    (weight,) = weighed(model.writer, encode("a"), [encode("bc")], np.array([0]))
    assert weight.followed.tolist() == [0]


def test_drafts_of_other_lengths_and_a_known_state_weigh_the_same(tmp_path: Path) -> None:
    model = opened(write_untrained(tmp_path / "m", cell="lstm", layers=2))
    encode = model.alphabet.encode
    before, drafts, after = encode("abc, de"), [encode("a"), encode("fgh. a")], encode("bcd")
    together = weighed(
        model.writer, before, drafts, after, state=state_after(model.writer, before[:-1])
    )
    for draft, weight in zip(drafts, together, strict=True):
        (alone,) = weighed(model.writer, before, [draft], after)
        assert weight.written == pytest.approx(alone.written, abs=1e-4)
        assert weight.followed == pytest.approx(alone.followed, abs=1e-4)


# -- the right side --------------------------------------------------------------------------------


def learn(model: Model, steps: int = 150) -> None:
    """Teach a writer's right side the fork."""
    source, text = Random(0), ""
    for _time in range(300):
        first = source.choice([*MIDDLE])
        second = source.choice(MIDDLE[first])
        text += "a" + first + second + ("d" if second in "cf" else "k")
    symbols = torch.from_numpy(model.alphabet.encode(text))
    torch.manual_seed(0)
    settings = model.writer.settings
    right = model.writer.right = Right(settings.embedding, settings.output_width, 16, 24)
    optimiser = torch.optim.Adam(right.parameters(), 0.01)

    for step in range(steps):
        generator = torch.Generator().manual_seed(step)
        starts = torch.randint(len(symbols) - 8, (24, 1), generator=generator)
        rows, moment = symbols[starts + torch.arange(8)], Moment(step, steps, 0, generator)
        optimiser.param_groups[0]["lr"] = 0.01 * (1 - step / steps)
        optimiser.zero_grad()
        parts = right_losses(model.writer, rows, moment)
        torch.stack([part() for part in parts]).sum().backward()  # type: ignore[no-untyped-call]
        optimiser.step()


def test_the_right_side_learns_and_steers_and_the_writer_stays_as_it_is(tmp_path: Path) -> None:
    model = opened(write_chain(tmp_path / "m", FORK))
    gap = gap_in(model, "abcdabcdabcd", Span(5, 7))
    before = {name: each.clone() for name, each in model.writer.state_dict().items()}
    model.writer.requires_grad_(True)
    learn(model)
    for name, each in before.items():
        assert torch.equal(model.writer.state_dict()[name], each)
    own = [each for name, each in model.writer.named_parameters() if "right" not in name]
    assert all(each.requires_grad and each.grad is None for each in own)
    # Six in ten of what may be written lead to `d`; what is steered there does nearly always.
    desk = Desk(model, Pen(model), gap, 2)
    drafts = [each for seed in range(4) for each in desk.drafts(seed, Style(temperature=1))]
    assert len(drafts) == 4 * DRAFTS
    assert np.mean([each.text in TO_D for each in drafts if len(each.text) == 2]) > 0.8


def test_far_from_what_follows_nothing_is_changed() -> None:
    torch.manual_seed(0)
    right = Right(6, 10, 8, 12)
    torch.nn.init.ones_(right.added.weight)
    outputs, states = torch.randn(2, 10), torch.randn(2, 8)
    changed = right.change(outputs, states, torch.tensor([FAR, FAR + 1]))
    assert not torch.equal(changed[0], outputs[0])
    assert torch.equal(changed[1], outputs[1])


def test_what_fills_rows_up_changes_nothing() -> None:
    torch.manual_seed(0)
    right = Right(6, 10, 8, 12)
    long, short = torch.randn(1, 9, 6), torch.randn(1, 5, 6)
    rows = torch.cat([long, torch.cat([short, torch.full((1, 4, 6), 7.0)], 1)])
    together = right.states(rows, torch.tensor([9, 5]))
    assert torch.allclose(together[:1], right.states(long), atol=1e-6)
    assert torch.allclose(together[1:, :5], right.states(short), atol=1e-6)


def test_a_writer_without_a_right_side_learns_none(tmp_path: Path) -> None:
    model = opened(write_untrained(tmp_path / "m"))
    moment = Moment(0, 1, 0, torch.Generator())
    assert right_losses(model.writer, torch.ones(2, 9, dtype=torch.int64), moment) == []


def test_the_operation_opens_its_model(tmp_path: Path) -> None:
    request = asked(TEXT, 4, 20, count=2)
    folder = write_chain(tmp_path / "m", WORDS)
    events = list(rewrite_text(replace(request, model=folder)))
    assert sum(isinstance(event, Candidate) for event in events) == 2
