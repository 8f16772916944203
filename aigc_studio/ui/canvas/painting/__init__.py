"""Strokes and masks: the brush, the line under the hand, and how it gets into the pixels."""
