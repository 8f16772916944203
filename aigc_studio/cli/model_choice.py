"""Which model the shell works with: the one named, or the usual one, which is told then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from aigc_studio.api import StudioError
from aigc_studio.cli import asking
from aigc_studio.cli.console import Console
from aigc_studio.translation import _

if TYPE_CHECKING:
    import argparse

    from aigc_studio.api import Operation
    from aigc_studio.host import PluginRecord
    from aigc_studio.library import ModelInfo, ModelStore


def open_models(record: PluginRecord | None = None) -> ModelStore:
    """All models: those that came with plugins as well, as far as the plugins are known."""
    from aigc_studio.host import Registry
    from aigc_studio.library import ModelStore

    registry = Registry()
    if record is not None:
        registry.records = (record,)
    else:
        registry.load_cached()
    return ModelStore(plugin_folders=registry.model_folders)


def find_model(
    record: PluginRecord, word: str, steered: Iterable[str] = (), operation: str = ""
) -> ModelInfo | None:
    """The model named (or its digest), else the generator's usual one; None when it has none.

    `steered` are the words after `--control`: the usual one is then one that has such controls,
    where there is any, and is there for the `operation` by its card.

    Raises `StudioError` when the word is unknown, belongs to another generator, or to several
    models.
    """
    from aigc_studio.library.identity import usual

    generator, store = asking.describe(record).id, open_models(record)
    if not word:
        models = store.list(generator)
        wanted = [each.partition("=")[0].strip() for each in steered]
        able = [each for each in models if _has_controls(each, wanted)] or models
        made_for = [each for each in able if operation in _listed(each.card.get("operations"))]
        return usual(made_for or able)
    model = named_model(store, word, generator)
    if model.generator != generator:
        sentence = _(
            "The model {model} belongs to {owner}, not to {generator}: see aigc-studio models list."
        )
        raise StudioError(sentence.format(model=word, owner=model.generator, generator=generator))
    return model


def model_of(
    arguments: argparse.Namespace, record: PluginRecord, operation: Operation
) -> ModelInfo | None:
    """The model that an operation of generate or edit is to work with; None where it uses none.

    Raises `StudioError` as `find_model` does.
    """
    if operation.model == "none":
        return None
    made_for = operation.id if arguments.operation else ""
    return find_model(record, arguments.model, arguments.controls, made_for)


def _listed(told: Any) -> Sequence[Any]:
    """What a card lists; nothing where it is no list."""
    return told if isinstance(told, list) else ()


def _has_controls(model: ModelInfo, names: Sequence[str]) -> bool:
    """Whether a model can be steered by controls of these names, spelt as people spell."""
    if not names:
        return True
    from aigc_studio.api.controls import read_controls
    from aigc_studio.api.spelling import Spellings

    spellings = Spellings([each.name for each in read_controls(model.card).controls])
    return all(spellings.find(name) is not None for name in names)


def named_model(store: ModelStore, word: str, generator: str | None = None) -> ModelInfo:
    """The model that a person means: by name, by the label that lists show, or by digest.

    Raises `StudioError` when there is none, or when several different ones have the name: which of
    them was meant is not for the studio to say.
    """
    from aigc_studio.library.identity import label, several
    from aigc_studio.library.names import find_name

    models = store.list(generator)
    name = find_name(word, (each.name for each in models))
    found = [each for each in models if each.name == name]
    if len({each.digest for each in found}) > 1:
        raise several(word, found, models)
    if not found:
        found = [each for each in models if label(each, models) == word]
    return found[0] if found else store.find(word)


def tell_model(model: ModelInfo | None, word: str, console: Console) -> None:
    """Say which model is used when none was named, and that none is when one was."""
    if model is None and word:
        console.note(_("This uses no model: --model changes nothing."))
    if model is None or word:
        return
    from aigc_studio.library.identity import SHORT

    sentence = _("No model was named: this is {name} ({digest}).")
    if model.shipped:
        sentence = _("No model was named: this is {name}, which is included ({digest}).")
    console.note(sentence.format(name=model.name, digest=model.digest[:SHORT]))


def model_document(model: ModelInfo | None) -> dict[str, str] | None:
    """What `--json` says of the model that was used."""
    return None if model is None else {"name": model.name, "digest": model.digest}
