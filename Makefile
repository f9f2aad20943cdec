# Everything a person or a machine does with this project. Needs Python >= 3.11 with venv, git and make; nothing else.
SHELL := /bin/bash
PYTHON ?= python3
WHEELS ?=
BIN := .venv/bin
PYTEST_ARGS ?=
# Without compiled bytecode every command would start a second later.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup postgres demo run check test test-long wheelhouse lock bench locale schema coverage relevance quality example screenshots clean

help:  ## Cette aide
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

.venv/.installed-run: requirements.lock requirements-build.lock pyproject.toml scripts/setup.sh
	@PYTHON="$(PYTHON)" WHEELS="$(WHEELS)" bash scripts/setup.sh run

.venv/.installed-dev: requirements-dev.lock requirements-build.lock pyproject.toml scripts/setup.sh
	@PYTHON="$(PYTHON)" WHEELS="$(WHEELS)" bash scripts/setup.sh dev

setup: .venv/.installed-dev  ## Installe tout dans .venv (programme et outils d'essai)

postgres: .venv/.installed-run requirements-postgres.lock  ## Ajoute de quoi garder l'archive dans PostgreSQL
	@PYTHON="$(PYTHON)" WHEELS="$(WHEELS)" bash scripts/setup.sh postgres

demo: .venv/.installed-run  ## Toute la veille sur un petit web de démonstration
	@$(BIN)/veille demo

run: .venv/.installed-run  ## Une passe sur les sources de config.toml
	@$(BIN)/veille run

check: .venv/.installed-dev  ## Style, types, imports, orthographe
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/codespell

test: .venv/.installed-dev  ## Toute la suite d'essais (moins de dix minutes)
	$(BIN)/pytest -m "not long" -n 2 --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

test-long: .venv/.installed-dev  ## Les campagnes à pleine longueur (moins de 45 minutes)
	$(BIN)/pytest -m long -n 2 --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

bench: .venv/.installed-dev  ## Les mesures de vitesse et de mémoire
	$(BIN)/python -m benchmarks.all

wheelhouse: .venv/.installed-run  ## Un dossier pour installer sans réseau : make demo WHEELS=wheels
	$(BIN)/python -m pip download --quiet --no-deps --require-hashes -r requirements-build.lock -d wheels
	$(BIN)/python -m pip download --quiet --no-deps --require-hashes -r requirements-dev.lock -d wheels
	@echo "Le dossier wheels/ est prêt : make demo WHEELS=wheels"

LOCK = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header
lock: .venv/.installed-dev  ## Refait les fichiers de versions (réseau nécessaire)
	$(LOCK) pyproject.toml -o requirements.lock > /dev/null
	$(LOCK) pyproject.toml --extra postgres -o requirements-postgres.lock > /dev/null
	$(LOCK) pyproject.toml --extra postgres --group dev -o requirements-dev.lock > /dev/null
	$(LOCK) requirements-build.in -o requirements-build.lock > /dev/null

locale: .venv/.installed-run  ## Refait les messages français de la ligne de commande
	$(BIN)/pybabel compile -D messages -d veille/locale -l fr

schema: .venv/.installed-run  ## Refait config.schema.json
	$(BIN)/python -m veille.config_schema > config.schema.json

coverage: .venv/.installed-run  ## Refait docs/couverture.md
	$(BIN)/python -m veille.coverage > docs/couverture.md

relevance: .venv/.installed-run  ## Compare un modèle entraîné aux règles (central ou passant)
	$(BIN)/python scripts/trained_relevance.py

quality: .venv/.installed-run  ## Refait docs/quality.md
	$(BIN)/python scripts/quality.py > docs/quality.md

example: .venv/.installed-run  ## Refait l'édition de docs/exemple
	$(BIN)/python scripts/example_edition.py

screenshots: .venv/.installed-dev  ## Refait les images des pages et du mail dans docs/images (Chromium nécessaire)
	$(BIN)/python scripts/screenshots.py
	$(BIN)/python scripts/mail_pictures.py

clean:  ## Retire l'environnement et les données de démonstration
	rm -rf .venv var/demo
