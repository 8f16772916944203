"""Joining one plugin: import it, check what it offers, and call it by name."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pluggy

from aigc_studio.api.description import Description, Operation
from aigc_studio.api.fitting import Misfit
from aigc_studio.api.hookspecs import API_VERSION, HOOKS, VERBS, GeneratorSpec
from aigc_studio.api.requests import Request
from aigc_studio.translation import _, enumerated, in_a_row
from aigc_studio.wire.offered import all_faults
from aigc_studio.wire.places import (
    Place,
    at,
    own_code,
    place_of,
    place_of_function,
    problem_of,
)
from aigc_studio.worker.hooks import lookalikes, lost, shadowed, undecorated, unknown
from aigc_studio.worker.late_code import absent, missing, read_late
from aigc_studio.worker.loading import import_plugin
from aigc_studio.worker.signatures import misread, surplus


class PluginRefused(Exception):
    """The plugin cannot be used: a sentence, its record's state, details for its author, and where
    in its own code it broke, or the name of the function that is not as it must be."""

    def __init__(
        self,
        reason: str,
        *,
        details: str = "",
        state: str = "failed",
        place: Place | None = None,
        hook: str = "",
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hook = hook
        self.details = details
        self.state = state
        self.place = place


@dataclass(frozen=True)
class Plugin:
    """A plugin that passed the gate.

    `document` is its description as it crosses the border: plain JSON within the limits. `home` is
    the folder that its module lies in, `root` the file or folder that is its own code.
    """

    name: str
    manager: pluggy.PluginManager
    description: Description
    document: Mapping[str, Any]
    home: str
    warnings: tuple[str, ...]
    root: Path

    def call(self, verb: str, request: Request) -> Any:
        """What the plugin's own hook returns: an iterable of events, if it keeps to the spec."""
        return getattr(self.manager.hook, verb)(request=request)

    def place_of(self, verb: str) -> Place | None:
        """Where the hook of a verb stands in the plugin's own code, if it does."""
        hooks = getattr(self.manager.hook, verb).get_hookimpls()
        return place_of_function(hooks[-1].function, self.root) if hooks else None


def join(source: Mapping[str, Any]) -> Plugin:
    """Load the plugin that `source` (a `PluginSource` as JSON) names. Raises `PluginRefused`."""
    name = str(source["name"])
    found = _imported(source, name)
    module = sys.modules.get(getattr(found, "__module__", "") or getattr(found, "__name__", ""))
    home = str(Path(getattr(module, "__file__", None) or ".").resolve().parent)
    root = own_code(source, home)
    try:
        manager = _register(found, name)
    except PluginRefused as refusal:
        raise _too_new(found, name) or _placed(refusal, found, root) from None
    try:
        said = _describe(manager, name, root)
        description, plain, remarks = _plain(said, name)
    except PluginRefused as refusal:
        raise _placed(refusal, found, root) from refusal.__cause__
    late: tuple[str, ...] = ()
    if source.get("origin") == "path" or source["kind"] != "entry_point":
        try:
            read = read_late(found, root.parent)
            late = (*absent(found, plain, read), *missing(read))
        except (SyntaxError, ValueError) as error:
            raise _not_imported(name, error, root) from error
    beside = shadowed(found, root.parent) if source["kind"] == "file" else ()
    told = (*lookalikes(found), *misread(found), *lost(found), *beside, *remarks)
    told += (*late, *all_faults(plain))
    return Plugin(name, manager, description, plain.to_json(), home, told, root)


def _imported(source: Mapping[str, Any], name: str) -> Any:
    try:
        found = import_plugin(source)
    except BaseException as error:
        raise _not_imported(name, error, own_code(source, _home(source))) from error
    if isinstance(found, type):
        reason = _("The plugin {name} is a class. Name an instance of it, or a module.")
        raise PluginRefused(reason.format(name=name))
    return found


def _placed(refusal: PluginRefused, found: Any, root: Path) -> PluginRefused:
    """The same, with the line that the hook it is about begins at."""
    hook = getattr(found, refusal.hook, None) if refusal.hook else None
    place = refusal.place or (place_of_function(hook, root) if callable(hook) else None)
    if place is not None and place is not refusal.place:
        told = _("It stands in {place}.").format(place=place)
        refusal.place, refusal.reason = place, in_a_row([refusal.reason, told])
    return refusal


def _not_imported(name: str, error: BaseException, root: Path) -> PluginRefused:
    """Of an import that broke, while its error is handled."""
    reason = _("The plugin {name} could not be imported: {problem}.")
    place = place_of(error, root)
    sentence = reason.format(name=name, problem=at(problem_of(error), place))
    return PluginRefused(sentence, details=traceback.format_exc(), place=place)


def unexpected(source: Mapping[str, Any], error: Exception) -> PluginRefused:
    """The refusal of a plugin whose objects break whoever looks at them."""
    reason = _("describe() of the plugin {name} failed: {problem}.")
    sentence = reason.format(name=source["name"], problem=problem_of(error))
    return PluginRefused(sentence, details=traceback.format_exc())


def _home(source: Mapping[str, Any]) -> str:
    """The folder of an entry point's package, as far as it can be told without its import."""
    package = str(source["target"]).partition(":")[0].partition(".")[0]
    try:
        spec = importlib.util.find_spec(package) if package else None
    except (ImportError, ValueError):
        spec = None
    return str(Path((spec and spec.origin) or ".").resolve().parent)


