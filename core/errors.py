"""The errors that cross a room's border.

VeilleError
├── ConfigError        the configuration cannot be used (exit 3)
├── AlreadyRunning     another process holds the lock (exit 75, transient)
├── StoreError         the database cannot be used (exit 1)
│   └── SchemaTooNew   the database was written by a later version (exit 1)
├── TopicError         a topic's data (lexicon, actors) is wrong (exit 3)
├── SendError          nothing can be sent at all (exit 1)
└── OutcomeUnknown     a mail was handed over and its answer never came (the row becomes unknown)

What concerns one page or one source is never an exception: it is a `core.pages.Failure`.
Messages are French sentences, shown to the person as they are.
"""


class VeilleError(Exception):
    """Base of all; `exit_code` is what the command returns."""

    exit_code = 1


class ConfigError(VeilleError):
    exit_code = 3


class AlreadyRunning(VeilleError):
    exit_code = 75


class StoreError(VeilleError):
    pass


class SchemaTooNew(StoreError):
    pass


class TopicError(VeilleError):
    exit_code = 3


class SendError(VeilleError):
    pass


class OutcomeUnknown(VeilleError):
    pass
