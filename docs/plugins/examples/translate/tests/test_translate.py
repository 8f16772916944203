from aigc_studio.testing import GeneratorConformance


class TestTranslate(GeneratorConformance):
    plugin = "aigc_translate"
