"""`kill -9` at random moments: nothing that was acknowledged is lost, every saved file opens.

    python tests/soak/kills.py --count 200 --seed 1

Two thirds fall on a project without a window, a quarter on the real window, the rest on trainings,
which go on afterwards and must end byte for byte as one that was never killed.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from outcome import Outcome, status, tell
from places import environment, left_running, new_home, new_mark, script
from states import digest, without_last

PATIENCE = 60.0
STEPS = 60
"""Of each training that is killed."""


def main() -> int:
    """Kill, look, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    trainings = max(arguments.count // 12, 1)
    windows = max(arguments.count // 4, 1)
    projects = max(arguments.count - windows - trainings, 1)
    parts: tuple[Callable[[], Outcome], ...] = (
        lambda: work("project", projects, chance),
        lambda: work("window", windows, chance),
        lambda: train(trainings, chance),
    )
    outcomes: list[Outcome] = []
    for part in parts:
        outcomes.append(part())
        tell(outcomes[-1])  # at once: what was found is not lost when a later part breaks
    return status(outcomes)


@dataclass
class Story:
    """What a victim acknowledged before it died."""

    states: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    saving: int = 0
    saved: int = 0
    broken: str = ""

    @property
    def in_save(self) -> bool:
        """Whether a save was going on."""
        return self.saving > self.saved

    @property
    def in_file(self) -> list[str]:
        """The states that the file may show: that of the last save, or of one that was going on.

        Of those, what has been taken is told after it is, and a save ends before that is told.
        """
        untold = self.states[-1:] if self.saving > len(self.taken) else []
        return [*self.taken[max(self.saved - 1, 0) :], *untold]


def work(kind: str, count: int, chance: random.Random) -> Outcome:
    """Kill so many victims of one kind; each goes on in a home of its own."""
    began, faults, in_save, acknowledged = time.monotonic(), list[str](), 0, 0
    for number in range(count):
        seed = chance.randrange(2**31)
        with new_home() as home:
            story, found = one_kill(kind, seed, home, random.Random(seed))
        in_save += story.in_save
        acknowledged += len(story.states)
        faults += [f"{kind} {number} (seed {seed}): {fault}" for fault in found]
    note = f"{acknowledged:,} states acknowledged, {in_save} killed in a save"
    what = {"project": "kill -9 of a project", "window": "kill -9 of the window"}[kind]
    return Outcome("kills", what, count, time.monotonic() - began, tuple(faults), note)


def one_kill(
    kind: str, seed: int, home: Path, chance: random.Random
) -> tuple[Story, Iterator[str] | list[str]]:
    """Run a victim, kill it, and look at what it left."""
    mark, file = new_mark(), home / "saved.aigc"
    variables = environment(home, mark)
    log = home / "victim.log"
    with log.open("wb") as errors:
        victim = subprocess.Popen(
            script("victims", kind, seed, file), env=variables,
            stdout=subprocess.PIPE, stderr=errors, text=True,
        )  # fmt: skip
        story = until_killed(victim, chance)
    left = left_running(mark)
    os.environ |= {"AIGC_STUDIO_HOME": str(home), "AIGC_STUDIO_LANGUAGE": "en"}
    faults = [f"left running: {each}" for each in left]
    faults += [story.broken] if story.broken else []
    if not story.states:
        return story, [*faults, f"did nothing: {log.read_text('utf-8', 'replace')[-300:]}"]
    return story, [*faults, *lost(story), *unreadable(story, file, home)]


def until_killed(victim: subprocess.Popen[str], chance: random.Random) -> Story:
    """Read acknowledgements, kill at a random moment of some states, and read what was left."""
    story, stop = Story(), chance.randint(1, 80)
    in_save = chance.random() < 0.3
    assert victim.stdout is not None
    with victim.stdout as lines:
        for line in lines:
            note(story, line)
            wanted = story.in_save if in_save else len(story.states) >= stop
            if wanted and story.states:
                time.sleep(chance.uniform(0, 0.03))
                break
        victim.kill()
        for line in lines:
            note(story, line)
    victim.wait()
    return story


def note(story: Story, line: str) -> None:
    """Take in one acknowledgement; one that was torn is none."""
    words = line.split()
    if not line.endswith("\n") or not words:
        return
    if words[0] == "saving":
        story.saving += 1
    elif words[0] == "taken":
        story.taken.append(words[1])
    elif words[0] == "saved":
        story.saved += 1
    elif words[0] == "at":
        story.states.append(words[1])
    elif words[0] == "broken":
        story.broken = line


def lost(story: Story) -> Iterator[str]:
    """What recovery does not bring back."""
    from aigc_studio.project import Project

    folders = Project.interrupted()
    if len(folders) > 1:
        yield f"{len(folders)} sessions are offered for one"
    if not folders:
        if story.states[-1] not in story.in_file:
            yield "no session is offered"
        return
    shorter = without_last(folders[0])
    project = Project.recover(folders[0])
    if digest(project) != story.states[-1] and not _comes_back(shorter, story.states[-1]):
        yield f"state {story.states[-1]} is not what was brought back"
    if project.recovery is None or project.recovery.lost or project.damage:
        yield f"something is lost: {project.recovery} {project.damage}"
    for item in project.board.items:
        project.store.get(item.content)
    project.close()


def _comes_back(folder: Path, wanted: str) -> bool:
    from aigc_studio.project import Project

    project = Project.recover(folder)
    try:
        return digest(project) == wanted
    finally:
        project.close()


def unreadable(story: Story, file: Path, home: Path) -> Iterator[str]:
    """What is wrong with the saved file, the one before it, and what lies around them."""
    from aigc_studio.project import Project

    if story.saved and not file.exists():
        yield "a saved file is not there"
    for path in (file, file.with_name(file.name + "~")):
        if not path.exists():
            continue
        project = Project.open(path)
        if project.damage:
            yield f"{path.name} is damaged: {project.damage[0]}"
        if path == file and digest(project) not in story.in_file:
            yield f"{path.name} shows no state that was saved"
        project.close()


# Trainings


def train(count: int, chance: random.Random) -> Outcome:
    """Kill trainings in the shell, go on with them, and compare what they made."""
    began, faults, resumed = time.monotonic(), list[str](), 0
    with new_home() as home:
        run(home, script("draw_data", home))
        run(home, training("whole"))
        wanted = weights(home, "whole")
        for number in range(count):
            name = f"killed {number}"
            resumed += kill_training(home, name, chance)
            found = weights(home, name)
            if found != wanted:
                faults.append(f"training {number}: {'other bytes' if found else 'no model'}")
    note = f"{resumed} times gone on with, {STEPS} steps each"
    what = "kill -9 of a training"
    return Outcome("kills", what, count, time.monotonic() - began, tuple(faults), note)


def training(name: str) -> list[str]:
    """The command of a training."""
    words = ["train", "gan-digits", "--data", "drawn", "--steps", str(STEPS), "--seed", "3"]
    return [sys.executable, "-m", "aigc_studio", *words, "--out", name]


def kill_training(home: Path, name: str, chance: random.Random) -> int:
    """Start it, kill it up to three times, have it end; how often it went on."""
    resumed, words = 0, training(name)
    for _n in range(chance.randint(1, 3)):
        mark = new_mark()
        child = subprocess.Popen(
            words, env=environment(home, mark), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            child.wait(chance.uniform(1.0, 12.0))
            return resumed
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        left_running(mark)
        identity = unfinished(home)
        if identity:
            resumed += 1
            words = [*training(name)[:5], "--resume", identity]
        elif weights(home, name):
            return resumed
    run(home, words)
    return resumed


def unfinished(home: Path) -> str:
    """The id of the training that was interrupted, or ''."""
    os.environ["AIGC_STUDIO_HOME"] = str(home)
    from aigc_studio.library import TrainingStore

    found = TrainingStore().interrupted()
    return found[0].id if found else ""


def weights(home: Path, name: str) -> bytes:
    """The weights of a model, or nothing."""
    file = home / "data" / "models" / name / "weights.safetensors"
    return file.read_bytes() if file.is_file() else b""


def run(home: Path, words: list[str]) -> None:
    """Run a command to its end."""
    done = subprocess.run(
        words, env=environment(home), check=False, text=True, timeout=600,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{words[2:5]} ended with {done.returncode}: {done.stderr[-500:]}")


if __name__ == "__main__":
    sys.exit(main())
