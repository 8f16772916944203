"""Training: the dialog before it, the monitor while it runs."""
