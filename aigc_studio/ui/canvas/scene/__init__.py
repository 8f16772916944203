"""The board as the canvas shows it: its items, what is selected, and the commands on them."""
