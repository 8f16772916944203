from aigc_studio.api import Candidate, Description, Melody, Text, hookimpl


@hookimpl
def describe():
    return Description(id="wrong-result", title="Wrong result", medium=Text)


@hookimpl
def generate(request):
    wrong = {
        "string": "not an event",
        "medium": Candidate(Melody()),
        "artifact": Candidate("text"),
        "latent": Candidate(Text("one"), latent=bytes(65537)),
        "probability": Candidate(Text("one"), probability=2.0),
    }
    yield wrong[request.prompt]
