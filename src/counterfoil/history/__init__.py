"""What was known: a fold over the log, kept as small records, read as views that leave out the listing being asked about."""
