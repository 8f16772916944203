"""Several processes on one home at once: stores, lost sessions, one project, the settings.

Each does random things to the same few names. Whatever comes of one is done whole, or is one
sentence; then every list is looked through. `--kill` ends one of them with `kill -9` now and then.

    python tests/soak/two_at_once.py --seconds 60 --seed 1 --kill

Ends with status 1 when anything was wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from crashed import crash
from outcome import Outcome, status, tell

NAMES = ("Cats", "cats 2", "Tiere", "图")
KINDS = ("models", "datasets", "trainings", "sessions", "project", "settings")
Deed = Callable[[random.Random], object]


def main() -> int:
    """Run it: as the one that starts the others, or as one of them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=3)
    parser.add_argument("--kill", action="store_true", help="end one with kill -9 now and then")
    parser.add_argument("--only", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.worker is not None:
        return work(told.worker, told.seed, told.seconds, told.only)
    faults, notes, count = [], [], 0
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="aigc-two-") as folder:
        os.environ["AIGC_STUDIO_HOME"] = os.environ.get("AIGC_STUDIO_HOME") or f"{folder}/家"
        os.environ["AIGC_STUDIO_LANGUAGE"] = "en"
        prepare()
        for said in crowd(told):
            faults += said.get("faults", [])
            notes.append(f"{said['refused']} of {said['count']} refused")
            count += said["count"]
        faults += remains()
    faults += [] if notes else ["no process came to its end"]
    seconds = time.monotonic() - began
    what = f"{told.processes} processes on one home" + (", with kills" if told.kill else "")
    found = Outcome("two_at_once", what, count, seconds, tuple(faults), "; ".join(notes[:6]))
    tell(found)
    return status([found])


def crowd(told: argparse.Namespace) -> list[dict[str, Any]]:
    """Start the processes, kill one now and then, and read what each says in the end."""
    chance = random.Random(told.seed)
    end = time.monotonic() + told.seconds
    running: list[subprocess.Popen[str]] = []
    said = []
    number = 0
    while time.monotonic() < end or running:
        while time.monotonic() < end and len(running) < told.processes:
            number += 1
            running.append(start(number, told, end - time.monotonic()))
        time.sleep(0.05)
        if told.kill and len(running) == told.processes and chance.random() < 0.015:
            victim = chance.choice(running)
            victim.kill()
            victim.communicate()
            running.remove(victim)
        for each in [each for each in running if each.poll() is not None]:
            said.append(verdict(each))
            running.remove(each)
    return said


def start(number: int, told: argparse.Namespace, seconds: float) -> subprocess.Popen[str]:
    """One more process."""
    words = [sys.executable, __file__, "--worker", str(number), "--seed", str(told.seed)]
    words += ["--seconds", str(max(0.2, seconds)), "--only", *told.only]
    environment = dict(os.environ)
    root = str(Path(__file__).resolve().parents[2])
    environment["PYTHONPATH"] = os.pathsep.join([root, environment.get("PYTHONPATH", "")])
    return subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )


def verdict(process: subprocess.Popen[str]) -> dict[str, Any]:
    """What a process said, or that it broke."""
    out, err = process.communicate()
    try:
        found: dict[str, Any] = json.loads(out.splitlines()[-1])
    except (IndexError, ValueError):
        return {"count": 0, "refused": 0, "faults": [f"a process broke: {err[-600:]}"]}
    return found


# One of them


def work(number: int, seed: int, seconds: float, kinds: Sequence[str]) -> int:
    """Do random things until the time is over, and print what came of them as one JSON line."""
    from aigc_studio.api import StudioError

    chance = random.Random(f"{seed}/{number}")
    deeds = [deed for kind in kinds for deed in DEEDS[kind](number)]
    end, counts = time.monotonic() + seconds, Counter[str]()
    faults: list[str] = []
    while time.monotonic() < end:
        deed = chance.choice(deeds)
        try:
            deed(chance)
            counts["done"] += 1
        except (StudioError, BlockingIOError) as error:
            counts["refused"] += 1
            if "is damaged" in str(error) or "No such file" in str(error):
                faults.append(f"{deed.__qualname__}: {error}")
        except Exception:
            faults.append(f"{deed.__qualname__}: {traceback.format_exc()[-900:]}")
    said = {"count": sum(counts.values()), "refused": counts["refused"], "faults": faults[:10]}
    sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    return 0


