"""What a generator says of itself; crosses the process border as JSON, without pydantic."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

from aigc_studio.api.artifacts import Artifact, Medium
from aigc_studio.api.controls import Controls
from aigc_studio.api.starters import Starter
from aigc_studio.translation import Localized

if TYPE_CHECKING:
    from aigc_studio.api.parameters import Parameters

Verb = Literal["train", "generate", "edit", "evaluate"]
Need = Literal["none", "optional", "required"]

_id_form = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One thing a generator can do under a verb, with its own title and form.

    `artifacts` is how many go in: 0 for train and generate, 1 or 2 for edit. For evaluate, 1 says
    that it explains an item too (`EvaluateRequest.artifact`), and 0 that it only measures a model
    on a dataset, as the plain one does that stands for none listed; `title` then says what is told
    of the item ("How expected is this?").
    `model` says whether a trained model is needed, where the generator can train at all; with
    "none" the request has none, whatever the person chose.
    `parameters` is a subclass of `Parameters`; on the host's side of the border it is the JSON
    Schema. `prompt_help` says what may be typed. `selection` says whether a part is marked; of a
    text that may be an empty span, a place to write at. `controls` says whether it is steered by
    the controls of the chosen model. `live` is False where it must not be asked for before the
    person presses the button: what is slow, or costs something, has no live preview. `fine` says of
    an edit of pictures that it takes a part of any size: where only hairlines are selected they
    come in the picture's own pixels then, and not scaled to the model's frame. `pick` says of an
    edit that its results are pieces that may come next at the marked place, likeliest first, each
    with its `probability` and `part=True`: they are offered there, to be picked one after another.
    `caret` says of an edit of texts that it is what somebody wants first where nothing is marked
    and only the caret stands: it is offered before the others there.
    `asks` says of an edit that changes nothing by itself what is asked for by it: `prompt`,
    `controls`, names of parameters. Where all of these are empty or where they begin, the studio
    says so in place of a request, and has the person say what to change; one that comes all the
    same, from a program say, is answered as any other.
    `data` says of an evaluate of items whether it looks into the data that the model learnt from
    (what was copied, say): `EvaluateRequest.dataset` is the training part of it then, beside the
    artifact; with "optional" it is None where that data is not in the library.
    """

    id: str
    verb: Verb
    title: Localized
    help: Localized = ""
    parameters: type[Parameters] | Mapping[str, Any] | None = None
    artifacts: int = 0
    selection: Need = "none"
    prompt: Need = "none"
    model: Need = "required"
    prompt_help: Localized = ""
    prompt_example: Localized = ""
    controls: bool = False
    live: bool = True
    fine: bool = False
    pick: bool = False
    data: Need = "none"
    caret: bool = False
    asks: tuple[str, ...] = ()

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the parameters: an object with no properties when there are none."""
        if self.parameters is None:
            return {"type": "object", "properties": {}}
        if isinstance(self.parameters, Mapping):
            return dict(self.parameters)
        return self.parameters.model_json_schema()

    def is_unasked(
        self, prompt: str, controls: Mapping[str, Any], parameters: Mapping[str, Any]
    ) -> bool:
        """Whether nothing of what it `asks` is there: no words, no control away from where it does
        nothing, no parameter that is not as it begins. Never where it asks for nothing."""
        properties = self.schema.get("properties", {})
        asked = {"prompt": bool(prompt.strip()), "controls": bool(controls)}
        for name in set(self.asks) - asked.keys():
            begins = properties.get(name, {}).get("default")
            asked[name] = parameters.get(name, begins) != begins
        return bool(self.asks) and not any(asked[name] for name in self.asks)

    def with_card(self, card: Mapping[str, Any]) -> Operation:
        """The same as the model with this card does it, whoever wrote the card.

        Under `prompt` a card may say what may be typed to this model, in place of `prompt_help` and
        the example, or False where it understands no words: then nothing is asked for, unless it
        must be. Operations that it names under `operations` keep their example.
        """
        from aigc_studio.api import fitting, limits

        told = card.get("prompt")
        if told is False and self.prompt == "optional":
            return replace(self, prompt="none")
        if self.prompt == "none" or not told or not isinstance(told, str | Mapping):
            return self
        words = fitting.words(told, "card", "prompt", most=limits.SENTENCE)
        if not words:
            return self
        example = self.prompt_example if self.id in _names(card.get("operations")) else ""
        return replace(self, prompt_help=words, prompt_example=example)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """How a metric of the plugin's own is told: its title, its unit, and which way is better."""

    title: Localized
    unit: str = ""
    better: Literal["", "lower", "higher"] = ""


