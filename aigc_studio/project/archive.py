"""The `.aigc` file: a zip with the board, the history, the candidates and their content."""
