#!/usr/bin/env bash
# Runs once, when the database is created: a role that owns the tables, and one that serves and owns nothing.
set -euo pipefail
psql --username "$POSTGRES_USER" --dbname postgres -v ON_ERROR_STOP=1 \
  -v owner="$KAITEN_OWNER_PASSWORD" -v app="$KAITEN_APP_PASSWORD" <<'SQL'
CREATE ROLE kaiten_owner LOGIN PASSWORD :'owner';
CREATE ROLE kaiten_app LOGIN PASSWORD :'app';
CREATE DATABASE kaiten OWNER kaiten_owner;
REVOKE ALL ON DATABASE kaiten FROM PUBLIC;
GRANT CONNECT ON DATABASE kaiten TO kaiten_app;
GRANT kaiten_app TO kaiten_owner;
\connect kaiten
ALTER SCHEMA public OWNER TO kaiten_owner;
SQL
