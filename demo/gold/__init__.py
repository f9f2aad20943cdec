"""Web pages of ours whose article is known by construction: what extraction is measured on."""
