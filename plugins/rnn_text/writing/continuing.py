"""Continue: a text written on, at a place in it or at its end; and other texts like one."""

from __future__ import annotations

from collections.abc import Iterator

from aigc_studio.api import Candidate, EditRequest, Event, GeneratorError, Text
from aigc_studio.toolkit import exactly, parameters_of
from rnn_text.model import open_model
from rnn_text.verse.layout import rows_like
from rnn_text.writing.ends import joins
from rnn_text.writing.generating import left_of
from rnn_text.writing.likeness import drawn_to
from rnn_text.writing.parameters import ContinueParameters, LikeParameters
from rnn_text.writing.pen import pen_of, tail_of
from rnn_text.writing.picking import next_pieces
from rnn_text.writing.prompts import notices, read
from rnn_text.writing.side_by_side import Task, events


def continue_text(request: EditRequest) -> Iterator[Event]:
    """Yield `count` ways to write on at the caret, after what is marked, or at the end."""
    exactly(request)
    model = open_model(request.model)
    pen, wish = pen_of(model), parameters_of(request, ContinueParameters)
    value, span = request.text.value, request.span
    selected = bool(request.selections) and request.selections[0] is not None
    before, after = value[: span.stop], value[span.stop :]
    reading = read(tail_of(before), model.alphabet)
    yield from notices([reading])
    # What is marked stays: what is written comes after it.
    head = value[span.start : span.stop] if selected else before

    def finished(text: str, seed: int) -> Candidate:
        apart = " " in model.alphabet and after and text and joins(text[-1], after[0])
        return Candidate(Text(text + " " if apart else text), seed=seed)

    task = Task(
        pen=pen,
        left=left_of(model, reading.text),
        parameters=wish,
        ends_itself=model.kind != "prose",
        head=head,
        part=selected,
        # A model that has learnt no line breaks goes on in rows all the same.
        laid=rows_like("" if "\n" in model.alphabet else before),
        finished=finished,
    )
    yield from events(task, request.seed, request.count)


def pick_next(request: EditRequest) -> Iterator[Event]:
    """Yield the likeliest pieces at the caret (or in place of what is marked), likeliest first."""
    exactly(request)
    model = open_model(request.model)
    before = request.text.value[: request.span.start]
    reading = read(tail_of(before), model.alphabet)
    yield from notices([reading])
    left = left_of(model, reading.text)
    found = next_pieces(pen_of(model), left, request.count, tail=reading.text[-1:])
    for number, (piece, chance) in enumerate(found):
        yield Candidate(
            Text(piece), probability=min(chance, 1.0), seed=request.seed + number, part=True
        )


def write_alike(request: EditRequest) -> Iterator[Event]:
    """Yield `count` new texts in the voice of one, with its words and turns."""
    exactly(request)
    model = open_model(request.model)
    pen, wish = pen_of(model), parameters_of(request, LikeParameters)
    origin = request.text.value
    if not origin.strip():
        raise GeneratorError(
            "There is nothing written yet that another text could be like: write something first.",
            zh="还没有可供参照的文字：请先写一些内容。",
        )
    reading = read(origin, model.alphabet)
    yield from notices([reading])
    # It is read first, as a writer would who was shown it; what is written is a new text.
    left = left_of(model, reading.text + model.between if model.kind == "prose" else "")
    task = Task(
        pen=pen,
        left=left,
        parameters=wish,
        ends_itself=model.kind != "prose",
        steer=drawn_to(pen, model, reading.text, wish.likeness),
    )
    yield from events(task, request.seed, request.count)
