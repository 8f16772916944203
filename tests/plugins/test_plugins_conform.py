"""Generators of three media go through the same gate as a stranger's."""

from pathlib import Path

from quick_checks import QUICK

from aigc_studio.testing import GeneratorConformance

HERE = Path(__file__).parent


class TestEcho(GeneratorConformance):
    plugin = HERE / "echo.py"


class TestSpans(GeneratorConformance):
    plugin = HERE / "spans.py"
    only = QUICK


class TestBars(GeneratorConformance):
    plugin = HERE / "bars.py"
    only = QUICK


class TestPixels(GeneratorConformance):
    plugin = HERE / "pixels.py"
    only = QUICK


class TestCounts(GeneratorConformance):
    plugin = HERE / "counts.py"