def _register(found: Any, name: str) -> pluggy.PluginManager:
    bare = undecorated(found)
    if bare:
        reason = _("In the plugin {name} the hook {hooks} is not marked with @hookimpl.")
        raise PluginRefused(reason.format(name=name, hooks=enumerated(bare)), hook=bare[0])
    odd, near = unknown(found)
    if odd:
        reason = _("In the plugin {name} {odd}() is marked as a hook, and there is no such hook.")
        hint = _("Was {hook}() meant?").format(hook=near) if near else _known_hooks()
        raise PluginRefused(f"{reason.format(name=name, odd=odd)} {hint}", hook=odd)
    hook, problem = surplus(found)
    if hook:
        raise PluginRefused(problem.format(name=name), hook=hook)
    manager = pluggy.PluginManager("aigc_studio")
    manager.add_hookspecs(GeneratorSpec)
    try:
        manager.register(found, name=name)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        reason = _("A hook of the plugin {name} is not as it must be: {problem}.")
        problem = " ".join(str(error).split()).rstrip(".")
        sentence = reason.format(name=name, problem=problem)
        raise PluginRefused(f"{sentence} {_known_hooks()}") from error
    if not manager.hook.describe.get_hookimpls():
        reason = _("The plugin {name} has no describe(): it must say what it is.")
        raise PluginRefused(reason.format(name=name))
    return manager


def _known_hooks() -> str:
    return _("The hooks are: {hooks}.").format(hooks=enumerated(HOOKS))


def _too_new(found: Any, name: str) -> PluginRefused | None:
    try:
        description = found.describe()
        _check_version(description, name)
    except PluginRefused as refusal:
        return refusal
    except Exception:  # what it said first is the better reason
        return None
    return None


def _check_version(description: Description, name: str) -> None:
    wanted = description.api_version
    if not isinstance(wanted, int) or isinstance(wanted, bool):
        return  # what it is instead is said with all the rest
    if wanted < 1:
        reason = _(
            "The plugin {name} was made for version {wanted} of the plugin interface, which this "
            "studio no longer has (it has {here}). Install a newer version of the plugin."
        )
        sentence = reason.format(name=name, wanted=wanted, here=API_VERSION)
        raise PluginRefused(sentence, state="incompatible")
    if wanted > API_VERSION:
        reason = _(
            "The plugin {name} needs version {wanted} of the plugin interface, and this studio "
            "has {here}. Update the studio, or install an older version of the plugin."
        )
        sentence = reason.format(name=name, wanted=description.api_version, here=API_VERSION)
        raise PluginRefused(sentence, state="incompatible")


def _describe(manager: pluggy.PluginManager, name: str, root: Path) -> Description:
    try:
        description = manager.hook.describe()
    except BaseException as error:
        reason = _("describe() of the plugin {name} failed: {problem}.")
        details = traceback.format_exc()
        place = place_of(error, root)
        sentence = reason.format(name=name, problem=at(problem_of(error), place))
        raise PluginRefused(sentence, details=details, place=place) from error
    if not isinstance(description, Description):
        reason = _("describe() of the plugin {name} must return a Description, not {kind}.")
        refused = reason.format(name=name, kind=type(description).__name__)
        raise PluginRefused(refused, hook="describe")
    _check_version(description, name)
    verbs = tuple(verb for verb in VERBS if getattr(manager.hook, verb).get_hookimpls())
    if not verbs:
        reason = _("The plugin {name} has neither train, generate, edit nor evaluate.")
        raise PluginRefused(reason.format(name=name))
    for operation in description.operations:
        _check_operation(operation, verbs, name)
    return replace(description, verbs=verbs)


def _plain(description: Description, name: str) -> tuple[Description, Description, list[str]]:
    """The description with its parameter models, the same as the studio will have it, and what of
    it was left out. Raises `PluginRefused` for what the studio could not take."""
    remarks: list[str] = []
    try:
        plain = Description.from_json(description.to_json(), remarks)
    except Misfit as error:
        raise _unfit(name, str(error)) from None
    except Exception as error:
        raise _unfit(name, problem_of(error)) from error
    pairs = zip(plain.operations, description.operations, strict=True)
    operations = tuple(replace(each, parameters=told.parameters) for each, told in pairs)
    sentence = _("describe() of the plugin {name} leaves something out: {problem}.")
    told = [sentence.format(name=name, problem=remark) for remark in remarks]
    return replace(plain, operations=operations), plain, told


def _unfit(name: str, problem: str) -> PluginRefused:
    reason = _("describe() of the plugin {name} says what the studio cannot take: {problem}.")
    return PluginRefused(reason.format(name=name, problem=problem), hook="describe")


def _check_operation(operation: Operation, verbs: tuple[str, ...], name: str) -> None:
    if operation.verb not in VERBS:
        reason = _(
            "The operation {key} of the plugin {name} has the verb {verb}. The verbs are: {known}."
        )
        told = {"key": operation.id, "verb": operation.verb, "known": enumerated(VERBS)}
        raise PluginRefused(reason.format(name=name, **told), hook="describe")
    if operation.verb not in verbs:
        reason = _("The plugin {name} lists the operation {key}, but has no {verb}().")
        sentence = reason.format(name=name, key=operation.id, verb=operation.verb)
        raise PluginRefused(sentence, hook="describe")
    model = operation.parameters
    if model is None:
        return
    from aigc_studio.api.parameters import Parameters

    if not (isinstance(model, type) and issubclass(model, Parameters)):
        reason = _("The parameters of {key} in the plugin {name} must be a subclass of Parameters.")
        raise PluginRefused(reason.format(key=operation.id, name=name), hook="describe")
    try:
        model.model_json_schema()
    except Exception as error:
        reason = _("The parameters of {key} in the plugin {name} have no JSON Schema: {problem}.")
        sentence = reason.format(key=operation.id, name=name, problem=str(error).rstrip("."))
        details = traceback.format_exc()
        raise PluginRefused(sentence, details=details, hook="describe") from error
