"""The sentence over ports: collect, extract, drop what we know, classify, store, tell."""
