from aigc_studio.api import Description, Text, hookimpl


class plugin:
    @hookimpl
    def describe(self):
        return Description(id="a-class", title="A class", medium=Text)
