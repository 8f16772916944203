"""A new plugin from a template: a file, a folder with torch, or a project to publish.

The templates below `resources/templates` are plugins that work as they lie there; only their names
are changed.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from aigc_studio import files, folders
from aigc_studio.api.errors import StudioError
from aigc_studio.host.plugin_names import PluginNames, plugin_names
from aigc_studio.translation import _

MEDIA = ("text", "image", "melody")


def scaffold(
    name: str,
    medium: str,
    *,
    torch: bool = False,
    package: bool = False,
    folder: Path | None = None,
) -> Path:
    """Write a new plugin, and give the path of its file or folder.

    `name` may be any words. A plugin is one file, or with `torch` a folder with a small net; with
    `package` it is a project with tests that `pip` can build. It is written into `folder`: by
    default the plugin folder, and for a package the current one. Raises `StudioError` where
    something has that name already, for a `medium` that there is not, and where nothing can be
    written; then nothing is left behind.
    """
    if medium not in MEDIA:
        sentence = _("A plugin makes text, image or melody, not {medium}.")
        raise StudioError(sentence.format(medium=medium))
    names = plugin_names(name, medium)
    _refuse_twin(names)
    into = folder or (Path() if package else folders.plugin_folder())
    contents = _code(names, medium, torch)
    place = names.module if torch else f"{names.module}.py"
    if package:
        contents = _project(names, medium, torch) | _without_version(contents)
        place = names.distribution
    return _written(into.expanduser() / place, contents, whole=torch or package)


def author() -> str:
    """Who writes here, as git knows: from the environment or its settings; empty where unknown."""
    known = os.environ.get("GIT_AUTHOR_NAME", "")
    git = shutil.which("git")
    if not known and git is not None:
        with contextlib.suppress(OSError, subprocess.SubprocessError, UnicodeDecodeError):
            asked = [git, "config", "user.name"]
            known = subprocess.run(asked, capture_output=True, timeout=5, encoding="utf-8").stdout
    return " ".join("".join(filter(lambda each: each.isprintable() or each == " ", known)).split())


def _refuse_twin(names: PluginNames) -> None:
    """Raise `StudioError` where a generator that the studio knows has this id already."""
    from aigc_studio.host.registry import Registry

    registry = Registry()
    registry.load_cached()
    kept = folders.plugin_folder()
    for record in registry.records:
        if record.description is None or record.description.id != names.id:
            continue
        if record.source.path and not os.path.lexists(record.source.path):
            continue  # it was taken away since
        where = record.source.path or record.source.distribution or str(kept)
        sentence = _(
            "The id {id} is taken by the plugin {other}: give the new plugin another name."
        )
        raise StudioError(sentence.format(id=names.id, other=where))


def _code(names: PluginNames, medium: str, torch: bool) -> dict[str, str]:
    """The plugin's own modules by their paths below the folder that it is written into."""
    templates = folders.resources_folder() / "templates"
    if torch:
        below = f"{names.module}/"
        sources = {below + each.name: each for each in _python_files(templates / f"torch_{medium}")}
    else:
        sources = {f"{names.module}.py": templates / f"{medium}.py"}
    words = {"New plugin": names.title, "new-plugin": names.id, "New author": author()}
    literals = {f'"{old}"': _literal(new) for old, new in words.items()}
    return {path: _filled(source, literals) for path, source in sources.items()}


def _python_files(folder: Path) -> Iterator[Path]:
    return (each for each in sorted(folder.iterdir()) if each.suffix == ".py")


def _project(names: PluginNames, medium: str, torch: bool) -> dict[str, str]:
    """What stands around the plugin in a project."""
    writer = author()
    words = {
        'authors = [{ name = "New author" }]': f"authors = [{{ name = {_literal(writer)} }}]",
        "dependencies = []": f"dependencies = {json.dumps(_needs(medium, torch))}",
        "py-modules": "packages" if torch else "py-modules",
        '"New plugin"': _literal(names.title),
        "new_plugin.py": f"{names.module}/" if torch else f"{names.module}.py",
        '"new_plugin.py"': _literal(names.module if torch else f"{names.module}.py"),
        "aigc_new_plugin": names.distribution.replace("-", "_"),
        "aigc-new-plugin": names.distribution,
        "new_plugin": names.module,
        "new-plugin": names.id,
        "NewPlugin": "".join(each.capitalize() for each in names.id.split("-")),
        "New plugin": names.title,
        "2000 New author": f"{date.today().year} {writer or names.title}",
    }
    if not writer:
        words = {'authors = [{ name = "New author" }]\n': ""} | words
    templates = folders.resources_folder() / "templates" / "package"
    sources = [each for each in sorted(templates.rglob("*")) if each.suffix != ".pyc"]
    found = {}
    for source in filter(Path.is_file, sources):
        path = source.relative_to(templates).as_posix().replace("dot-", ".")
        found[path.replace("new_plugin", names.module)] = _filled(source, words)
    return found


def _needs(medium: str, torch: bool) -> list[str]:
    """What the plugin imports beside the studio itself."""
    return ["torch"] if torch else ["numpy"] if medium == "image" else []


def _without_version(contents: Mapping[str, str]) -> dict[str, str]:
    """The same without a version in the code: that of the package is the plugin's."""
    line = '        version="0.1.0",\n'
    return {path: text.replace(line, "") for path, text in contents.items()}


def _filled(source: Path, words: Mapping[str, str]) -> str:
    """A template with these words in place of its own; what is put in is not looked at again."""
    known = re.compile("|".join(map(re.escape, words)))
    return known.sub(lambda found: words[found[0]], source.read_text("utf-8"))


def _literal(words: str) -> str:
    """A text in double quotes, as Python and TOML read it alike."""
    return json.dumps(words, ensure_ascii=False)


def _written(path: Path, contents: Mapping[str, str], *, whole: bool) -> Path:
    """Write a file, or with `whole` a folder at once; `contents` are below the folder of `path`,
    or below `path` itself for a project."""
    taken = _("{path} already exists: give the plugin another name, or take that away first.")
    if os.path.lexists(path):
        raise StudioError(taken.format(path=path))
    try:
        files.make_private(path.parent)
        if not whole:
            (text,) = contents.values()
            files.write_text(path, text)
            return path
        with files.whole_folder(path) as folder:
            for name, text in contents.items():
                file = folder / name.removeprefix(f"{path.name}/")
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8", newline="\n")
    except FileExistsError:
        raise StudioError(taken.format(path=path)) from None
    except OSError as error:
        sentence = _("The plugin cannot be written to {path}: {reason}.")
        reason = error.strerror or str(error)
        raise StudioError(sentence.format(path=path, reason=reason)) from error
    return path
