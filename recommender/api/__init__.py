"""The HTTP API: the searches of the page for other programs. No state, no cookies, no files."""
