"""`veille corrections list` and `export`: what people have said of articles, shown, and made into labelled texts."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.articles import ArticleVersion, StoredArticle
from core.corrections import Correction, Judged, is_discussed, standing, states
from core.errors import ConfigError
from core.names import STATES
from core.saying import told_name
from veille import console
from veille.correcting import tags_told
from veille.wiring import House

PRIVATE = (
    "Ce fichier contient des textes entiers, de la presse aussi : il est pour l'usage privé du groupe. "
    "Ne le publiez pas et ne l'ajoutez à aucun dépôt."
)


@dataclass
class Exported:
    """The object of `veille corrections export --json`."""

    file: str
    texts: int = 0
    discussed: int = 0
    """Articles left out because people still discuss them."""
    purged: dict[str, list[str]] = field(default_factory=dict)
    """Source → addresses of the articles whose text is gone."""
    written: bool = False


def stories(house: House) -> Iterator[Judged]:
    """Each story on which somebody has said something, the last judged first, by the article judged last."""
    store, seen = house.store.corrections, set[int]()
    for number in store.article_ids():
        judged = store.judged(number)
        if judged is not None and judged.article.story_id not in seen:
            seen.add(judged.article.story_id)
            yield judged


def show(path: Path, doubts: bool, as_json: bool) -> None:
    """Print the articles judged, those under discussion alone when asked."""
    with House(path) as house:
        found = [judged for judged in stories(house) if not doubts or is_discussed(judged.opinions)]
        if as_json:
            console.say_json({"articles": [_object(judged) for judged in found]})
            return
        names = {member.id: member.name for member in house.store.members.members()}
        for judged in found:
            _say(judged, house, names)
        if not found:
            console.say("Rien n'est en discussion." if doubts else "Personne n'a encore rien dit (veille correct).")


def _object(judged: Judged) -> dict[str, Any]:
    article = judged.article
    return {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "source": article.source,
        "states": states(judged.opinions),
        "tags": article.tags,
        "rules": judged.machine,
        "opinions": judged.opinions,
    }


def _say(judged: Judged, house: House, names: Mapping[int, str]) -> None:
    article = judged.article
    word = ", ".join(f"{STATES[state]} ({topic})" for topic, state in states(judged.opinions).items())
    console.say(f"{article.title}")
    console.say(f"  n° {article.id}, {house.source_name(article.source)} — {article.url}")
    console.say(f"  {word} ; étiquettes : {tags_told(article.tags)} ; selon les règles : {tags_told(judged.machine)}")
    for each in judged.opinions:
        console.say(f"  {console.day(each.at)} {told_name(each.by, names)} : {_word(each, article)}")
    console.say()


def _word(opinion: Correction, article: StoredArticle) -> str:
    labels = f" ({', '.join(opinion.labels)})" if opinion.labels else ""
    copy = f", sur la copie n° {opinion.article_id}" if opinion.article_id != article.id else ""
    reason = f" — {opinion.reason}" if opinion.reason else ""
    return f"{opinion.opinion.replace('-', ' ')}{labels}{copy}{reason}"


def export(path: Path, file: Path, *, dry_run: bool, as_json: bool) -> int:
    """Write what is settled in the form that `veille evaluate` reads; returns the exit code.

    Raises ConfigError when the file cannot be written there.
    """
    with House(path) as house:
        _refuse_public(file, house.config.data)
        console.warn(PRIVATE)
        report = Exported(str(file))
        rows = list(_rows(house, report))
        if not dry_run:
            _write(file, rows)
            report.written = True
        if as_json:
            console.say_json(report)
        else:
            _describe(report, house)
    return 0


def _refuse_public(file: Path, data: Path) -> None:
    """The program's folder is published: press texts must not lie where a commit would take them."""
    program, target = Path(__file__).resolve().parents[1], file.resolve()
    if target.is_relative_to(program) and not target.is_relative_to(data.resolve()):
        raise ConfigError(
            f"{file} est dans le dossier du programme, qui se publie : écrivez ailleurs, ou dans {data}/."
        )


def _rows(house: House, report: Exported) -> Iterator[str]:
    for judged in stories(house):
        if is_discussed(judged.opinions):
            report.discussed += 1
            continue
        own = [each for each in judged.opinions if each.article_id == judged.article.id]
        said = standing(own)[-1]
        version = house.store.corrections.version_judged(said)
        if version is None or not version.text:
            if judged.purged:
                report.purged.setdefault(judged.article.source, []).append(judged.article.url)
                continue
            version = ArticleVersion(0, judged.article.title, judged.article.text, judged.article.first_seen)
        report.texts += 1
        yield json.dumps(_row(judged, version, said), ensure_ascii=False)


def _row(judged: Judged, version: ArticleVersion, said: Correction) -> dict[str, Any]:
    """A line as those of `classifiers/gold`; who said it is not in it."""
    article = judged.article
    labels = sorted({tag.label for tag in article.tags})
    central = sorted({tag.label for tag in article.tags if tag.central})
    forms = {card.form for card in article.matches if card.accepted and card.label in labels}
    return {
        "id": f"correction-{article.id}",
        "title": version.title,
        "published": article.published.date().isoformat() if article.published else None,
        "lang": article.language,
        "text": version.text,
        "text_kind": "archive",
        "labels": labels,
        "central": bool(central),
        "central_labels": central,
        "borderline": False,
        "terms": sorted(forms),
        "theme": "",
        "note": said.reason,
    }


def _write(file: Path, rows: list[str]) -> None:
    partial = file.with_name(f"{file.name}.partial")
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
            stream.writelines(f"{row}\n" for row in rows)
        partial.replace(file)
    except OSError as error:
        raise ConfigError(f"{file} ne peut pas être écrit : {error.strerror}.") from None


def _describe(report: Exported, house: House) -> None:
    verb = "Écrit" if report.written else "Serait écrit"
    console.say(f"{verb} : {report.file} ({console.count(report.texts, 'texte')}).")
    if report.discussed:
        console.say(f"Laissés de côté, en discussion : {console.count(report.discussed, 'article')}.")
    for source, urls in sorted(report.purged.items()):
        gone = console.count(len(urls), "texte effacé", "textes effacés")
        console.say(f"{house.source_name(source)} : {gone} au terme de sa durée (keep_days), dont {urls[0]}")
