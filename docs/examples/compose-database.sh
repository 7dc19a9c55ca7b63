#!/usr/bin/env bash
# Runs once, when the database container of docker-compose.yml starts with an empty volume: makes the role with which the
# application signs in. It owns its database and has no power over the server. Its password is the one in DATABASE_URL.
set -euo pipefail
url=$(<"$DATABASE_URL_FILE")
password=${url#*://kok:}
password=${password%%@*}
psql --username "$POSTGRES_USER" --dbname postgres --no-psqlrc --set ON_ERROR_STOP=1 --set "password=$password" <<'SQL'
CREATE ROLE kok LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';
-- an error of the application can quote what somebody wrote; the application logs its kind itself
ALTER ROLE kok SET log_min_messages = 'log';
CREATE DATABASE kok OWNER kok;
REVOKE ALL ON DATABASE kok FROM PUBLIC;
SQL
