"""What the person makes: board, items, commands, the `.aigc` file, export, provenance. No Qt."""
