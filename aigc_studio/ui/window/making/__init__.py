"""From the prompt panel to the board: what is asked, its candidates, and what becomes of them."""
