"""Chinese verse: its forms, how characters rhyme and sound, and poems made, mended and judged."""
