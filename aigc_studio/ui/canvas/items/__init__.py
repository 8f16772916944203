"""One class for each medium: how it is shown on the board."""
