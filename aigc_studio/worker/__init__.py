"""The child process: joins one plugin, the toolkit and the wire. The window never imports it."""
