"""A tour through the window, done by doing."""
