"""What each check asks, in the spoken language."""

from __future__ import annotations

from aigc_studio.translation import _


def title_of(name: str) -> str:
    """What a check asks, in the spoken language."""
    return {**_looked_at(), **_made(), **_learnt(), **_survived(), **_publishing()}[name]


def _looked_at() -> dict[str, str]:
    """Before it does anything."""
    return {
        "description": _("It loads and describes itself"),
        "no_torch": _("Loading it does not import torch"),
        "names": _("It has titles"),
        "operations": _("Its operations fit their verbs"),
        "schemas": _("Its parameters have labels and valid defaults"),
    }


def _made() -> dict[str, str]:
    """What it makes, and what it says of that."""
    return {
        "generate": _("It generates with its defaults"),
        "edit": _("It edits with its defaults"),
        "partials": _("What it shows while it makes belongs to what it makes"),
        "progress": _("Its progress neither goes back nor beyond its total"),
        "quiet": _("It prints nothing"),
        "starters": _("What it offers for an empty board works"),
        "latents": _("It edits what it made with the latent given back"),
        "evaluate": _("It evaluates a dataset and an item"),
        "metrics": _("Its metrics are numbers"),
        "same_metrics": _("Measured twice, its numbers are the same"),
        "tiny_evaluation": _("It copes with little to measure on"),
        "same_seed": _("The same seed gives the same result"),
        "first_ones": _("More candidates do not change the first ones"),
        "own_seed": _("Each result comes again from its own seed"),
        "seeds": _("Another seed gives another result"),
        "counts": _("It makes as many as it is asked for"),
        "refusals": _("Wrong values are refused by name"),
        "controls": _("What its model can be steered by works"),
        "prompts": _("It copes with any words"),
        "ranges": _("Its parameters work at both ends"),
    }


def _learnt() -> dict[str, str]:
    """How it learns, and how an action ends."""
    return {
        "train": _("It trains, and its model is kept and works"),
        "one_step": _("It learns in a single step"),
        "cancel": _("Cancel takes effect within a second"),
        "pause": _("Pause holds it, resume lets it go on"),
        "stop": _("Stop ends it in good order"),
        "let_go": _("Stopped while it makes, it ends in good order"),
        "after_failure": _("A request that failed leaves nothing behind"),
        "resume": _("Killed and resumed, it ends with the same weights"),
        "early_resume": _("Killed at once and resumed, it begins"),
        "damaged_resume": _("It survives a training cut in half"),
        "training_ranges": _("It learns at both ends of its parameters"),
    }


def _survived() -> dict[str, str]:
    """What it copes with, and what it leaves behind."""
    return {
        "tiny_data": _("It copes with one or two examples"),
        "empty_data": _("It refuses an empty dataset"),
        "odd_data": _("It copes with examples of odd sizes"),
        "corrupt_data": _("It survives a damaged dataset"),
        "odd_input": _("It copes with odd items to edit"),
        "parts": _("It copes with any part that is selected"),
        "bad_model": _("It refuses a broken model file"),
        "two_models": _("It keeps two models apart"),
        "memory": _("Its memory does not grow"),
        "leftovers": _("It leaves no threads or processes"),
        "language": _("It speaks Chinese as well"),
        "paths": _("It copes with folders in any language"),
        "own_folders": _("It writes nowhere but into its folder"),
        "warnings": _("It uses nothing that goes away, and makes Python warn of nothing"),
    }


def _publishing() -> dict[str, str]:
    return {
        "project": _("Its pyproject.toml is sound"),
        "version": _("Its version is stated, and the same everywhere"),
        "requirements": _("What it imports is among its dependencies"),
        "licence": _("Its licence is stated"),
        "about": _("Its author and its page are stated"),
        "reserved": _("Its names are its own"),
        "translations": _("Its words are there in English and Chinese"),
        "models": _("The models that come with it are whole"),
        "files": _("Nothing strays into its wheel"),
        "import_time": _("It is imported as fast as an empty plugin"),
        "footprint": _("How much memory it takes"),
        "uses": _("It says what it reaches for"),
        "offline": _("It works without a network"),
    }
