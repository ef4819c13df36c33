"""Side-by-side measurements of speed and memory; ``make bench`` runs them."""
