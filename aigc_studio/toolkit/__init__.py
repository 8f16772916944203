"""Help for torch plugins, free to use: the training loop and what stands around it.

Nothing is imported before it is asked for, so that a plugin may name this package at load without
importing torch. A plugin that trains needs three things: a `Trainee` (its nets and one step),
`Batches` (its data), and a function that writes a model folder; `training_loop` does the rest.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aigc_studio.toolkit.average import Average
    from aigc_studio.toolkit.axes import axis_controls, principal_axes, steered
    from aigc_studio.toolkit.batches import Batches
    from aigc_studio.toolkit.devices import choose_device
    from aigc_studio.toolkit.distributed import average_gradients
    from aigc_studio.toolkit.hooks import hooks_in
    from aigc_studio.toolkit.loop import Best, training_loop
    from aigc_studio.toolkit.making import candidates
    from aigc_studio.toolkit.memory import Memory
    from aigc_studio.toolkit.schedule import warm_up_and_decay
    from aigc_studio.toolkit.seeding import candidate_generator
    from aigc_studio.toolkit.spaces import Space
    from aigc_studio.toolkit.trainee import Learner, Moment, Trainee
    from aigc_studio.toolkit.unfilled import unfilled
    from aigc_studio.toolkit.weights import load_weights, restore_network, save_weights

_homes = {
    "average": ("Average",),
    "axes": ("axis_controls", "principal_axes", "steered"),
    "batches": ("Batches",),
    "devices": ("choose_device",),
    "distributed": ("average_gradients",),
    "hooks": ("hooks_in",),
    "loop": ("Best", "training_loop"),
    "making": ("candidates",),
    "memory": ("Memory",),
    "schedule": ("warm_up_and_decay",),
    "seeding": ("candidate_generator",),
    "spaces": ("Space",),
    "trainee": ("Learner", "Moment", "Trainee"),
    "unfilled": ("unfilled",),
    "weights": ("load_weights", "restore_network", "save_weights"),
}
_home_of = {name: home for home, names in _homes.items() for name in names}

__all__ = [  # noqa: RUF022  (grouped as a person reads them)
    "training_loop", "Best", "Trainee", "Learner", "Moment", "Batches",
    "Average", "warm_up_and_decay", "average_gradients",
    "choose_device", "candidate_generator", "candidates", "Memory", "hooks_in",
    "Space", "principal_axes", "axis_controls", "steered",
    "save_weights", "load_weights", "restore_network", "unfilled",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    home = _home_of.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
