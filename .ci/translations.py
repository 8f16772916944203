"""Keep the translations true: extract every `_("…")`, merge, compile, and check.

Without flags it checks and says what is missing; `--update` writes the catalogue and compiles it.
"""

import argparse
import io
import re
import sys
from pathlib import Path

from babel.messages import catalog as babel_catalog
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("zh_CN",)
_NUMBERS = {"count", "n"}
KEYWORDS = {"_": None, "ngettext": (1, 2)}

# A catalogue names what wrote it: with the version in it, it would differ on every other machine.
setattr(babel_catalog, "VERSION", "2")  # noqa: B010  (not typed)


def extract() -> Catalog:
    """Every string for a person in `aigc_studio`, with the files that it stands in."""
    catalog = Catalog(project="AIGC Studio", charset="utf-8")
    found = extract_from_dir(str(ROOT / "aigc_studio"), keywords=KEYWORDS)
    for name, _line, message, _comments, _context in sorted(found, key=lambda row: row[:2]):
        # Line numbers would change the catalogue with every commit.
        catalog.add(message, locations=[(f"aigc_studio/{name}", 0)])
    return catalog


def catalogue_path(language: str) -> Path:
    """Where the translations of a language are kept."""
    return ROOT / "resources" / "translations" / language / "LC_MESSAGES" / "aigc_studio.po"


def read(language: str) -> Catalog:
    """The catalogue as it is on disk; an empty one when there is none."""
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, project="AIGC Studio", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def problems(language: str) -> list[str]:
    """What is wrong with a language: missing, wrong placeholders, not compiled."""
    catalog, found = read(language), []
    for message in extract():
        if not message.id:
            continue
        forms = message.id if isinstance(message.id, tuple) else (message.id,)
        key = forms[0]
        if any(_NUMBERS & (_names(key) - _names(form)) for form in forms):
            found.append(f"{language}: the plural does not say how many: {key!r}")
        here = catalog.get(key)
        strings = here.string if here else ()
        strings = strings if isinstance(strings, tuple) else (strings,)
        if not strings or not all(strings) or (here and here.fuzzy):
            found.append(f"{language}: not translated: {key!r}")
        # One Chinese form stands for both English ones, and may take its names from either.
        # It stands for many, too: where only the plural says how many, it has to.
        elif any(
            _names(string) not in map(_names, forms)
            or any(_names(string) < _names(form) for form in forms)
            for string in strings
        ):
            found.append(f"{language}: other {{names}} than the English: {key!r}")
    target = catalogue_path(language).with_suffix(".mo")
    if not target.exists() or target.read_bytes() != compiled(catalog):
        found.append(f"{language}: not compiled: run `make translations`")
    return found


def _names(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)", text))


def update(language: str) -> None:
    """Merge what is in the code into the catalogue, and compile it."""
    catalog = read(language)
    catalog.update(extract(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog.creation_date = catalog.revision_date = catalog.creation_date.replace(
        year=2026, month=1, day=1, hour=0, minute=0, second=0, microsecond=0
    )
    with path.open("wb") as file:
        write_po(file, catalog, width=100, sort_output=True, no_location=False, omit_header=False)
    path.with_suffix(".mo").write_bytes(compiled(read(language)))


def main() -> int:
    """Check, or update with `--update`; the status is 1 when something is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true")
    if parser.parse_args().update:
        for language in LANGUAGES:
            update(language)
    found = [problem for language in LANGUAGES for problem in problems(language)]
    sys.stdout.write("".join(f"{problem}\n" for problem in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
