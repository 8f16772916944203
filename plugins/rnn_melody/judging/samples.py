"""What a model composes by itself, as people get it, to be measured beside real tunes."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aigc_studio.api import Candidate, Event, GenerateRequest, KeySignature, Melody, Progress
from rnn_melody.composing.generating import generate_tunes
from rnn_melody.judging.traits import whole_bars

TUNES, BARS = 64, 16
SEED = 20_261_126
_SIDE_BY_SIDE = 16
_TELL_EVERY = 0.2


@dataclass(frozen=True)
class Samples:
    """Tunes of `bars` bars each, and how many a second there were."""

    tunes: Sequence[Melody]
    bars: int = BARS
    per_second: float = 0.0

    @property
    def whole(self) -> float:
        """The share of them that have as many bars as asked, each whole."""
        good = sum(whole_bars(each, self.bars) for each in self.tunes)
        return good / max(1, len(self.tunes))


def samples_of(
    model: Path | None,
    like: Sequence[tuple[Melody, KeySignature]],
    words: Mapping[str, str],
    *,
    known: str = "marked",
) -> Generator[Event, None, Samples]:
    """As many tunes as there are in `like`, each in the metre, key and mode of one of these, by the
    usual parameters. `known` is what becomes of those that copy: "marked" keeps them, "drawn-anew"
    does what people get.
    """
    tunes, clock, took = list[Melody](), time.monotonic(), 0.0
    for (metre, key, mode), count in _asked(like):
        for first in range(0, count, _SIDE_BY_SIDE):
            block = min(_SIDE_BY_SIDE, count - first)
            request = _request(model, metre, key, mode, known, SEED + len(tunes), block)
            began = time.perf_counter()
            for event in generate_tunes(request):
                if isinstance(event, Candidate) and isinstance(event.artifact, Melody):
                    tunes.append(event.artifact)
            took += time.perf_counter() - began
            if time.monotonic() - clock > _TELL_EVERY:
                clock = time.monotonic()
                yield Progress(len(tunes), len(like), dict(words))
    return Samples(tunes, BARS, len(tunes) / took if took else 0.0)


def _asked(like: Iterable[tuple[Melody, KeySignature]]) -> list[tuple[tuple[str, str, str], int]]:
    """Metre, key and mode as the parameters call them, and how many tunes to ask for."""
    from rnn_melody.keys import TONICS

    return list(
        Counter(
            (
                f"{each.metres[0].numerator}/{each.metres[0].denominator}",
                TONICS[key.tonic],
                key.mode,
            )
            for each, key in like
        ).items()
    )


def _request(
    model: Path | None, metre: str, key: str, mode: str, known: str, seed: int, count: int
) -> GenerateRequest:
    from rnn_melody.composing.parameters import LEARNT, GenerateParameters

    field = GenerateParameters.model_fields["metre"].annotation
    there = getattr(field, "__args__", ())
    parameters = GenerateParameters.model_validate(
        {
            "metre": metre if metre in there else LEARNT,
            "key": key,
            "mode": mode,
            "bars": BARS,
            "known": known,
        }
    )
    return GenerateRequest(model=model, seed=seed, count=count, parameters=parameters)
