"""How much of anything is taken: bytes are counted after decompression (threat A7)."""

ENTRY_BYTES = 5 * 1024 * 1024
"""A feed or a listing."""
SITEMAP_BYTES = 10 * 1024 * 1024
"""A sitemap: 50,000 addresses, the protocol's limit, are about that."""
HTML_BYTES = 10 * 1024 * 1024
PDF_BYTES = 25 * 1024 * 1024
MEMBER_BYTES = 64 * 1024 * 1024
"""One member of a zipped API answer."""
INFLATED_BYTES = 1024 * 1024 * 1024
"""The members of a zipped API answer, together; they are read one after the other."""
CONCURRENT_DOWNLOADS = 32
