"""What a plugin needs before it is published, beside keeping to the rules.

Faults stop it, advice does not; a single file that nobody installs by name gets advice alone.
"""