@dataclass(frozen=True, kw_only=True)
class Description:
    """Who a generator is and what it offers.

    `medium` is `Image`, `Text` or `Melody`, or the name of one. `sample_packs` name packs that it
    can learn from. `models` is a folder in the plugin's package with models that come with it,
    relative to the module. `metrics` has words for the metrics of its own, by their names. A plugin
    with one way of doing a verb need not list an operation for it. `starters` are what can be done
    at once on an empty board, at most `limits.STARTERS`. `licence` is an SPDX expression,
    `homepage` an address, `author` a name, or one for each language. `uses` says what it reaches
    for outside its own folder, each of `network`, `files`, `programs` with the reason in words:
    told to the person, not enforced. Raises `ValueError` for an id that is not lower-case words
    joined with `-`, and the like.
    """

    id: str
    title: Localized
    medium: Medium | type[Artifact]
    version: str = "0"
    api_version: int = 1
    summary: Localized = ""
    operations: tuple[Operation, ...] = ()
    controls: Controls = field(default_factory=Controls)
    sample_packs: tuple[str, ...] = ()
    models: str = ""
    metrics: Mapping[str, Measure] = field(default_factory=dict)
    licence: str = ""
    homepage: str = ""
    author: Localized = ""
    uses: Mapping[str, Localized] = field(default_factory=dict)
    verbs: tuple[str, ...] = ()
    starters: tuple[Starter, ...] = ()

    def __post_init__(self) -> None:
        medium = getattr(self.medium, "medium", self.medium)
        object.__setattr__(self, "medium", medium)
        object.__setattr__(self, "operations", tuple(self.operations))
        object.__setattr__(self, "starters", tuple(self.starters))
        if not isinstance(self.id, str) or not _id_form.fullmatch(self.id):
            raise ValueError(f"the id {self.id!r} must be lower-case words joined with '-'")
        if medium not in get_args(Medium):
            raise ValueError(f"the medium {medium!r} must be Image, Text or Melody")
        keys = [operation.id for operation in self.operations]
        for key in keys:
            if not _id_form.fullmatch(key) or keys.count(key) > 1:
                raise ValueError(f"the operation id {key!r} is not well formed or stands twice")

    def of_verb(self, verb: str) -> tuple[Operation, ...]:
        """The operations under a verb that the plugin implements; a plain one if none is listed."""
        if verb not in self.verbs:
            return ()
        listed = tuple(operation for operation in self.operations if operation.verb == verb)
        return listed or (_plain_operation(verb),)

    def with_card(self, verb: str, card: Mapping[str, Any]) -> tuple[Operation, ...]:
        """The operations under a verb, first those that the model with this card is there for.

        Under `operations` a card may name them by their ids, the first one first, and under
        `without` those that this model is not offered for, as long as any are left.
        """
        names, without = _names(card.get("operations")), _names(card.get("without"))
        places = {name: place for place, name in enumerate(names)}
        listed = self.of_verb(verb)
        offered = [each for each in listed if each.id not in without] or listed
        return tuple(sorted(offered, key=lambda each: places.get(each.id, len(places))))

    def operation(self, key: str) -> Operation | None:
        """The operation with this id, or None."""
        for verb in self.verbs:
            for operation in self.of_verb(verb):
                if operation.id == key:
                    return operation
        return None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; parameter models become JSON Schemas."""
        from dataclasses import fields

        value = {each.name: getattr(self, each.name) for each in fields(self)}
        value["controls"] = self.controls.to_json()
        value["metrics"] = {name: vars(each) | {} for name, each in self.metrics.items()}
        value["operations"] = [_operation_to_json(each) for each in self.operations]
        value["starters"] = [each.to_json() for each in self.starters]
        return value

    @classmethod
    def from_json(cls, value: Any, remarks: list[str] | None = None) -> Description:
        """Read what `to_json` gave, or anything else: what it gives is plain and within the limits.

        `remarks` gets a phrase about words that were left out. Raises `Misfit`, a `ValueError`.
        """
        from aigc_studio.api.describing import fit_description

        known = fit_description(value, remarks)
        known["metrics"] = {name: Measure(**each) for name, each in known["metrics"].items()}
        known["operations"] = tuple(
            Operation(**each | {"asks": tuple(each["asks"])}) for each in known["operations"]
        )
        known["starters"] = tuple(map(Starter.from_json, known["starters"]))
        for key in ("sample_packs", "verbs"):
            known[key] = tuple(known[key])
        return cls(**known)


def _names(told: Any) -> list[str]:
    """What a card lists by name; nothing where it is no list."""
    return [each for each in told if isinstance(each, str)] if isinstance(told, list) else []


def _plain_operation(verb: str) -> Operation:
    titles: dict[str, Localized] = {
        "train": {"en": "Train", "zh": "训练"},
        "generate": {"en": "Generate", "zh": "生成"},
        "edit": {"en": "Edit", "zh": "编辑"},
        "evaluate": {"en": "Evaluate", "zh": "评估"},
    }
    needs: dict[str, Any] = {
        "generate": {"prompt": "optional", "controls": True},
        "edit": {"prompt": "optional", "artifacts": 1, "selection": "optional"},
    }
    return Operation(id=verb, verb=verb, title=titles[verb], **needs.get(verb, {}))  # type: ignore[arg-type]


def _operation_to_json(operation: Operation) -> dict[str, Any]:
    return vars(operation) | {"parameters": operation.schema}
