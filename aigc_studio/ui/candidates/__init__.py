"""The candidate strip: results that wait beside the canvas."""
