from aigc_studio.api import Description, Text, hookimpl


@hookimpl
def describe():
    return Description(id="returns-nothing", title="Nothing", medium=Text)


@hookimpl
def generate(request) -> None:
    return None