def models(number: int) -> list[Deed]:
    """What is done to models."""
    from aigc_studio.library.models import ModelStore

    store, card = ModelStore(), {"generator": "echo", "licence": "CC0"}
    scratch = home() / f"scratch-{number}"
    scratch.mkdir(parents=True)

    def publish(chance: random.Random) -> None:
        store.publish(checkpoint(scratch, chance.random()), chance.choice(NAMES), card)

    def export(chance: random.Random) -> None:
        path = scratch / f"{chance.randrange(10**9)}.aigcmodel"
        store.export(chance.choice(NAMES), path)
        store.import_file(path, chance.choice(NAMES))

    return [
        publish,
        publish,
        export,
        lambda chance: store.rename(chance.choice(NAMES), chance.choice(NAMES)),
        lambda chance: store.delete(chance.choice(NAMES)),
        lambda chance: store.delete(chance.choice(NAMES).upper()),
        lambda _chance: store.list(),
        lambda _chance: no(store.broken(), "broken models"),
    ]


def datasets(_number: int) -> list[Deed]:
    """What is done to datasets."""
    from aigc_studio.api import Text
    from aigc_studio.library.datasets import DatasetStore
    from aigc_studio.library.drafts import Draft

    store = DatasetStore()

    def write(chance: random.Random) -> None:
        drafts = [Draft(Text(f"text {n} {chance.random()}")) for n in range(chance.randint(3, 9))]
        about = {"test_share": 0.1, "licence": "CC0"}
        list(store.write(chance.choice(NAMES), "text", drafts, about))

    def read(chance: random.Random) -> None:
        dataset = store.open(chance.choice(NAMES), None)
        assert len(dataset) > 0

    def change(chance: random.Random) -> None:
        name, index = chance.choice(NAMES), chance.randrange(3)
        changes: list[Callable[[], object]] = [
            lambda: store.relabel(name, {index: chance.choice("ab")}),
            lambda: store.exclude(name, [index], chance.random() < 0.5),
            lambda: store.remove(name, [index]),
            lambda: store.split_by(name, test_share=chance.random() * 0.5),
            lambda: store.describe(name, credit=f"by {chance.random()}"),
        ]
        chance.choice(changes)()

    return [
        write,
        write,
        read,
        change,
        change,
        lambda chance: store.rename(chance.choice(NAMES), chance.choice(NAMES)),
        lambda chance: store.delete(chance.choice(NAMES)),
        lambda chance: store.browse(chance.choice(NAMES)).info(0),
        lambda _chance: store.list(),
        lambda _chance: DatasetStore().names(),
        lambda _chance: no(store.broken(), "broken datasets"),
    ]


def trainings(number: int) -> list[Deed]:
    """What is done to trainings, of which each process begins some."""
    from aigc_studio.api import Dataset
    from aigc_studio.library.new_trainings import NewTraining
    from aigc_studio.library.trainings import TrainingStore

    store = TrainingStore()
    data = Dataset(home() / "fixed" / "datasets" / "data", "train")

    def create(_chance: random.Random) -> None:
        if len(store.list()) < 6:
            store.create(NewTraining("echo", data, name=f"training {number}", steps=5))

    def resume(chance: random.Random) -> None:
        found = store.list()
        if found:
            training = chance.choice(found)
            training.take()
            try:
                training.note("running")
                training.note(chance.choice(["paused", "failed", "done"]))
            finally:
                training.release()

    def discard(chance: random.Random) -> None:
        found = store.list()
        if found:
            store.discard(chance.choice(found).id)

    return [create, resume, resume, discard, lambda _chance: store.interrupted()]


def sessions(_number: int) -> list[Deed]:
    """Projects begun, cut off, brought back, discarded."""
    from aigc_studio.project import Project
    from aigc_studio.project import sessions as kept

    def begin(chance: random.Random) -> None:
        project = Project.new()
        add(project, chance)
        if chance.random() < 0.5:
            project.close()
        else:
            crash(project)

    def bring_back(chance: random.Random) -> None:
        found = Project.interrupted()
        if found:
            project = Project.recover(chance.choice(found))
            assert len(project.board)
            add(project, chance)
            project.close()

    def discard(chance: random.Random) -> None:
        found = [(folder, kept.mark(folder)) for folder in Project.interrupted()]
        if found:
            kept.remove(*chance.choice(found))

    return [begin, begin, bring_back, discard, discard]


def project(_number: int) -> list[Deed]:
    """One project file, opened, changed and saved by all."""
    from aigc_studio.project import Project, claims

    path = home() / "fixed" / "one.aigc"

    def save(chance: random.Random) -> None:
        opened = Project.open(path)
        try:
            add(opened, chance)
            if opened.path is None:
                assert opened.copied_from == path
                try:
                    opened.save(path)
                except claims.OpenElsewhere:
                    return
                return  # closed there meanwhile: then it is this window's
            opened.save()  # never `FileChanged`: nobody else may save
        finally:
            opened.close()

    return [save]


