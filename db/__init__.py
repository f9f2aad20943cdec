"""The store: records of core kept as rows, on SQLite today; `db.store.open_store` is the door."""
