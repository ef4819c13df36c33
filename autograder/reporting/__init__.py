"""Results for people and for other programs, all made from the store."""
