"""Writing on from the left: new texts, a text continued, the next piece picked."""
