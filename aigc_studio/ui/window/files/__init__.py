"""Files: the project, what comes in, what goes out, and what to do when one is damaged."""
