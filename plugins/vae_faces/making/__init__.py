"""Making: faces drawn, changed, blended, walked among, and pictures repaired."""
