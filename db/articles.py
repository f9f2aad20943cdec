"""Keeps articles: identity, versions, stories, tags and the search index, each article in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from core.articles import Article, ArticleVersion, Kept, Neighbour, Signature, StoredArticle, Verdict
from core.clock import PARIS
from core.corrections import Occasion
from core.text import fold
from core.urls import article_key
from db import fts
from db.engine import Database, reader
from db.models import ArticleRow, PageRow, VersionRow
from db.pending import close_page
from db.reader import ReadOnly
from db.reading import load, members
from db.signatures import drop_signature, find_neighbours, put_signature
from db.stories import current_story, is_alone, merge_story, new_story
from db.tombstones import removed, turn_away
from db.values import storable
from db.verdicts import labelled, put_verdict, replace_verdict, settle_story
from db.versions import by_key, is_purged, text_hash

TOMORROW = timedelta(days=1)
"""A publication date further ahead is not one (threat A30)."""

_NEW = insert(ArticleRow).returning(ArticleRow.id)


class Articles:
    """The ArticleStore port."""

    def __init__(self, database: Database, reading: ReadOnly) -> None:
        self._database = database
        self._reading = reading

    def neighbours(self, signature: Signature) -> list[Neighbour]:
        with self._reading.read() as connection:
            return find_neighbours(connection, signature)

    def keep(
        self, article: Article, verdict: Verdict, signature: Signature, story_id: int | None, backfilled: bool
    ) -> Kept:
        """Store an article in one transaction, its page marked as processed unless it is only a part of it.

        The same words give "same", whatever their spaces: only what was blank is filled. A changed text or headline
        is a new version, in the same story unless the article was alone in it and joins another. From another source
        than the stored one, only a longer text is a change, which makes the article that source's: a feed's summary
        never replaces the page, the page replaces it. One that was taken down on request is left out: "removed".
        """
        with self._database.write() as connection:
            known = by_key(connection, article.key)
            if known is None and removed(connection, [article.key]):
                if not article.is_part:
                    turn_away(connection, article.page_id, article.key)
                kept = Kept(0, 0, "removed")
            elif known is None:
                kept = _create(connection, article, verdict, signature, (story_id, backfilled))
            elif _is_same(known, article):
                _fill(connection, known, article)
                kept = Kept(known.id, known.story_id, "same")
            else:
                _change(connection, known, article, verdict, signature)
                kept = Kept(known.id, _follow(connection, known, story_id, article.fetched_at), "changed")
            if not article.is_part:
                close_page(connection, article.page_id, "done", kept.article_id or None)
        return kept

    def retag(self, article_id: int, verdict: Verdict, occasion: Occasion) -> bool:
        """Replace what the rules say of an article; False when there is no such article."""
        with self._database.write() as connection:
            return replace_verdict(connection, article_id, verdict, occasion)

    def merge(self, story_id: int, into: int, at: datetime) -> None:
        """Join two stories that prove to be one; the second number remains, and inherits the editions of the first."""
        with self._database.write() as connection:
            first, second = current_story(connection, story_id), current_story(connection, into)
            if first is not None and second is not None:
                merge_story(connection, first, second)
                settle_story(connection, second, Occasion("correction", at))

    def story(self, story_id: int) -> int | None:
        """Where a story number leads today: itself, or the story that took its articles; None when unknown."""
        with self._database.read() as connection:
            return current_story(connection, story_id)

    def article(self, article_id: int) -> StoredArticle | None:
        with self._database.read() as connection:
            return next(iter(load(reader(connection), [article_id])), None)

    def by_url(self, url: str) -> StoredArticle | None:
        """The article of a URL, or the one that was read there last."""
        try:
            key = article_key(url)
        except ValueError:
            return None
        with self._database.read() as connection:
            found = connection.execute(select(ArticleRow.id).where(ArticleRow.key == key)).scalar()
            if found is None:
                made = select(PageRow.article_id).where(PageRow.url == url, PageRow.article_id.is_not(None))
                found = connection.execute(made.order_by(PageRow.id.desc()).limit(1)).scalar()
            return next(iter(load(reader(connection), [found])), None) if found is not None else None

    def versions(self, article_id: int) -> list[ArticleVersion]:
        """Every text that an article has had, the first one first."""
        rows = select(VersionRow.number, VersionRow.title, VersionRow.text, VersionRow.seen_at).where(
            VersionRow.article_id == article_id
        )
        with self._database.read() as connection:
            return [ArticleVersion(*row) for row in connection.execute(rows.order_by(VersionRow.number))]

    def copies(self, article_id: int) -> list[StoredArticle]:
        with self._database.read() as connection:
            story = connection.execute(select(ArticleRow.story_id).where(ArticleRow.id == article_id)).scalar()
            if story is None:
                return []
            return load(
                reader(connection), [each for each in members(reader(connection), [story])[story] if each != article_id]
            )

    def all_ids(self) -> list[int]:
        with self._database.read() as connection:
            return list(connection.execute(select(ArticleRow.id).order_by(ArticleRow.id)).scalars())

    def reserved(self, article_ids: Iterable[int]) -> set[int]:
        wanted = select(ArticleRow.id).where(ArticleRow.id.in_(list(article_ids)), ArticleRow.reserved)
        with self._database.read() as connection:
            return set(connection.execute(wanted).scalars())

    def deleted_count(self) -> int:
        """Articles that their sources have withdrawn."""
        with self._database.read() as connection:
            gone = select(func.count()).select_from(ArticleRow).where(ArticleRow.deleted_at.is_not(None))
            return int(connection.execute(gone).scalar_one())


def _is_same(known: Row[Any], article: Article) -> bool:
    if not article.text:
        return True
    if known.text_hash == text_hash(article.text):
        return known.source != article.source or not _has_new_headline(known, article)
    # A purged text has no length any more: only its own source can say that it has changed.
    return bool(known.source != article.source and (is_purged(known) or len(article.text) <= len(known.text)))


def _has_new_headline(known: Row[Any], article: Article) -> bool:
    return bool(known.title and article.title and fold(known.title).split() != fold(storable(article.title)).split())


def dated(published: datetime | None, first_seen: datetime) -> dict[str, Any]:
    """The day readers see and its month in Paris."""
    day = published if published and published <= first_seen + TOMORROW else first_seen
    local = day.astimezone(PARIS)
    return {"published": published, "day": day, "month": f"{local.year:04}-{local.month:02}"}


def _create(
    connection: Connection, article: Article, verdict: Verdict, signature: Signature, place: tuple[int | None, bool]
) -> Kept:
    wanted, backfilled = place
    joined = current_story(connection, wanted) if wanted is not None else None
    story = joined if joined is not None else new_story(connection, article.fetched_at)
    values = {
        "key": article.key,
        "story_id": story,
        "source": article.source,
        "language": article.language,
        "backfilled": backfilled,
        "truncated": article.truncated,
        "reserved": article.reserved,
        "date_has_time": article.date_has_time,
        "version": 1,
        "first_seen": article.fetched_at,
        "date_origin": article.date_origin,
        "media_type": article.media_type,
        "page_id": article.page_id,
        "url": article.url,
        "title": article.title,
        "author": article.author,
        **dated(article.published, article.fetched_at),
        **labelled(verdict.tags),
    }
    identity = connection.execute(_NEW, values).scalar_one()
    _put_version(connection, identity, 1, article, article.title)
    fts.add(connection, identity, storable(article.title), storable(article.text))
    put_signature(connection, identity, signature)
    put_verdict(connection, identity, verdict)
    if joined is not None:
        settle_story(connection, story, Occasion("correction", article.fetched_at))
    return Kept(identity, story, "new")


def _fill(connection: Connection, known: Row[Any], article: Article) -> None:
    """Fill what the stored article lacks: title, author, language, date."""
    filled: dict[str, Any] = {
        name: getattr(article, name)
        for name in ("title", "author", "language")
        if getattr(article, name) and not getattr(known, name)
    }
    if article.published and not known.published:
        filled |= {"date_origin": article.date_origin, "date_has_time": article.date_has_time}
        filled |= dated(article.published, known.first_seen)
    if not filled:
        return
    connection.execute(update(ArticleRow).where(ArticleRow.id == known.id).values(**filled))
    if "title" in filled:
        _index_again(connection, known, article.title, known.text)


def _change(connection: Connection, known: Row[Any], article: Article, verdict: Verdict, signature: Signature) -> None:
    title = article.title or known.title
    published = known.published or article.published
    values: dict[str, Any] = {
        "source": article.source,
        "url": article.url,
        "title": title,
        "author": article.author or known.author,
        "language": article.language or known.language,
        "truncated": article.truncated,
        "reserved": article.reserved,
        "media_type": article.media_type,
        "version": known.version + 1,
        "page_id": article.page_id,
        **dated(published, known.first_seen),
    }
    if not known.published:
        values |= {"date_origin": article.date_origin, "date_has_time": article.date_has_time}
    connection.execute(update(ArticleRow).where(ArticleRow.id == known.id).values(**values))
    _put_version(connection, known.id, known.version + 1, article, title)
    _index_again(connection, known, title, article.text)
    drop_signature(connection, known.id)
    put_signature(connection, known.id, signature)
    replace_verdict(connection, known.id, verdict, Occasion("version", article.fetched_at))


def _index_again(connection: Connection, known: Row[Any], title: str, text: str) -> None:
    """Index other words of an article; of a purged text, the stems that the index holds are taken out, or kept."""
    if not is_purged(known):
        fts.remove(connection, known.id, known.title, known.text)
        fts.add(connection, known.id, storable(title), storable(text))
        return
    held = fts.held(connection, [known.id]).get(known.id, fts.Held())
    fts.remove_stems(connection, known.id, held)
    fts.add_stems(
        connection, known.id, fts.Held(fts.analysed(storable(title)), fts.analysed(storable(text)) or held.text)
    )


def _follow(connection: Connection, known: Row[Any], story_id: int | None, at: datetime) -> int:
    """The story of a changed article: the one it joins when it was alone in its own."""
    joined = current_story(connection, story_id) if story_id is not None else None
    if joined is None or joined == known.story_id or not is_alone(connection, known.id, known.story_id):
        return int(known.story_id)
    merge_story(connection, known.story_id, joined)
    settle_story(connection, joined, Occasion("correction", at))
    return joined


def _put_version(connection: Connection, article_id: int, number: int, article: Article, title: str) -> None:
    connection.execute(
        insert(VersionRow),
        {
            "article_id": article_id,
            "number": number,
            "title": title,
            "text": article.text,
            "text_hash": text_hash(article.text),
            "page_offsets": list(article.page_offsets),
            "seen_at": article.fetched_at,
            "page_id": article.page_id,
        },
    )
