"""Models of verse for tests: untrained nets with real characters, and their results."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import rnn_text
import torch
from rnn_text.alphabet import Alphabet
from rnn_text.model import Form, save_model
from rnn_text.network.net import Writer
from rnn_text.settings import WriterSettings
from rnn_text.verse.parameters import ComposeParameters, RuleParameters
from rnn_text.verse.readings import characters_of, group_names

from aigc_studio.api import (
    Candidate,
    EditRequest,
    Event,
    GenerateRequest,
    Message,
    Span,
    Text,
)
from aigc_studio.translation import localized

FORMS = ("5x8", "7x4", "7x8", "5x4")
POEM = "静夜思\n床前明月光，疑是地上霜。\n举头望明月，低头思故乡。"
SPRING = (
    "國破山河在，城春草木深。感時花濺淚，恨別鳥驚心。"
    "烽火連三月，家書抵萬金。白頭搔更短，渾欲不勝簪。"
)


def write_verse(folder: Path, forms: Sequence[str] = FORMS, *, themes: bool = True) -> Path:
    """A model folder of verse whose net has learnt nothing: the rules are all there is."""
    letters = (
        "".join(characters_of(name)[:14] for name in group_names())
        + "静夜床明光疑是霜举低头故乡春江花月山水云天"
    )
    marks = ["begin", "end", *(["theme"] if themes else []), *forms, "free"]
    alphabet = Alphabet(dict.fromkeys("，。" + letters), marks)
    torch.manual_seed(1)
    writer = Writer(WriterSettings(len(alphabet), width=24, embedding=16, tied=True))
    folder.mkdir()
    save_model(folder, writer, alphabet, Form("verse", "\n", tuple(forms)))
    return folder


def composed(model: Path, prompt: str = "", form: str = "", **fields: Any) -> list[Event]:
    """All that composing yields; `wish` are its parameters."""
    wish = ComposeParameters(**fields.pop("wish", {}))
    controls = {"form": form} if form else {}
    request = GenerateRequest(
        operation="compose",
        model=model,
        prompt=prompt,
        controls=controls,
        parameters=wish,
        **fields,
    )
    return list(rnn_text.generate(request))


def poems_in(events: Sequence[Event]) -> list[str]:
    """The texts of the results."""
    return [str(each.artifact) for each in events if isinstance(each, Candidate)]


def rewritten(model: Path, text: str, span: Span, **fields: Any) -> list[Event]:
    """All that rewriting in a poem yields."""
    wish = RuleParameters(**fields.pop("wish", {}))
    request = EditRequest(
        operation="rewrite-verse", model=model, artifacts=(Text(text),), selections=(span,),
        parameters=wish, **fields,
    )  # fmt: skip
    return list(rnn_text.edit(request))


def told(events: Sequence[Event]) -> str:
    """What the person is told, in English."""
    return " ".join(localized(each.text, "en") for each in events if isinstance(each, Message))
