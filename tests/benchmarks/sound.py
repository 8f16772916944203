"""How soon a tune is heard, whether it stays so beside a training, how fast sound is made.

On the null device, which takes sound in real time and is heard by nobody. The training is torch's
GRU on all cores, in a process of its own and as eager as this one, which is worse than a training
of the studio: that one lets others go first.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

from rows import row, tell
from surroundings import ROOT

TRAINING = """
import os, torch
torch.set_num_threads(os.cpu_count() or 1)
net = torch.nn.GRU(256, 512, 2, batch_first=True)
optimizer = torch.optim.Adam(net.parameters())
batch = torch.randn(32, 64, 256)
while True:
    optimizer.zero_grad()
    net(batch)[0].square().mean().backward()
    optimizer.step()
    print("step", flush=True)
"""
SCALE = (60, 62, 64, 65, 67, 69, 71, 72, 74, 76, 77, 79, 81, 79, 77, 76, 74, 72, 71, 69, 67, 65)


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60.0, help="of playback beside a training")
    arguments = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ |= {"AIGC_STUDIO_AUDIO": "null", "OPENBLAS_NUM_THREADS": "1"}
    rendering(3)
    starting(arguments.repeats, "")
    with training():
        starting(arguments.repeats, ", beside a training on all cores")
        playing(arguments.seconds, "")
        with busy():
            playing(arguments.seconds / 3, ", this process counting in Python as well")


def rendering(repeats: int) -> None:
    """How many seconds of sound are made in one second of one core."""
    from aigc_studio.api.melody import Melody, Note
    from aigc_studio.sound import synthesis
    from aigc_studio.sound.instruments import INSTRUMENTS

    notes = tuple(Note(n * 240, 230, pitch) for n, pitch in enumerate(SCALE * 4))
    for each in INSTRUMENTS:
        piece = Melody(notes, program=each.program)
        synthesis.render(piece)
        speeds = []
        for _number in range(repeats):
            began = time.process_time()
            frames = len(synthesis.render(piece))
            speeds.append(frames / synthesis.RATE / (time.process_time() - began))
        what = f"sound: {each.name}, one voice, seconds of sound a second of a core"
        tell(row(what, speeds, "×", bar=100, at_least=True))


def starting(repeats: int, beside: str) -> None:
    """From Play, and from a note's touch, until the device takes the first sound; warm."""
    from aigc_studio.sound.player import Player

    player = Player()
    wait(lambda: "gap" in figures(player) or touched(player))
    first, note = [], []
    for number in range(repeats):
        known = player.figures.get("first", 0.0)
        player.play(piece())
        wait(lambda known=known: player.figures.get("first", 0.0) != known)  # type: ignore[misc]
        first.append(player.figures["first"])
        player.stop()
        known = player.figures.get("note", 0.0)
        player.sound_note(60 + number % 12, 0)
        wait(lambda known=known: player.figures.get("note", 0.0) != known)  # type: ignore[misc]
        note.append(player.figures["note"])
    player.close()
    what = f"sound: from Play to the first sample that the device takes{beside}"
    tell(row(what, first, bar=150, judged="worst"))
    what = f"sound: from a touched note to its first sample{beside}"
    tell(row(what, note, bar=50, judged="p95"))


def playing(seconds: float, beside: str) -> None:
    """How often the device had to wait for sound, playing beside a training."""
    from aigc_studio.sound.player import Player

    player = Player()
    wait(lambda: touched(player))
    player.play(piece(loop := 22 * 240), loop=(0, loop))
    time.sleep(seconds)
    late, gap = player.figures["late"], player.figures["gap"]
    player.close()
    what = f"sound: late buffers in {seconds:.0f} s of playback beside a training on all cores"
    note = f"the device was served every {gap:.0f} ms at the latest; 60 ms wait in it"
    tell(row(what + beside, [late], "", bar=0, note=note))


def piece(_length: int = 0):  # type: ignore[no-untyped-def] # noqa: ANN201 - imported late
    """A scale on the piano."""
    from aigc_studio.api.melody import Melody, Note

    return Melody(tuple(Note(n * 240, 230, pitch) for n, pitch in enumerate(SCALE)))


def figures(player) -> dict[str, float]:  # type: ignore[no-untyped-def] # noqa: ANN001
    """What the player has measured."""
    return dict(player.figures)


def touched(player) -> bool:  # type: ignore[no-untyped-def] # noqa: ANN001
    """Sound a note, and say whether one was heard."""
    if "note" not in player.figures:
        player.sound_note(60)
        time.sleep(0.2)
    return bool(player.figures.get("note"))


def wait(condition: Callable[[], object]) -> None:
    """Until it is so, a minute at most."""
    end = time.monotonic() + 60
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("nothing was heard")
        time.sleep(0.005)


@contextlib.contextmanager
def training() -> Iterator[None]:
    """A training on all cores, which has begun."""
    process = subprocess.Popen([sys.executable, "-c", TRAINING], stdout=subprocess.PIPE)
    assert process.stdout is not None
    for _number in range(3):
        process.stdout.readline()
    drain = threading.Thread(target=lambda: [None for _line in process.stdout or ()], daemon=True)
    drain.start()
    yield
    process.kill()
    process.wait()


@contextlib.contextmanager
def busy() -> Iterator[None]:
    """A thread of this process that never lets go of the interpreter by itself."""
    ends = threading.Event()

    def count() -> None:
        while not ends.is_set():
            sum(range(10_000))

    threads = [threading.Thread(target=count, daemon=True) for _number in range(2)]
    for each in threads:
        each.start()
    yield
    ends.set()


if __name__ == "__main__":
    main()
