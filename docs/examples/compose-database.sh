#!/usr/bin/env bash
# Runs once, when the database container of docker-compose.yml starts with an empty volume: makes the role with which the
# application signs in. It owns its database and has no power over the server. Its password is the one in DATABASE_URL,
# as the application reads it: signs may be written with a percent sign (%23 for #).
set -euo pipefail

refuse() {
    echo "$1 Berichtigen Sie die Datei database_url, löschen Sie das leere Volume der Datenbank, und starten Sie neu." >&2
    exit 1
}

url=$(<"$DATABASE_URL_FILE")
server=${url#*://}
server=${server%%[/?#]*}
login=${server%@*}
if [[ $server != *@* || $login != kok:?* ]]; then
    refuse "DATABASE_URL nennt nicht das Konto kok mit einem Passwort."
fi
password=${login#kok:}
if [[ ${password//%[0-9A-Fa-f][0-9A-Fa-f]/} == *%* ]]; then
    refuse "Im Passwort von DATABASE_URL steht ein Prozentzeichen, das nichts umschreibt. Schreiben Sie es als %25."
fi
password=${password//\\/\\\\}
printf -v password '%b' "${password//%/\\x}"
psql --username "$POSTGRES_USER" --dbname postgres --no-psqlrc --set ON_ERROR_STOP=1 --set "password=$password" <<'SQL'
CREATE ROLE kok LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';
-- an error of the application can quote what somebody wrote; the application logs its kind itself
ALTER ROLE kok SET log_min_messages = 'log';
CREATE DATABASE kok OWNER kok;
REVOKE ALL ON DATABASE kok FROM PUBLIC;
SQL
