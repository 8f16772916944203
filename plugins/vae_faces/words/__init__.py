"""What a person types or sets, as what is wanted of a face."""
