from pathlib import Path

from aigc_studio.testing import GeneratorConformance


class TestStyleTransfer(GeneratorConformance):
    plugin = Path(__file__).parents[1] / "aigc_style_transfer"