def settings(number: int) -> list[Deed]:
    """The settings, of which each process writes its own and one list of all."""
    from aigc_studio.ui.settings_file import SettingsFile

    path = home() / "data" / "settings.ini"
    file, written = SettingsFile(path), [0]

    def write(_chance: random.Random) -> None:
        count = written[0] + 1
        changes: dict[str, list[Callable[[Any], Any]]] = {
            f"worker/{number}": [lambda _old: count],
            "all/seen": [lambda old: " ".join([*str(old or "").split(), f"{number}:{count}"])],
        }
        found = file.write(changes, 5.0)
        if found is not None:
            written[0] = count
            seen = [
                each for each in str(found["all/seen"]).split() if each.startswith(f"{number}:")
            ]
            assert len(seen) == count, f"{len(seen)} of {count} are left"

    return [write]


DEEDS: dict[str, Callable[[int], list[Deed]]] = {
    "models": models, "datasets": datasets, "trainings": trainings,
    "sessions": sessions, "project": project, "settings": settings,
}  # fmt: skip


# What they stand on


def home() -> Path:
    """The home that all of them have."""
    return Path(os.environ["AIGC_STUDIO_HOME"])


def add(project: Any, chance: random.Random) -> None:
    """One more text on the board."""
    from aigc_studio.api import Text
    from aigc_studio.project import Item, commands

    content = project.store.put(Text(f"{chance.random()}"))
    (id,) = project.board.new_ids(1)
    project.do(commands.add_items(project.board, [Item(id, "text", content, 0, 0, 100, 50)]))


def checkpoint(folder: Path, value: float) -> Path:
    """A complete model folder as a plugin writes it."""
    folder = folder / "checkpoint"
    folder.mkdir(parents=True, exist_ok=True)
    header = json.dumps({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    data = struct.pack("<Q", len(header)) + header + struct.pack("<f", value)
    (folder / "weights.safetensors").write_bytes(data)
    return folder


def prepare() -> None:
    """What is there before: a dataset to train on, a project to open."""
    from aigc_studio.api import Text
    from aigc_studio.library.datasets import DatasetStore
    from aigc_studio.library.drafts import Draft
    from aigc_studio.project import Project

    drafts = [Draft(Text(f"text {number}")) for number in range(5)]
    list(DatasetStore(home() / "fixed" / "datasets").write("data", "text", drafts, {}))
    project = Project.new()
    add(project, random.Random(1))
    project.save(home() / "fixed" / "one.aigc")
    project.close()


def no(found: Sequence[object], what: str) -> None:
    """Raise unless there is none."""
    if found:
        raise AssertionError(f"{what}: {found}")


def remains() -> list[str]:
    """What is wrong with what they left."""
    from aigc_studio.api import StudioError
    from aigc_studio.library import locks
    from aigc_studio.library.datasets import DatasetStore
    from aigc_studio.library.models import ModelStore
    from aigc_studio.library.trainings import TrainingStore
    from aigc_studio.project import Project, claims

    faults = []
    data, models, jobs = DatasetStore(), ModelStore(), TrainingStore()
    faults += [f"a dataset is broken: {each}" for each in data.broken()]
    faults += [f"a model is broken: {each}" for each in models.broken()]
    faults += [f"a training is damaged: {each}" for each in jobs.damaged()]
    for kind, store in (("datasets", data), ("models", models)):
        seen = (
            {each.name for each in store.folder.glob("[!.]*")} if store.folder.is_dir() else set()
        )
        known = {each.name for each in store.list() if each.folder.parent == store.folder}
        faults += [f"{kind}: {name} is no whole one" for name in seen - known]
        locks.sweep(store.folder, older_than=0)
        left = [each.name for each in store.folder.glob(".*")] if store.folder.is_dir() else []
        faults += [f"{kind}: {name} was left" for name in left if name != locks.TURNS]
    for name in data.names():
        try:
            assert len(data.open(name, None)) > 0
        except StudioError as error:
            faults.append(f"the dataset {name}: {error}")
    for folder in Project.interrupted():
        Project.recover(folder).close()
    project = Project.open(home() / "fixed" / "one.aigc")
    project.close()
    faults += [f"a claim was left: {each.name}" for each in claims.claims_folder().iterdir()]
    faults += [f"{each} was left" for each in (home() / "data").glob(".settings-*")]
    shutil.rmtree(home() / "fixed")
    return faults


if __name__ == "__main__":
    raise SystemExit(main())
