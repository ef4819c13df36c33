"""Grade submissions: the trusted side, which compares and decides."""
