"""The net: encoder, decoder, what drawn points are drawn from, and the filler of holes."""
