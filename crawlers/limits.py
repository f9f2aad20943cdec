"""How much of anything is taken: bytes are counted after decompression (threat A7)."""

ENTRY_BYTES = 5 * 1024 * 1024
"""A feed, a listing or an API page."""
SITEMAP_BYTES = 10 * 1024 * 1024
"""A sitemap: 50,000 addresses, the protocol's limit, are about that."""
HTML_BYTES = 10 * 1024 * 1024
PDF_BYTES = 25 * 1024 * 1024
ARCHIVE_BYTES = 25 * 1024 * 1024
"""A zipped API answer, as downloaded."""
INFLATED_BYTES = 64 * 1024 * 1024
"""The members of a zipped API answer, together."""
CONCURRENT_DOWNLOADS = 32
