"""Help for torch plugins, free to use: the training loop and what stands around it.

Nothing is imported before it is asked for, so that a plugin may name this package at load without
importing torch. A plugin that trains needs three things: a `Learner` (its nets and one step),
`Batches` (its data), and a function that writes a model folder; `training_loop` does the rest.
`__all__` is the contract, with all of `measures` and `pictures` and what `sequences` names; other
modules may change.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aigc_studio.toolkit import measures, pictures, sequences
    from aigc_studio.toolkit.abreast import rows_abreast
    from aigc_studio.toolkit.augmentation import augment, draw_known
    from aigc_studio.toolkit.average import Average
    from aigc_studio.toolkit.axes import measured_axes, principal_axes, steered, steering
    from aigc_studio.toolkit.batches import Batches
    from aigc_studio.toolkit.beginning import network_to_train
    from aigc_studio.toolkit.cards import learnt_from, read_card
    from aigc_studio.toolkit.checkpoints import shapes_left
    from aigc_studio.toolkit.counting import counting_loop
    from aigc_studio.toolkit.devices import choose_device
    from aigc_studio.toolkit.distributed import average_gradients
    from aigc_studio.toolkit.exactness import each_alone, exactly
    from aigc_studio.toolkit.hooks import hooks_in
    from aigc_studio.toolkit.judge import Examples, Judge, compare, tell_apart, train_judge
    from aigc_studio.toolkit.labels import Spellings, class_places
    from aigc_studio.toolkit.latents import (
        Latent,
        alike,
        between,
        pack_latent,
        strayed,
        unpack_latent,
    )
    from aigc_studio.toolkit.loop import training_loop
    from aigc_studio.toolkit.making import candidates
    from aigc_studio.toolkit.memory import Memory
    from aigc_studio.toolkit.meta_device import unfilled
    from aigc_studio.toolkit.open_models import OpenModel, OpenModels, load_network, save_network
    from aigc_studio.toolkit.parameters import (
        NETWORK,
        TRAINING,
        batch_size,
        dropout,
        learning_rate,
    )
    from aigc_studio.toolkit.pictures import image_planes, planes_image, sheet, to_planes, to_values
    from aigc_studio.toolkit.reading import (
        Pictures,
        check_pictures,
        is_coloured,
        read_pictures,
        usual_side,
    )
    from aigc_studio.toolkit.reading_places import Pupil
    from aigc_studio.toolkit.recipe import Best
    from aigc_studio.toolkit.schedule import warm_up_and_decay
    from aigc_studio.toolkit.seeding import candidate_generator, mixed_seed, noise
    from aigc_studio.toolkit.settings import parameters_of, read_settings
    from aigc_studio.toolkit.spaces import Space
    from aigc_studio.toolkit.trainee import Learner, Moment, Trainee
    from aigc_studio.toolkit.variety import Variety, variety_of
    from aigc_studio.toolkit.weights import load_weights, restore_network, save_weights

_homes = {
    "abreast": ("rows_abreast",),
    "augmentation": ("augment", "draw_known"),
    "average": ("Average",),
    "axes": ("measured_axes", "principal_axes", "steered", "steering"),
    "batches": ("Batches",),
    "beginning": ("network_to_train",),
    "cards": ("learnt_from", "read_card"),
    "checkpoints": ("shapes_left",),
    "counting": ("counting_loop",),
    "devices": ("choose_device",),
    "distributed": ("average_gradients",),
    "exactness": ("each_alone", "exactly"),
    "hooks": ("hooks_in",),
    "judge": ("Examples", "Judge", "compare", "tell_apart", "train_judge"),
    "labels": ("Spellings", "class_places"),
    "latents": ("Latent", "alike", "between", "pack_latent", "strayed", "unpack_latent"),
    "loop": ("training_loop",),
    "making": ("candidates",),
    "memory": ("Memory",),
    "meta_device": ("unfilled",),
    "open_models": ("OpenModel", "OpenModels", "load_network", "save_network"),
    "parameters": ("NETWORK", "TRAINING", "batch_size", "dropout", "learning_rate"),
    "pictures": ("image_planes", "planes_image", "sheet", "to_planes", "to_values"),
    "reading": ("Pictures", "check_pictures", "is_coloured", "read_pictures", "usual_side"),
    "reading_places": ("Pupil",),
    "recipe": ("Best",),
    "schedule": ("warm_up_and_decay",),
    "seeding": ("candidate_generator", "mixed_seed", "noise"),
    "settings": ("parameters_of", "read_settings"),
    "spaces": ("Space",),
    "trainee": ("Learner", "Moment", "Trainee"),
    "variety": ("Variety", "variety_of"),
    "weights": ("load_weights", "restore_network", "save_weights"),
}
_modules = ("measures", "pictures", "sequences")
"""Modules whose public functions are there for plugins, all of them."""
_home_of = {name: home for home, names in _homes.items() for name in names}

__all__ = [  # noqa: RUF022  (grouped as a person reads them)
    "counting_loop", "Pupil",
    "training_loop", "Best", "Trainee", "Learner", "Moment", "Batches",
    "Average", "warm_up_and_decay", "average_gradients", "rows_abreast",
    "choose_device", "candidate_generator", "candidates", "Memory", "hooks_in",
    "Space", "principal_axes", "measured_axes", "steering", "steered",
    "augment", "draw_known",
    "parameters_of", "read_settings",
    "learning_rate", "batch_size", "dropout", "NETWORK", "TRAINING",
    "exactly", "each_alone", "mixed_seed", "noise",
    "read_pictures", "Pictures", "check_pictures", "usual_side", "is_coloured",
    "Spellings", "class_places",
    "image_planes", "planes_image", "to_values", "to_planes", "sheet",
    "network_to_train", "save_network", "load_network", "OpenModel", "OpenModels", "read_card",
    "learnt_from",
    "pack_latent", "unpack_latent", "Latent", "between", "strayed", "alike",
    "train_judge", "compare", "tell_apart", "Judge", "Examples",
    "Variety", "variety_of",
    "save_weights", "load_weights", "restore_network", "unfilled", "shapes_left",
    "measures", "pictures", "sequences",
]  # fmt: skip


if not TYPE_CHECKING:  # a checker would take any name for one of these

    def __getattr__(name: str) -> Any:
        """Import a public name from its module when it is first asked for."""
        if name in _modules:
            return import_module(f"{__name__}.{name}")
        home = _home_of.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{home}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
