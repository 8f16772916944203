"""What a part of the soak found, and how the parts of it stand in docs/reliability.md."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

MARK = "AIGC-SOAK "
"""What stands before an outcome on a script's standard output; all other lines are talk."""


@dataclass(frozen=True)
class Outcome:
    """`count` attacks of one kind and what was wrong after them, a sentence each.

    `note` has figures that a reader wants beside it.
    """

    part: str
    what: str
    count: int
    seconds: float
    faults: tuple[str, ...] = ()
    note: str = ""

    @property
    def well(self) -> bool:
        """Whether nothing was wrong, and something was tried."""
        return not self.faults and self.count > 0


def tell(*outcomes: Outcome) -> None:
    """Print outcomes for `run.py`, and for a person who runs one script alone."""
    for each in outcomes:
        verdict = "well" if each.well else f"{len(each.faults)} FAULTS"
        sys.stderr.write(f"{each.what}: {each.count} in {each.seconds:.0f} s: {verdict}\n")
        for fault in each.faults[:20]:
            sys.stderr.write(f"  {fault}\n")
        sys.stdout.write(MARK + json.dumps(asdict(each), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def read(output: str) -> list[Outcome]:
    """The outcomes in a script's standard output."""
    found = []
    for line in output.splitlines():
        if line.startswith(MARK):
            document = json.loads(line.removeprefix(MARK))
            found.append(Outcome(**document | {"faults": tuple(document["faults"])}))
    return found


def status(outcomes: Sequence[Outcome]) -> int:
    """What a script ends with: 1 when anything was wrong or nothing was tried."""
    return 0 if outcomes and all(each.well for each in outcomes) else 1
