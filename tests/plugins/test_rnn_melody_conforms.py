"""RNN melody goes through the same gate as a stranger's plugin, from its folder."""

from pathlib import Path

import pytest
import rnn_melody
from quick_checks import QUICK, SMALL

from aigc_studio.testing import GeneratorConformance


@pytest.mark.slow
@pytest.mark.timeout(300)
class TestRnnMelody(GeneratorConformance):
    plugin = Path(rnn_melody.__file__).parent
    steps = 3
    parameters = SMALL["rnn-melody"]
    only = QUICK
