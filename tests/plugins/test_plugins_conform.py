"""Generators of three media go through the same gate as a stranger's."""

from pathlib import Path

from aigc_studio.testing import GeneratorConformance

HERE = Path(__file__).parent


class TestEcho(GeneratorConformance):
    plugin = HERE / "echo.py"


class TestSpans(GeneratorConformance):
    plugin = HERE / "spans.py"


class TestBars(GeneratorConformance):
    plugin = HERE / "bars.py"


class TestPixels(GeneratorConformance):
    plugin = HERE / "pixels.py"


class TestCounts(GeneratorConformance):
    plugin = HERE / "counts.py"
