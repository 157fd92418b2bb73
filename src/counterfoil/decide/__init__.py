"""From risk to action, in two languages."""
