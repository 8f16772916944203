"""A place to draw what is to be learnt: a sheet, kinds in turn, and what was drawn of each."""
