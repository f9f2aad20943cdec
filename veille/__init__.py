"""The shell: what the user starts, and the only room that knows all the others."""
