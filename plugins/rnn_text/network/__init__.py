"""The net: what it is, how it is run one symbol at a time, and its part that reads what follows."""
