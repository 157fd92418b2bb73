"""The simulator: a made-up market with hidden truth, so that everything can be tried before a real label exists."""
