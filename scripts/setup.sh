#!/usr/bin/env bash
# Builds .venv from the locked versions: `setup.sh run` for the program, `setup.sh postgres` for its PostgreSQL driver
# too, `setup.sh dev` for the tests as well.
# With WHEELS=DIR nothing is asked of the network. uv installs when it can be had (seconds), pip otherwise (a minute).
set -euo pipefail
kind=$1
python=${PYTHON:-python3}
lock=requirements.lock
[ "$kind" = postgres ] && lock=requirements-postgres.lock
[ "$kind" = dev ] && lock=requirements-dev.lock

say() { printf '%s\n' "$*" >&2; }

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  say "Il faut Python 3.11 ou plus récent (essayez : make $kind PYTHON=python3.12)."
  exit 1
fi
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
  say "Il manque le module venv de Python (Debian et Ubuntu : apt install python3-venv)."
  exit 1
fi

from=()
if [ -n "${WHEELS:-}" ]; then
  if [ ! -d "$WHEELS" ]; then
    say "Le dossier de paquets $WHEELS n'existe pas (préparez-le avec : make wheelhouse)."
    exit 1
  fi
  from=(--no-index --find-links "$WHEELS")
fi

[ -x .venv/bin/python ] || "$python" -m venv .venv
log=.venv/setup.log
say "Préparation de l'environnement (.venv)…"

no_network() {
  say "Ni réseau ni dossier de paquets : connectez cette machine, ou donnez un dossier préparé ailleurs par « make wheelhouse » (make demo WHEELS=dossier)."
  exit 1
}

pip() { .venv/bin/python -m pip --disable-pip-version-check "$@"; }
# With little patience, so that a machine without network is told so at once; pip then says only that it found nothing.
if ! pip install -q --retries 1 --timeout 4 "${from[@]}" --require-hashes -r requirements-build.lock >"$log" 2>&1; then
  if [ -n "${WHEELS:-}" ]; then
    tail -3 "$log" >&2
    say "Le dossier $WHEELS est incomplet (refaites-le avec : make wheelhouse)."
    exit 1
  fi
  if grep -qE 'No matching distribution|NewConnectionError|NameResolution|Name or service|Network is unreachable|Timeout' "$log"; then
    no_network
  fi
  tail -3 "$log" >&2
  say "L'installation a échoué ; le détail est dans $log."
  exit 1
fi

# uv has neither pip's certificates nor its settings: where it cannot get the packages, pip gets them.
with_uv() { [ -x .venv/bin/uv ] && .venv/bin/uv pip install -q --python .venv/bin/python "${from[@]}" "$@"; }
install() { with_uv "$@" >"$log" 2>&1 || pip install -q "${from[@]}" "$@" >>"$log" 2>&1; }
# Without dependencies: the lock names them all, and pip takes an extra of a locked package for one that is not.
if ! install --no-deps --require-hashes -r "$lock" || ! install --no-deps --no-build-isolation -e .; then
  tail -5 "$log" >&2
  say "L'installation a échoué ; le détail est dans $log."
  exit 1
fi
# Light commands answer in half a second only from compiled bytecode; the rest is compiled when it is first used.
for package in sqlalchemy typer rich pydantic pydantic_core annotated_types typing_extensions snowballstemmer; do
  .venv/bin/python -m compileall -q .venv/lib/python3*/site-packages/"$package"* >/dev/null 2>&1 || true
done
.venv/bin/python -m compileall -q core crawlers classifiers pipeline alerts db archive veille demo >/dev/null 2>&1 || true
touch .venv/.installed-run
[ "$kind" = dev ] && touch .venv/.installed-dev
exit 0
