"""The Layers tab: the items of the board as a list, the topmost first."""
