"""Small datasets of texts and untrained models for the tests of RNN text."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from rnn_text.alphabet import Alphabet, count_clusters
from rnn_text.model import Form, save_model
from rnn_text.network.net import Writer
from rnn_text.settings import WriterSettings

from aigc_studio.api import Dataset, Text
from aigc_studio.api.dataset import encode

PROSE = (
    "The rain came down on the harbour, and the boats lay still.\n"
    "Nobody spoke. A dog barked twice, and then it was quiet again.\n"
) * 12
NAMES = [f"{first}{last}" for first in ("Al", "Ber", "Cor", "Da", "El") for last in
         ("an", "bert", "dine", "evan", "gard", "ion", "lia", "mund", "rik", "sa")]  # fmt: skip
_LINE = "春江花月夜山水风云雨雪天地人心鸟飞来去日落长河流千里"


def poems(count: int) -> list[str]:
    """Poems of four lines of five characters, or of seven."""
    found = []
    for number in range(count):
        width = 5 if number % 2 else 7
        lines = [
            "".join(_LINE[(number * 7 + line * 3 + 5 * n) % len(_LINE)] for n in range(width))
            for line in range(4)
        ]
        found.append(f"{lines[0]}，{lines[1]}。{lines[2]}，{lines[3]}。")
    return found


def write_dataset(
    folder: Path,
    texts: Sequence[str],
    held_out: int = 0,
    *,
    attributes: Sequence[Mapping[str, Any]] = (),
    sources: Sequence[str] = (),
    passages: bool = False,
) -> Dataset:
    """A dataset folder, of which the last texts are held out. With `passages` each text goes on
    where the one before it ended."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, content = [], b""
    for number, text in enumerate(texts):
        data, _told = encode(Text(text))
        row: dict[str, Any] = {"offset": len(content), "length": len(data)}
        row["split"] = "test" if number >= len(texts) - held_out else "train"
        if attributes:
            row["attributes"] = dict(attributes[number])
        if sources:
            row["source"] = sources[number]
        if passages:
            row |= {"source": "one.txt", "passage": number + 1}
        rows.append(row)
        content += data
    about = {"medium": "text", "name": folder.name, "fingerprint": "0" * 64}
    (folder / "dataset.json").write_text(json.dumps(about))
    (folder / "examples.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "content.bin").write_bytes(content)
    return Dataset(folder)


def tiny(alphabet: Alphabet, seed: int = 0, **settings: Any) -> Writer:
    """An untrained net that is built in a blink."""
    chosen: dict[str, Any] = {"width": 16, "embedding": 8} | settings
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Writer(WriterSettings(symbols=len(alphabet), **chosen)).eval()


def alphabet_of(text: str, marks: Sequence[str] = ("begin", "end")) -> Alphabet:
    """The alphabet of a text."""
    return Alphabet.of(count_clusters([text]), marks)


def write_model(folder: Path, text: str = PROSE, form: Form | None = None, **settings: Any) -> Path:
    """A model folder with an untrained net for this text."""
    folder.mkdir(parents=True, exist_ok=True)
    alphabet = alphabet_of(text)
    save_model(folder, tiny(alphabet, **settings), alphabet, form or Form())
    return folder
