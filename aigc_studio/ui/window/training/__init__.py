"""Trainings in the window, and the models that come of them."""
