from aigc_studio.api import Candidate, Description, Text, hookimpl


@hookimpl
def describe():
    return Description(id="changes-outside", title="Changes outside", medium=Text)


@hookimpl
def edit(request):
    yield Candidate(Text(request.artifacts[0].value.upper()))
