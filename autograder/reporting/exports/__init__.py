"""Files that other systems import, each in its own format."""
