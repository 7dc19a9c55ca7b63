#!/usr/bin/env bash
# Runs once, when the database container of docker-compose.yml starts with an empty volume: makes the database and the roles
# with which its processes sign in. None has power over the server. Each password is the one in the role's own address, as
# the application reads it: signs may be written with a percent sign (%23 for #).
set -euo pipefail
roles=${ROLES_SQL:-/usr/local/share/kok/roles.sql}

refuse() {
    echo "$1 Berichtigen Sie die Datei $2, löschen Sie das leere Volume der Datenbank, und starten Sie neu." >&2
    exit 1
}

# Finds the password in the address of a role.
password_of() {
    local role=$1 file=$2 url server login
    url=$(<"$file")
    server=${url#*://}
    server=${server%%[/?#]*}
    login=${server%@*}
    if [[ $server != *@* || $login != "$role":?* ]]; then
        refuse "Die Adresse nennt nicht die Rolle $role mit einem Passwort." "${file##*/}"
    fi
    password=${login#"$role":}
    if [[ ${password//%[0-9A-Fa-f][0-9A-Fa-f]/} == *%* ]]; then
        refuse "Im Passwort steht ein Prozentzeichen, das nichts umschreibt. Schreiben Sie es als %25." "${file##*/}"
    fi
    password=${password//\\/\\\\}
    printf -v password '%b' "${password//%/\\x}"
}

passwords=()
for name in owner web worker beat; do
    file=DATABASE_${name^^}_URL_FILE
    password_of "kok_$name" "${!file}"
    passwords+=(--set "$name=$password")
done

as_administrator=(psql --username "$POSTGRES_USER" --dbname postgres --no-psqlrc --quiet --set ON_ERROR_STOP=1)
"${as_administrator[@]}" --file "$roles"
"${as_administrator[@]}" "${passwords[@]}" <<'SQL'
ALTER ROLE kok_owner PASSWORD :'owner';
ALTER ROLE kok_web PASSWORD :'web';
ALTER ROLE kok_worker PASSWORD :'worker';
ALTER ROLE kok_beat PASSWORD :'beat';
CREATE DATABASE kok OWNER kok_owner;
SQL
"${as_administrator[@]}" --dbname kok --file "$roles"
