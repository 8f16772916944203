"""A pack of toy wheels that draw: code and a style, pinned by their hashes. No network."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aigc_studio.library import PackStore

PACKAGE = """
import os, sys
from .validator import StyleValidator
print("what a package prints is no picture")

class Style:
    def __init__(self, told):
        StyleValidator.validate(told)
        self.told = told

class Avatar:
    def __init__(self, style, options):
        self.style, self.options, self.seed = style, options, int(options["seed"])
        {extra}

    def to_json(self):
        red = 10 * (self.seed % 20)
        body = f'<rect width="8" height="8" fill="rgb({{red}},0,{{self.seed // 10000}})"/>'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">{{body}}</svg>'
        odd = self.seed % 2
        colours = self.style.told["colours"]
        chosen = {{"hatVariant": "topHat" if odd else None, "colour": [colours[odd]]}}
        return {{"svg": svg, "options": {{**chosen, "pid": os.getpid()}}}}
"""


def wheel_bytes(files: Mapping[str, str]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return held.getvalue()


def package_files(extra: str = "pass") -> dict[str, str]:
    return {
        "dicebear/__init__.py": PACKAGE.format(extra=extra),
        "dicebear/validator.py": "import something_that_is_not_here",
    }


STYLE = {"toy_styles/toy.json": json.dumps({"colours": ["#ff0000", "#00ff00"]})}


class Toys:
    """A pack of two toy wheels: its store, its files, its manifest."""

    def __init__(self, folder: Path, extra: str = "pass") -> None:
        self.code, self.styles = wheel_bytes(package_files(extra)), wheel_bytes(STYLE)
        self.folder = folder / "wheels"
        self.folder.mkdir(parents=True)
        self.files = [self.folder / "toy_code-1.0.whl", self.folder / "toy_styles-2.0.whl"]
        for path, data in zip(self.files, (self.code, self.styles), strict=True):
            path.write_bytes(data)
        self.manifest = folder / "manifests" / "toys.json"
        self.manifest.parent.mkdir()
        self.write({})
        self.packs = PackStore(manifests=self.manifest.parent)

    def write(self, changes: Mapping[str, Any]) -> None:
        self.manifest.write_text(json.dumps({**self.told(), **changes}))

    def told(self) -> dict[str, Any]:
        wheels = [
            {
                "distribution": name, "version": version, "size": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
            }
            for name, version, data in (
                ("toy-code", "1.0", self.code), ("toy-styles", "2.0", self.styles),
            )
        ]  # fmt: skip
        attributes = [
            {
                "option": "hatVariant", "name": {"en": "hat", "zh": "帽子"},
                "values": {"": {"en": "no hat", "zh": "无帽"}, "topHat": {"en": "top hat"}},
            },
            {
                "option": "colour", "name": {"en": "green", "zh": "绿色"},
                "values": {"#ff0000": False, "#00ff00": True},
            },
            {"option": "notThere", "name": "never", "values": {"x": "y"}},
        ]  # fmt: skip
        return {
            "id": "toys", "medium": "image", "title": {"en": "Toys", "zh": "玩具"}, "summary": "",
            "notes": "They are run.",
            "wheels": wheels,
            "reader": {
                "id": "avatars", "members": ["toy_styles/toy.json"],
                "options": {
                    "style": "toy", "size": 8, "count": 20, "extra": "toys",
                    "choices": {"backgroundColor": ["ffffff"]}, "attributes": attributes,
                },
            },
            "held_out": {"rule": "seeds", "from": 10_000, "share": 0.1},
            "licence": "CC BY 4.0", "credit": "somebody",
        }  # fmt: skip
