"""Generate: new texts, with or without a beginning, and more like one that was made before."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace

from aigc_studio.api import (
    Candidate,
    Event,
    GenerateRequest,
    GeneratorError,
    Text,
)
from aigc_studio.toolkit import exactly, mixed_seed, parameters_of
from rnn_text.lines import digest, read_known
from rnn_text.model import Model, open_model
from rnn_text.writing.likeness import drawn_to
from rnn_text.writing.parameters import GenerateParameters
from rnn_text.writing.pen import Numbers, pen_of, tail_of
from rnn_text.writing.prompts import Reading, notices, numbers, read
from rnn_text.writing.side_by_side import Task, events

IN_THE_DATA = {"en": "Stands in the data", "zh": "数据中已有"}
_ATTEMPTS = 24
"""So often a line that stands in the data is written anew before it is given and marked."""
_LIKENESS = 0.3
"""How strongly the one before draws what is asked for as more like it."""
_LATENT = b"text"
_TEXT_BYTES = 1 << 20
_LATENT_BYTES = 64 << 10
"""A latent has at most so many; a text that does not fit has none."""


def generate_texts(request: GenerateRequest) -> Iterator[Event]:
    """Yield `count` texts that grow as they are written; number n from the seed `seed + n`."""
    exactly(request)
    model = open_model(request.model)
    pen, wish = pen_of(model), parameters_of(request, GenerateParameters)
    reading = read(_plain(request.prompt), model.alphabet)
    yield from notices([reading])
    task = Task(
        pen=pen,
        left=left_of(model, reading.text),
        parameters=wish,
        ends_itself=model.kind != "prose",
        head=request.prompt if wish.beginning else "",
    )
    if request.latents:
        # One text to be like for all: which one it is may not depend on how many are asked for.
        origin = _text_of(request.latents[0])
        task = replace(task, steer=drawn_to(pen, model, origin, _LIKENESS))
    if model.kind == "lines":
        yield from events(_new_lines(task, request), request.seed, request.count)
        return
    yield from events(replace(task, finished=_with_latent), request.seed, request.count)


def left_of(model: Model, text: str) -> Numbers:
    """What the model reads of a text that is written on, known to it already: of a model that
    learnt line by line the line that is begun."""
    if model.kind == "lines":
        text = text.rpartition("\n")[2]
    return numbers(Reading(tail_of(text)), model.alphabet)


def _plain(prompt: str) -> str:
    """Line ends as all texts here have them."""
    return prompt.replace("\r\n", "\n").replace("\r", "\n")


def _with_latent(text: str, seed: int) -> Candidate:
    packed = _LATENT + zlib.compress(text.encode("utf-8", "surrogatepass"))
    latent = packed if len(packed) <= _LATENT_BYTES else None
    return Candidate(Text(text), latent=latent, seed=seed)


def _text_of(latent: bytes) -> str:
    """The text that a latent carries. Raises GeneratorError for one of something else."""
    try:
        packer = zlib.decompressobj()
        unpacked = packer.decompress(latent.removeprefix(_LATENT), _TEXT_BYTES)
        if latent.startswith(_LATENT) and packer.eof:
            return unpacked.decode("utf-8", "surrogatepass")
    except (zlib.error, UnicodeDecodeError):
        pass
    raise GeneratorError(
        "What this should be like was not made by this generator: choose another text, or ask for "
        "a new one.",
        zh="要参照的内容不是由此生成器生成的：请选择其他文字，或生成新的。",
    )


def _new_lines(task: Task, request: GenerateRequest) -> Task:
    """With lines that stand in the data left out, or marked."""
    known = read_known(request.model) if request.model is not None else frozenset()
    left_out = task.parameters.known == "left-out"  # type: ignore[attr-defined]

    def stands_there(text: str) -> bool:
        return digest(text) in known

    def finished(text: str, seed: int) -> Candidate:
        for attempt in range(1, _ATTEMPTS * left_out + 1):
            if not stands_there(text):
                break
            *_earlier, page = task.pages(mixed_seed("line", seed, attempt), 1)
            text = task.whole(page, 0)
        made = _with_latent(text, seed)
        return replace(made, title=IN_THE_DATA) if stands_there(text) else made

    return replace(task, finished=finished)
