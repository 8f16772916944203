"""The net: what it is, how it is run one event at a time, and its part that reads what follows."""
