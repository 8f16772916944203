"""What a generator says of the parts of an item, drawn over the item: no part of the project."""
