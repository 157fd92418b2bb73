"""Posts of social networks and transcripts of live streams: what is offered in them, field by field, with spans."""
