"""Plugins that come as packages: installed into folders of their own, and taken away again."""
