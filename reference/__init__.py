"""The mathematics of the course, written once: numpy and the standard library, nothing else."""
