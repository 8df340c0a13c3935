"""Small made-up companies of four industries, each with its answer key."""
