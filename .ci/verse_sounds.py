"""Learn from poems how characters sounded, and write what the plugin of texts knows of it.

    python .ci/verse_sounds.py ["Tang poems"]

The dataset belongs to the library (its training part is read); the pack *Tang poems* is what the
table that comes with the studio was made of. Writes `plugins/rnn_text/verse/rhymes.tsv`: groups
with their characters and near groups, then the characters of each tone.
"""

from __future__ import annotations

import sys
from pathlib import Path

from rnn_text.verse.hearing import Heard, hear

from aigc_studio.library import DatasetStore

TABLE = Path(__file__).resolve().parent.parent / "plugins/rnn_text/verse/rhymes.tsv"


def rows(heard: Heard) -> list[str]:
    """The lines of the table."""
    groups = [f"{each.name}\t{each.characters}\t{' '.join(each.near)}" for each in heard.groups]
    return [*groups, f"平\t{heard.level}\t", f"仄\t{heard.oblique}\t"]


if __name__ == "__main__":
    dataset = DatasetStore().open(sys.argv[1] if len(sys.argv) > 1 else "Tang poems")
    found = hear(str(example.artifact) for example in dataset)
    TABLE.write_text("\n".join(rows(found)) + "\n", encoding="utf-8")
    count = len(set(found.level + found.oblique))
    sys.stdout.write(f"{len(found.groups)} groups, tones of {count} characters\n")
