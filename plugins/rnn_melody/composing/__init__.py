"""Composing from the left: new tunes, and tunes continued, answered, varied, transposed."""
