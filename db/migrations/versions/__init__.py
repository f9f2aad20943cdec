"""One module per revision, in the order of `db.schema.REVISIONS`."""
