"""Train: from a dataset of texts to a model folder, on the toolkit's loop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from aigc_studio.api import Controls, Dataset, Event, GeneratorError, Message, TrainRequest
from aigc_studio.toolkit import Best, choose_device, parameters_of, training_loop
from rnn_text.alphabet import Alphabet
from rnn_text.lines import FILE as KNOWN
from rnn_text.lines import write_known
from rnn_text.model import Form, Model, open_model, save_model
from rnn_text.network.net import Writer
from rnn_text.settings import WriterSettings
from rnn_text.training.material import MOST_HELD_OUT, Material, learnt_from
from rnn_text.training.measuring import finished, held_out_metrics
from rnn_text.training.parameters import AUTO, TrainParameters
from rnn_text.training.previews import written
from rnn_text.training.runs import frequent_runs
from rnn_text.training.step import Recipe, WriterStep
from rnn_text.training.windows import Windows

_BEGUN = "begun.jsonl"
"""Left in the folder of a training: how it was begun."""
_LARGE = 1000
"""With more symbols than this the output is tied to the input."""
_PATIENCE = 0.4
"""The training ends when for so large a part of it nothing held out was told better."""
_RIGHT, _RIGHT_FROM = 160, 3.0
"""How wide the part is that reads what follows, and from how many minutes on it is learnt."""
_LONGEST = 5
"""The longest n-gram that is looked up."""
_MOST_KNOWN = 1_000_000
_VERSE_PROMPT = {
    "en": "The first line or the beginning of it; under Compose a poem also a theme, or the "
    "characters of an acrostic. Empty: anything.",
    "zh": "首句或其开头；选“作诗”时也可以是主题，或藏头的字。留空：自由发挥。",
}
_FOR_VERSE = ["compose", "rewrite-verse", "metre"]
"""What a model of verse is there for, before what any text can be asked for; others are not
offered for making verse, nor for its metre where they know no character of Chinese."""
_SPEED = 5_000
"""Symbols a second that a net of 448 reads on one slow core."""


def train_texts(request: TrainRequest[TrainParameters]) -> Iterator[Event]:
    """Learn the texts of a dataset, or go on from a model; yield what the loop does."""
    choose_device(replace(request, device="cpu"))
    if request.device not in ("", "auto", "cpu"):
        yield _on_the_cpu()
    parameters = parameters_of(request, TrainParameters)
    if parameters.rewriting == "only" and request.model is None:
        raise _nothing_to_rewrite_with()
    base = open_model(request.model) if request.model is not None else None
    most = int(min(1.0, max(0.1, minutes_of(request) / 10)) * MOST_HELD_OUT)
    drawn = draws_held_out(request)
    material = yield from learnt_from(request.dataset, parameters, base, most, drawn=drawn)
    runs = frequent_runs(material.learnt.symbols, longest_run(parameters, len(material.alphabet)))
    settings = settings_for(parameters, material, base, minutes_of(request), len(runs))
    writer = writer_for(settings, base, request.seed, runs)
    recipe = recipe_for(parameters)
    windows = Windows(material, recipe.size, recipe.length, request.seed)
    alphabet, form = material.alphabet, material.form
    measured = len(material.held_out.symbols) > 1 and not recipe.only_right
    shelf = Shelf(material, parameters, request.dataset)
    yield from training_loop(
        request,
        WriterStep(writer, recipe, windows.steps),
        windows,
        publish=shelf.publish,
        sample=lambda trainee: written(finished(trainee, material), alphabet, form),
        evaluate=(lambda trainee: held_out_metrics(finished(trainee, material), material))
        if measured
        else None,
        best=Best("nats_per_character", patience=_PATIENCE) if measured else None,
        evaluations=10,
    )


def draws_held_out(request: TrainRequest[Any]) -> bool:
    """Whether a training draws the examples that it measures on. One that was begun by a version
    which took the first of them goes on with these: what is sure of itself, and best, is told by
    them."""
    begun = request.folder / _BEGUN
    if not request.resume:
        request.folder.mkdir(parents=True, exist_ok=True)
        begun.write_text('{"held_out": "drawn"}\n', "utf-8")
    return begun.is_file()


def minutes_of(request: TrainRequest[Any]) -> float:
    """About how long a training will take, where it is told by steps."""
    if request.steps is None:
        return request.minutes or 1.0
    return request.steps * 32 * 32 / _SPEED / 60


def settings_for(
    parameters: TrainParameters,
    material: Material,
    base: Model | None,
    minutes: float,
    runs: int = 0,
) -> WriterSettings:
    """The shape of the net: what was asked for, else what suits the text and the time. `runs` is
    how many runs of symbols are worth being looked up."""
    count = len(material.alphabet)
    if base is not None:
        _check_same(parameters, base)
        own = base.writer.settings
        right = own.right or _right(parameters, own.width, minutes)
        return replace(own, symbols=count, right=right)
    symbols = len(material.learnt.symbols)
    width = parameters.width or _width(symbols, count, minutes)
    tied = count > _LARGE
    usual = min(192, width) if tied else 128
    return WriterSettings(
        symbols=count,
        cell=parameters.cell,
        width=width,
        layers=parameters.layers,
        embedding=parameters.embedding or usual,
        tied=tied,
        right=_right(parameters, width, minutes),
        ngrams=longest_run(parameters, count) if runs else 0,
        runs=runs,
    )


def _width(symbols: int, count: int, minutes: float) -> int:
    if symbols < 100_000:
        return 256
    if count > _LARGE:
        return 512 if minutes > 5 else 384
    return 384 if minutes <= 4 or symbols < 500_000 else 448


def longest_run(parameters: TrainParameters, count: int) -> int:
    """The longest n-gram that is looked up in an alphabet of `count` symbols, 0 for none."""
    if parameters.ngrams < 0:
        return 0 if count > _LARGE else _LONGEST
    return max(2, parameters.ngrams) if parameters.ngrams else 0


def _right(parameters: TrainParameters, width: int, minutes: float) -> int:
    """How wide the part is that reads what follows; 0 where rewriting is not to be learnt."""
    wanted = parameters.rewriting
    if wanted == "no" or (wanted == AUTO and minutes < _RIGHT_FROM):
        return 0
    return min(_RIGHT, width)


def _check_same(parameters: TrainParameters, base: Model) -> None:
    own, usual = base.writer.settings, TrainParameters()
    for name in ("cell", "width", "layers", "embedding", "ngrams"):
        asked = getattr(parameters, name)
        if asked not in (getattr(usual, name), getattr(own, name)):
            shown = getattr(own, name)
            raise GeneratorError(
                f"The model {base.name} was made with {name} {shown}: leave it as it is at first "
                "to go on from it.",
                zh=f"模型 {base.name} 的该项为 {shown}：要在其基础上继续，请保持默认值。",
                parameter=name,
            )


def writer_for(settings: WriterSettings, base: Model | None, seed: int, runs: Tensor) -> Writer:
    """A net to begin with: that of a model, with room for new symbols, or one of its own, which
    looks up the `runs` with these keys."""
    torch.manual_seed(seed)
    writer = Writer(settings)
    if base is None and writer.ngrams is not None:
        writer.ngrams.keys.copy_(runs)
    if base is not None:
        with torch.no_grad():
            own = writer.state_dict()  # the tensors in use
            for name, tensor in base.writer.state_dict().items():
                rows = tuple(slice(each) for each in tensor.shape)
                own[name][rows].copy_(tensor)
    return writer.train()


def recipe_for(parameters: TrainParameters) -> Recipe:
    """How the training goes."""
    return Recipe(
        learning_rate=parameters.learning_rate,
        dropout=parameters.dropout,
        size=parameters.batch_size,
        length=parameters.length,
        only_right=parameters.rewriting == "only",
    )


class Shelf:
    """Writes model folders: the net, and of single examples which of them it has learnt."""

    def __init__(self, material: Material, parameters: TrainParameters, dataset: Dataset) -> None:
        self.material, self.parameters, self.dataset = material, parameters, dataset
        self._known: bytes | None = None

    def publish(self, trainee: WriterStep, folder: Path) -> Mapping[str, Any]:
        """Write the average of a trainee into an empty folder; what its card says."""
        form = self.material.form
        writer = finished(trainee, self.material)
        save_model(folder, writer, self.material.alphabet, form)
        if form.kind == "lines":
            self._tell_known(folder)
        return {
            **told_of_kind(form, self.material.alphabet),
            "kind": form.kind,
            "architecture": asdict(trainee.writer.settings),
            "recipe": asdict(trainee.recipe),
            "parameters": self.parameters.model_dump(),
            "controls": controls_of(form).to_json(),
        }

    def _tell_known(self, folder: Path) -> None:
        if self._known is not None:
            (folder / KNOWN).write_bytes(self._known)
            return
        first = islice(self.dataset, _MOST_KNOWN)
        write_known(folder, (str(each.artifact) for each in first))
        self._known = (folder / KNOWN).read_bytes()


def told_of_kind(form: Form, alphabet: Alphabet) -> dict[str, Any]:
    """What a card says of what the model is there for, and of what it is not offered for."""
    if form.kind == "verse":
        return {"prompt": _VERSE_PROMPT, "operations": _FOR_VERSE}
    knows_chinese = any("\u4e00" <= each[:1] <= "\u9fff" for each in alphabet.symbols)
    return {"without": _FOR_VERSE[: 2 if knows_chinese else 3]}


def controls_of(form: Form) -> Controls:
    """What a model can be steered by: verse by its form."""
    if form.kind != "verse" or not form.shapes:
        return Controls()
    from rnn_text.verse.forms import form_control

    return Controls(controls=(form_control(form.shapes),))


def _on_the_cpu() -> Message:
    return Message(
        {
            "en": "RNN text trains on the CPU: its nets are too small for a GPU to help.",
            "zh": "RNN 文本在 CPU 上训练：网络很小，GPU 并无帮助。",
        }
    )


def _nothing_to_rewrite_with() -> GeneratorError:
    return GeneratorError(
        "There is no model that could learn to rewrite and nothing else: choose one to go on from, "
        "or let rewriting be learnt along.",
        zh="没有可单独学习改写的模型：请选择一个起始模型，或改为同时学习改写。",
        parameter="rewriting",
    )
