"""Models whose plugin is gone: what to say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aigc_studio.translation import _, enumerated

if TYPE_CHECKING:
    from aigc_studio.host import Registry


def orphaned(registry: Registry, generator: str) -> str:
    """What to say of a generator whose plugin is gone while its models are here; else empty."""
    from aigc_studio.library import ModelStore

    known = [each.description.id for each in registry.records if each.description]
    if generator in (*known, *(each.source.name for each in registry.records)):
        return ""
    models = ModelStore().list(generator)
    if not models:
        return ""
    told = [each.card.get("plugin") for each in models]
    packages = [each.get("distribution") for each in told if isinstance(each, dict)]
    packages = [str(each) for each in packages if each]
    sentence = _(
        "The generator {generator} is not here, only models of it ({models}): put its plugin into "
        "the plugin folder, or name it by --plugin."
    )
    if packages:
        sentence = _(
            "The generator {generator} is not here, only models of it ({models}): say "
            "“aigc-studio plugins install {package}”, or name its project by --plugin."
        )
    names, package = enumerated(each.name for each in models), packages[-1] if packages else ""
    return sentence.format(generator=generator, models=names, package=package)
