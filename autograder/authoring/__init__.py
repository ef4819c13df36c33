"""From one reference: stubs, mutants, alternatives, and the laws that they obey."""
