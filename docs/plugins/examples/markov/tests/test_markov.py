from aigc_studio.testing import GeneratorConformance


class TestMarkov(GeneratorConformance):
    plugin = "aigc_markov.py"
