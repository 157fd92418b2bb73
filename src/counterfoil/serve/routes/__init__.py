"""One module a group of routes; each is thin: read the body, call the instance, answer."""
