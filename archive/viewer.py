"""Who asks for a page."""

from __future__ import annotations

from dataclasses import dataclass

from core.members import Member, Role, Session, at_least


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody with an open session, or a visitor."""

    session: Session | None = None
    form_token: str = ""
    """What every form of this session carries, so that another site cannot write one."""

    @property
    def member(self) -> Member | None:
        return self.session.member if self.session else None

    @property
    def role(self) -> Role:
        return self.session.member.role if self.session else "visitor"

    @property
    def edits(self) -> bool:
        """Whether they may correct, and read who did."""
        return at_least(self.role, "editor")


VISITOR = Viewer()
