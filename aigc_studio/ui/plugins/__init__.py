"""The Plugins window: what is here, what it may do, and how more of it comes and goes."""
