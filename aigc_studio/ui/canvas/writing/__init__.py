"""Writing in a text card: the editors, the caret, and what they take back."""
