"""How long a cancelled action takes to be over: its job ended, its worker doing nothing more.

Its bars have no reference: the studio waits by the clock before it ends what does not answer, and a
person who cancels waits by the clock as well.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rows import row, tell
from surroundings import enter, new_home

if TYPE_CHECKING:
    from aigc_studio.jobs import Job
    from aigc_studio.ui.window import StudioWindow

BAR = 1.0
CASES = {
    "loops-in-generate": "a plugin in an endless loop",
    "sleeps-in-generate": "a plugin that sleeps",
}


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=10)
    arguments = parser.parse_args()
    with new_home() as home:
        enter(home, "bad/loops_in_generate", "bad/sleeps_in_generate")
        measure(home, arguments.repeats)


def measure(home: Path, repeats: int) -> None:
    """One row a case."""
    import digits
    import studio_window as studio

    name = digits.find_model(home)
    window = studio.open_studio()
    studio.choose(window, digits.GENERATOR, name)
    studio.warm_up(window)
    tell_times("while GAN digits draws", [cancel_drawing(window) for _n in range(repeats)])
    for generator, what in CASES.items():
        studio.choose(window, generator)
        tell_times(what, [cancel_hanging(window) for _n in range(repeats)])
    times = [cancel_training(window, home) for _n in range(max(repeats // 2, 1))]
    tell_times("a training of GAN digits", times)
    studio.shut(window)


def tell_times(what: str, seconds: list[float]) -> None:
    """The row of a case: the worst one counts, for the bar says always."""
    tell(row(f"cancel: {what}", seconds, "s", bar=BAR, judged="worst"))


def cancel_drawing(window: StudioWindow) -> float:
    """Cancel 64 pictures of ten digits after the first has come."""
    import studio_window as studio

    studio.press_generate(window, "0123456789", 64)
    return cancelled(studio.last_job(window))


def cancel_hanging(window: StudioWindow) -> float:
    """Cancel a plugin that gave one candidate and then hangs."""
    import studio_window as studio

    studio.press_generate(window, "x", 1)
    return cancelled(studio.last_job(window))


def cancel_training(window: StudioWindow, home: Path) -> float:
    """Cancel a training that is at its steps."""
    import digits
    import studio_window as studio

    job = digits.started(window, home)
    studio.wait(lambda: digits.at_its_steps(job), "the steps of a training")
    return cancelled(job)


def cancelled(job: Job) -> float:
    """Seconds from `cancel` until the job has ended and its run with it."""
    import studio_window as studio

    studio.wait(lambda: job.state.name == "RUNNING" or job.state.ended, "a running job")
    studio.turn(0.3 if not job.state.ended else 0)
    if job.state.ended:
        raise SystemExit(f"{job.title} had ended before it could be cancelled")
    run, began = job.run, time.perf_counter()
    if run is None:
        raise SystemExit(f"{job.title} runs and has no run")
    job.cancel()
    studio.wait(lambda: job.state.ended and run.wait(0), "the end of the job")
    took = time.perf_counter() - began
    if job.state.name != "CANCELLED":
        raise SystemExit(f"{job.title} is {job.state.name}, not cancelled")
    return took


if __name__ == "__main__":
    main()
