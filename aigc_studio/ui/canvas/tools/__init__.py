"""The tools: what each does under the hand, and what is drawn over the items meanwhile."""
