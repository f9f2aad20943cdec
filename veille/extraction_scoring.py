"""What `veille evaluate --extraction` does: how well articles are read, on our pages or on a folder of pages."""

from __future__ import annotations

from pathlib import Path

from core.errors import ConfigError
from core.labelled import LabelledPage
from pipeline.extraction_score import ReaderScore, measure
from veille import console

WORST = 10
"""Pages that the report names, those we read least well."""


def pages_of(folder: Path | None) -> list[LabelledPage]:
    """The pages of the project, or those of a folder: NAME.html, NAME.txt (the article) and, where there is one,
    NAME.furniture.txt. Raises ConfigError when there is none or one cannot be read."""
    if folder is None:
        from demo.gold.pages import gold_pages

        return list(gold_pages())
    try:
        found = [_page(path) for path in sorted(folder.glob("*.html"))]
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"Une page de {folder} ne peut pas être lue : {error}.") from None
    if not found:
        raise ConfigError(f"{folder} ne contient pas de page : il y faut NOM.html et NOM.txt, le texte de l'article.")
    return found


def _page(path: Path) -> LabelledPage:
    rest = path.with_suffix(".furniture.txt")
    lines = rest.read_text(encoding="utf-8").splitlines() if rest.exists() else []
    text = path.with_suffix(".txt").read_text(encoding="utf-8")
    return LabelledPage(path.stem, path.read_text(encoding="utf-8"), text, tuple(filter(None, lines)))


def score_extraction(folder: Path | None, as_json: bool) -> None:
    """Print the table, then the pages that are read least well."""
    pages = pages_of(folder)
    scores = measure(pages)
    if as_json:
        console.say_json({"pages": len(pages), "readers": [_row(each) for each in scores]})
        return
    console.say(f"{console.count(len(pages), 'page')}, temps de processeur en multiples de celui de trafilatura :")
    rows = [
        (
            s.reader,
            f"{s.f1:.4f}",
            f"{s.precision:.3f}",
            f"{s.recall:.3f}",
            f"{100 * s.furniture:.1f} %",
            f"{s.time:.2f}",
        )
        for s in scores
    ]
    console.table(("Lecteur", "F1", "Précision", "Rappel", "Mobilier passé", "Temps"), rows)
    ours = scores[0].pages
    worst = [name for name in sorted(ours, key=lambda name: ours[name]) if ours[name] < 1][:WORST]
    console.say()
    console.say("Pages les moins bien lues (F1) :" if worst else "Toutes les pages sont lues sans faute.")
    for name in worst:
        console.say(f"- {name} : {ours[name]:.3f}")


def _row(score: ReaderScore) -> dict[str, object]:
    return {
        "reader": score.reader,
        "f1": round(score.f1, 4),
        "precision": round(score.precision, 4),
        "recall": round(score.recall, 4),
        "furniture": round(score.furniture, 4),
        "time": round(score.time, 2),
        "pages": {name: round(value, 4) for name, value in score.pages.items()},
    }
