"""What every test stands on: no screen, one torch thread, a home folder of its own."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ["QT_SCALE_FACTOR"] = "1"
os.environ["AIGC_STUDIO_LANGUAGE"] = "en"

import gc
import itertools

import pytest

# As in the app (jobs/garbage.py): a QObject must not be collected on a reader thread.
gc.disable()
_tests = itertools.count(1)


def pytest_runtest_teardown():
    if next(_tests) % 20 == 0:
        gc.collect()


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Everything that the studio keeps goes to a folder whose name is not ASCII."""
    folder = tmp_path / "主目录 é"
    monkeypatch.setenv("AIGC_STUDIO_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def qapp_args():
    return ["aigc-studio-test", "-style", "Fusion"]


def pytest_collection_modifyitems(items):
    """A test that uses Qt is a gui test, whether or not its author said so; they run last."""
    for item in items:
        if {"qtbot", "qapp"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("gui")
    items.sort(key=lambda item: item.get_closest_marker("gui") is not None)
