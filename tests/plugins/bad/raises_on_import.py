import a_package_that_nobody_has

from aigc_studio.api import Candidate, Text, hookimpl


@hookimpl
def generate(request):
    yield Candidate(Text(a_package_that_nobody_has.word()))
