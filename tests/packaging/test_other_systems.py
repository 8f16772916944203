"""On other systems: nothing is imported that only POSIX has, and what is required can be had."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
IMPORTS = """
import concurrent.futures, ctypes, email, getpass, http.client, importlib, json, locale
import logging.handlers, multiprocessing, os, pathlib, pkgutil, platform, random, select, selectors
import shutil, signal, socket, sqlite3, ssl, subprocess, sys, sysconfig, tarfile, tempfile
import threading, types, unittest.mock, urllib.request, uuid, webbrowser, zipfile
import numpy, PIL.Image, platformdirs, pluggy, psutil, pydantic, regex, safetensors.numpy
import PySide6.QtGui, PySide6.QtNetwork, PySide6.QtSvg, PySide6.QtWidgets

sysconfig.get_config_vars()  # it looks for files by the name of the system
KEPT = {"SIGINT", "SIGTERM", "SIGABRT", "SIGFPE", "SIGILL", "SIGSEGV", "SIG_DFL", "SIG_IGN"}
GONE = (
    "fork setsid killpg getuid getgid nice sysconf setpriority waitpid WNOHANG uname statvfs "
    "mkfifo O_NONBLOCK O_NOFOLLOW O_CLOEXEC O_DIRECTORY register_at_fork sched_getaffinity chown"
)
for name in GONE.split():
    delattr(os, name)
for name in [each for each in vars(signal) if each.startswith("SIG") and each not in KEPT]:
    delattr(signal, name)
del select.poll
for name in ("fcntl", "grp", "posix", "pty", "pwd", "resource", "termios"):
    sys.modules[name] = None
sys.modules["msvcrt"] = types.ModuleType("msvcrt")
sys.platform = "win32"

import aigc_studio

APART = ("aigc_studio.toolkit", "aigc_studio.worker.warden", "aigc_studio.avatars")
found = [each.name for each in pkgutil.iter_modules(aigc_studio.__path__, "aigc_studio.")]
for name in found:
    if name.startswith(APART) or name.endswith("__main__"):
        continue
    module = importlib.import_module(name)
    if hasattr(module, "__path__"):
        found += [each.name for each in pkgutil.iter_modules(module.__path__, name + ".")]
print(len(found), "torch" in sys.modules)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is so")
def test_all_can_be_imported_where_there_is_nothing_that_only_posix_has() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    number, torch = done.stdout.split()
    assert int(number) > 800
    assert torch == "False"


@pytest.mark.parametrize("machine", ["x86_64", "AMD64", "arm64", "aarch64", "ARM64"])
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
def test_where_there_are_no_wheels_of_the_sound_device_nobody_has_to_build_it(
    machine: str, python: str
) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    here = {"platform_machine": machine, "python_version": python}
    asked = [Requirement(each) for each in project["dependencies"]]
    wanted = [each.name for each in asked if each.marker is None or each.marker.evaluate(here)]
    assert ("miniaudio" in wanted) is (machine not in ("aarch64", "ARM64"))
    assert wanted.count("PySide6-Essentials") == 1
