"""The canvas's ways in and out: clipboard, drops, files and pictures of the board."""
