"""The only SQL: the log, the state folded from it, and the journal of what was answered."""
