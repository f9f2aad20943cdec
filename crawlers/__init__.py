"""The collecting room: sources → raw pages, one file for each kind of entry point; only the child loads Scrapy."""
