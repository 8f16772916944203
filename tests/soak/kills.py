"""`kill -9` at random moments: nothing that was acknowledged is lost, every saved file opens.

    python tests/soak/kills.py --count 200 --seed 1

Two thirds fall on a project without a window, a quarter on the real window, the rest on trainings,
which go on afterwards and must end byte for byte as one that was never killed. As many go on at
once as there are cores; `--only` takes some of the three.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crew import abreast
from outcome import Outcome, status, tell
from places import end_marked, environment, left_running, new_home, new_mark, script
from states import digest, without_last

STEPS = 60
"""Of each training that is killed."""
SMALL = ("--size", "16", "--width", "8", "--batch-size", "8", "--no-measure")
"""What is learnt is not what is tried: a net that is made in seconds."""
LONGEST = 6.0
"""Seconds after which a training is killed at the latest, from its first line on."""


def main() -> int:
    """Kill, look, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    kinds = ("project", "window", "training")
    parser.add_argument("--only", nargs="+", choices=kinds, default=kinds)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    counts = {"window": max(arguments.count // 4, 1), "training": max(arguments.count // 12, 1)}
    counts["project"] = max(arguments.count - sum(counts.values()), 1)
    outcomes: list[Outcome] = []
    for kind in kinds:
        seeds = [chance.randrange(2**31) for _n in range(counts[kind])]  # also of what is left out
        if kind in arguments.only:
            outcomes.append(train(seeds) if kind == "training" else work(kind, seeds))
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


def work(kind: str, seeds: list[int]) -> Outcome:
    """Kill so many victims of one kind; each goes on in a home of its own."""
    began, faults = time.monotonic(), list[str]()
    what = {"project": "kill -9 of a project", "window": "kill -9 of the window"}[kind]
    came = abreast(what, kill_one, [(kind, seed) for seed in seeds])
    for number, (seed, (_story, found)) in enumerate(zip(seeds, came, strict=True)):
        faults += [f"{kind} {number} (seed {seed}): {fault}" for fault in found]
    acknowledged = sum(len(story.states) for story, _found in came)
    in_save = sum(story.in_save for story, _found in came)
    note = f"{acknowledged:,} states acknowledged, {in_save} killed in a save"
    return Outcome("kills", what, len(seeds), time.monotonic() - began, tuple(faults), note)


def kill_one(kind: str, seed: int) -> tuple[Story, list[str]]:
    """One victim, killed in a home that goes with it."""
    with new_home() as home:
        story, found = one_kill(kind, seed, home, random.Random(seed))
        return story, list(found)


def one_kill(kind: str, seed: int, home: Path, chance: random.Random) -> tuple[Story, list[str]]:
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


def train(seeds: list[int]) -> Outcome:
    """Kill trainings in the shell, go on with them, and compare what they made."""
    began, faults, resumed = time.monotonic(), list[str](), 0
    what = "kill -9 of a training"
    with new_home() as home:
        run(home, script("draw_data", home))
        run(home, training("whole"))
        wanted = weights(home, "whole")
        came = abreast(what, kill_training, [(home, seed) for seed in seeds])
    for number, (seed, (times, made, left)) in enumerate(zip(seeds, came, strict=True)):
        resumed += times
        found = [] if made == wanted else ["other bytes" if made else "no model"]
        faults += [f"training {number} (seed {seed}): {each}" for each in (*found, *left)]
    note = f"{resumed} times gone on with, {STEPS} steps each"
    return Outcome("kills", what, len(seeds), time.monotonic() - began, tuple(faults), note)


def training(name: str) -> list[str]:
    """The command of a training."""
    words = ["train", "gan-digits", "--data", "drawn", "--steps", str(STEPS), "--seed", "3"]
    return [sys.executable, "-m", "aigc_studio", *words, *SMALL, "--out", name]


def kill_training(shared: Path, seed: int) -> tuple[int, bytes, list[str]]:
    """Start it, kill it up to three times, have it end: how often it went on, what it made, faults.

    Half the kills are of the shell alone, whose worker then writes what it has; the others are of
    all that belongs to it at once.
    """
    chance, faults, resumed = random.Random(seed), list[str](), 0
    with new_home() as home:
        shutil.copytree(shared / "data" / "datasets", home / "data" / "datasets")
        words = training("killed")
        for _n in range(chance.randint(1, 3)):
            mark = new_mark()
            if not killed(words, environment(home, mark), mark, chance):
                break
            faults += [f"left running: {each}" for each in left_running(mark, 20.0)]
            identity = unfinished(home)
            if identity:
                resumed += 1
                words = [*training("killed")[:5], "--resume", identity, "--no-measure"]
            elif weights(home, "killed"):
                break
        else:
            run(home, words)
        return resumed, weights(home, "killed"), faults


def killed(words: list[str], variables: dict[str, str], mark: str, chance: random.Random) -> bool:
    """Start a training and kill it a while after it says its first word; False where it ended."""
    child = subprocess.Popen(
        words, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    everything, pause = chance.random() < 0.5, chance.uniform(0, LONGEST)
    assert child.stderr is not None
    with child.stderr as talk:
        talk.readline()
        threading.Thread(target=talk.read, daemon=True).start()
        try:
            child.wait(pause)
            return False
        except subprocess.TimeoutExpired:
            child.kill()
            if everything:
                end_marked(mark)
            child.wait()
    return True


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
