"""The commands of the window: their words, their keys, their menus, and what they do."""
