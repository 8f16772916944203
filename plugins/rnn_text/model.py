"""A trained model as a folder: one net, its alphabet, and what kind of text it writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aigc_studio.toolkit import OpenModels, load_network, read_settings, save_network
from rnn_text.alphabet import BEGIN, Alphabet
from rnn_text.network.net import Writer
from rnn_text.settings import WriterSettings

if TYPE_CHECKING:
    from numpy.typing import NDArray

KIND = "rnn-text"
Kind = Literal["prose", "lines", "verse"]
KINDS: tuple[Kind, ...] = ("prose", "lines", "verse")


@dataclass(frozen=True)
class Form:
    """How a model's texts lie together. `kind`: "prose" is one stream, in which texts that do not
    go on in one another have `between` between them; "lines" and "verse" are examples from BEGIN to
    END. `shapes` are the names of the forms of verse that stand out, the most frequent first."""

    kind: Kind = "prose"
    between: str = "\n"
    shapes: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, told: Any) -> Form:
        """Read what a model's file says. Raises ValueError for what is no form."""
        if not isinstance(told, Mapping):
            raise ValueError("a form is named values")
        kind = told.get("kind", "prose")
        if kind not in KINDS:
            raise ValueError(f"there is no kind {kind!r}: take one of {KINDS}")
        shapes = told.get("shapes", [])
        if not isinstance(shapes, list | tuple) or not all(
            isinstance(each, str) for each in shapes
        ):
            raise ValueError("shapes are a list of names")
        return cls(kind, str(told.get("between", "\n")), tuple(shapes))


@dataclass(frozen=True)
class Model:
    """An open model. `tag` (8 bytes) tells it from another, `name` is what sentences call it,
    `about` what its file says."""

    writer: Writer
    alphabet: Alphabet
    form: Form
    about: Mapping[str, Any]
    tag: bytes
    name: str

    @property
    def network(self) -> Writer:
        """The net: `writer`."""
        return self.writer

    @property
    def kind(self) -> Kind:
        """What its texts are: "prose", "lines" or "verse"."""
        return self.form.kind

    @property
    def between(self) -> str:
        """What stands between two texts of prose."""
        return self.form.between

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms of verse that it has marks for, the most frequent first."""
        return self.form.shapes

    @property
    def opening(self) -> NDArray[np.int64]:
        """What is read before a text that begins with nothing: int64 (n,)."""
        return opening(self.alphabet, self.form)


def opening(alphabet: Alphabet, form: Form) -> NDArray[np.int64]:
    """What is read before a text that begins with nothing: its mark, or of prose what stands
    between texts."""
    found = alphabet.encode(form.between) if form.kind == "prose" else np.zeros(0, np.int64)
    if len(found) and found.all():
        return found
    return np.array([alphabet.marks[BEGIN]], np.int64)


def save_model(folder: Path, writer: Writer, alphabet: Alphabet, form: Form) -> None:
    """Write a net as the weights of a model folder, in half precision, its table of runs in 4 bits
    a number."""
    kept = writer.packed()
    about = {
        "settings": asdict(kept.settings),
        "alphabet": alphabet.to_json(),
        "form": asdict(form),
    }
    save_network(folder, KIND, kept, about)


def open_model(folder: Path | None) -> Model:
    """The model in this folder, from memory if it was just used. Raises StudioError."""
    return _models.open(folder)


def build(about: Mapping[str, Any]) -> Writer:
    """The net that a file is for. Raises ValueError, TypeError or KeyError for what is none."""
    writer = Writer(read_settings(WriterSettings, about["settings"]))
    Form.from_json(about.get("form", {}))
    if len(Alphabet.from_json(about["alphabet"])) != writer.settings.symbols:
        raise ValueError("the alphabet has another size than the net")
    return writer


def _read(folder: Path) -> Model:
    found = load_network(folder, KIND, build)
    found.network.unpack()
    alphabet = Alphabet.from_json(found.about["alphabet"])
    form = Form.from_json(found.about.get("form", {}))
    return Model(found.network, alphabet, form, found.about, found.tag, found.name)


_models = OpenModels(_read)
