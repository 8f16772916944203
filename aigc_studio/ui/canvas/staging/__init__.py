"""What is shown on the board in its place before it is there: previews, and candidates."""
