"""Where the studio keeps things: one function for each folder.

`AIGC_STUDIO_HOME` puts all of them under one folder (tests, portable installs).
"""

import os
from pathlib import Path


def data_folder() -> Path:
    """What a person would miss: models, datasets, jobs, projects not yet saved, plugins."""
    home = os.environ.get("AIGC_STUDIO_HOME")
    if home:
        return Path(home) / "data"
    import platformdirs

    return Path(platformdirs.user_data_dir("aigc-studio", appauthor=False))


def cache_folder() -> Path:
    """What can be made again: descriptions of plugins, thumbnails, downloads."""
    home = os.environ.get("AIGC_STUDIO_HOME")
    if home:
        return Path(home) / "cache"
    import platformdirs

    return Path(platformdirs.user_cache_dir("aigc-studio", appauthor=False))


def log_folder() -> Path:
    """Log files of the window and of its workers."""
    home = os.environ.get("AIGC_STUDIO_HOME")
    if home:
        return Path(home) / "logs"
    import platformdirs

    return Path(platformdirs.user_log_dir("aigc-studio", appauthor=False))


def plugin_folder() -> Path:
    """Single-file and folder plugins that the person dropped in."""
    return data_folder() / "plugins"


def resources_folder() -> Path:
    """Icons, translations, models and pack manifests that come with the studio.

    They lie inside the package when it was installed from a wheel, and beside it in a checkout.
    """
    package = Path(__file__).resolve().parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"
