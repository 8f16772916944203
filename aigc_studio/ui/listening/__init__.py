"""What is heard, wherever in the studio a tune is shown."""
