"""For authors of plugins: the code as it is now, and a window for the one that is being written."""
