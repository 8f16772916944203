"""The middle of the window: the board, its tools and their options."""
