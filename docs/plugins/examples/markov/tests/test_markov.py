from pathlib import Path

from aigc_studio.testing import GeneratorConformance


class TestMarkov(GeneratorConformance):
    plugin = Path(__file__).parents[1] / "aigc_markov.py"
