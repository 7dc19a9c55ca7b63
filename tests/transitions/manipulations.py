"""What somebody may do who owns the database and has no key, and what the night says of it."""

RECEIPT = "transitions_transmissionreceipt"
VERSION = "transitions_transitionlistversion"
NEWEST = f"(SELECT id FROM {VERSION} ORDER BY number DESC LIMIT 1)"
HANDED_OVER = f"(SELECT id FROM {RECEIPT} ORDER BY id DESC LIMIT 1)"
CASE = "(SELECT id FROM transitions_transitioncase WHERE outcome = '' AND state = 'NAMED' LIMIT 1)"
ROLE = "(SELECT max(id) FROM members_roleassignment)"
LINE = "(SELECT max(id) FROM kok_auditevent)"
QUESTION, TWO = "transitions_casequestion", "transitions_twopeople"
REQUEST, ACCOUNT_REQUEST = "transitions_datasubjectrequest", "members_accountrequest"


# None of a night touches the row of another one of it; what puts in comes behind what takes the newest.
NIGHTS = [
    [
        "released earlier", "submitted earlier", "confirmed under another name",
        "a named person erased before the time", "a question answered otherwise", "two people said by another",
        "a role asked for by another", "a request received later", "the trail rewritten", "a role begun earlier",
        "a role put in",
    ],
    [
        "another recipient", "written by nobody", "acknowledged earlier", "the day of erasure moved",
        "a question answered by another, earlier", "two people said of others", "another role asked for",
        "a request answered that was not", "a line of the trail deleted", "a role given by another",
        "a line of the trail put in",
    ],
    [
        "another releaser", "no longer acknowledged", "acknowledgement deleted", "an outcome taken away",
        "a question asked about something else", "two people no longer said", "a decision taken back",
        "a request about another case", "a role deleted", "a seal made up",
    ],
    [
        "released under another name", "another sender", "a case deleted", "a request deleted",
        "a request for a role deleted", "row and seal deleted",
    ],
    ["receipt deleted", "a restriction put in", "a question deleted"],
    ["newest version deleted"],
    ["a question changed and its case deleted"],
]  # fmt: skip


def _unmark(which: str) -> str:
    return f"DELETE FROM transitions_namemarks WHERE entry_id IN (SELECT id FROM transitions_caseentry WHERE {which})"


MANIPULATIONS = {
    "released earlier": (
        [f"UPDATE {RECEIPT} SET released_at = released_at - interval '30 days' WHERE version_id = {NEWEST}"],
        "Quittung {receipt}: An der Anwendung vorbei geändert (freigegeben am)",
    ),
    "another recipient": (
        [f"UPDATE {RECEIPT} SET recipient_id = recipient_id - 1 WHERE version_id = {NEWEST}"],
        "Quittung {receipt}: An der Anwendung vorbei geändert (Empfänger)",
    ),
    "another releaser": (
        [f"UPDATE {RECEIPT} SET released_by_id = released_by_id - 1 WHERE version_id = {NEWEST}"],
        "Quittung {receipt}: An der Anwendung vorbei geändert (freigegeben von)",
    ),
    "released under another name": (
        [f"UPDATE {RECEIPT} SET released_name = 'Niemand' WHERE version_id = {NEWEST}"],
        "Quittung {receipt}: An der Anwendung vorbei geändert (Name bei der Freigabe)",
    ),
    "confirmed under another name": (
        ["UPDATE transitions_acknowledgement SET name = 'Niemand'"],
        "Empfangsbestätigung zur Quittung {receipt}: An der Anwendung vorbei geändert (Name bei der Bestätigung)",
    ),
    "another sender": (
        ["UPDATE transitions_transitionlist SET sender_id = sender_id + 1"],
        "An der Anwendung vorbei geändert (benennender Träger)",
    ),
    "submitted earlier": (
        [f"UPDATE {VERSION} SET submitted_at = submitted_at - interval '9 days' WHERE id = {NEWEST}"],
        "Fassung 2 der Liste 2027 (Wetteraukreis): An der Anwendung vorbei geändert (zur Freigabe vorgelegt am)",
    ),
    "written by nobody": (
        [f"UPDATE {VERSION} SET authors = '{{}}' WHERE id = {NEWEST}"],
        "Fassung 2 der Liste 2027 (Wetteraukreis): An der Anwendung vorbei geändert (Bearbeitet von)",
    ),
    "no longer acknowledged": (
        [f"UPDATE {VERSION} SET state = 'RELEASED' WHERE id = {NEWEST}"],
        "Fassung 2 der Liste 2027 (Wetteraukreis): An der Anwendung vorbei geändert (Stand)",
    ),
    "acknowledged earlier": (
        ["UPDATE transitions_acknowledgement SET at = at - interval '2 days'"],
        "Empfangsbestätigung zur Quittung {receipt}: An der Anwendung vorbei geändert (bestätigt am)",
    ),
    "acknowledgement deleted": (
        [f"DELETE FROM transitions_acknowledgement WHERE receipt_id = {HANDED_OVER}"],
        "Empfangsbestätigung Nr. {acknowledgement}: An der Anwendung vorbei gelöscht",
    ),
    "receipt deleted": (
        ["DELETE FROM transitions_acknowledgement", f"DELETE FROM {RECEIPT} WHERE version_id = {NEWEST}"],
        "Quittung Nr. {receipt_id}: An der Anwendung vorbei gelöscht",
    ),
    "newest version deleted": (
        [
            f"DELETE FROM transitions_acknowledgement WHERE receipt_id = {HANDED_OVER}",
            f"DELETE FROM {RECEIPT} WHERE version_id = {NEWEST}",
            f"UPDATE transitions_caseevent SET version_id = NULL WHERE version_id = {NEWEST}",
            _unmark(f"version_id = {NEWEST}"),
            f"DELETE FROM transitions_caseentry WHERE version_id = {NEWEST}",
            f"DELETE FROM {VERSION} WHERE id = {NEWEST}",
        ],
        "Fassung Nr. {version}: An der Anwendung vorbei gelöscht",
    ),
    "a named person erased before the time": (
        [
            f"UPDATE transitions_transitioncase SET erased_at = now() WHERE id = {CASE}",
            (
                "UPDATE transitions_caseentry SET content = '' WHERE case_id IN "
                "(SELECT id FROM transitions_transitioncase WHERE erased_at IS NOT NULL)"
            ),
        ],
        "Übergangsfall {case}: An der Anwendung vorbei geändert (gelöscht am)",
    ),
    "the day of erasure moved": (
        [f"UPDATE transitions_transitioncase SET erase_on = '2027-03-12', ended_at = now() WHERE id = {CASE}"],
        "Übergangsfall {case}: An der Anwendung vorbei geändert (beendet am, zu löschen am)",
    ),
    "an outcome taken away": (
        ["UPDATE transitions_transitioncase SET outcome = '', ended_at = NULL WHERE outcome <> ''"],
        "An der Anwendung vorbei geändert (eine Angabe fehlt)",
    ),
    "a case deleted": (
        [
            _unmark(f"case_id = {CASE}"),
            f"DELETE FROM {QUESTION} WHERE case_id = {CASE}",
            f"DELETE FROM {TWO} WHERE {CASE} IN (one_id, other_id)",
            f"DELETE FROM transitions_caseentry WHERE case_id = {CASE}",
            f"DELETE FROM transitions_caseevent WHERE case_id = {CASE}",
            f"DELETE FROM transitions_transitioncase WHERE id = {CASE}",
        ],
        "Übergangsfall Nr. {case_id}: An der Anwendung vorbei gelöscht",
    ),
    "a role put in": (
        [
            (
                "INSERT INTO members_roleassignment (user_id, role, agreement_id, partner_id, period, by_command) "
                "SELECT user_id, 'case-releaser', agreement_id, partner_id, '[2026-01-01,)', true "
                "FROM members_roleassignment WHERE role = 'case-officer' LIMIT 1"
            )
        ],
        "(„case-releaser“ für Konto {officer}): An der Anwendung vorbei eingefügt, ein Siegel fehlt.",
    ),
    "a role begun earlier": (
        [f"UPDATE members_roleassignment SET period = '[2021-01-01,)' WHERE id = {ROLE}"],
        "An der Anwendung vorbei geändert (Zeitraum)",
    ),
    "a role given by another": (
        [f"UPDATE members_roleassignment SET given_by_id = user_id WHERE id = {ROLE}"],
        "An der Anwendung vorbei geändert (gegeben von)",
    ),
    "a role deleted": (
        [f"DELETE FROM members_roleassignment WHERE id = {ROLE}"],
        "Rolle Nr. {role}: An der Anwendung vorbei gelöscht",
    ),
    "the trail rewritten": (
        [f"UPDATE kok_auditevent SET actor = 'niemand', note = 'nichts' WHERE id = {LINE}"],
        "Änderungsprotokoll Zeile {line} vom 10.03.2027: An der Anwendung vorbei geändert (Konto, Anmerkung)",
    ),
    "a line of the trail deleted": (
        [f"DELETE FROM kok_auditevent WHERE id = {LINE}"],
        "Änderungsprotokoll Nr. {line}: An der Anwendung vorbei gelöscht",
    ),
    "a line of the trail put in": (
        [
            (
                "INSERT INTO kok_auditevent (at, actor, action, agreement, object_kind, object_id, note, old, new) "
                "VALUES ('2027-03-11', 'x', 'role.given', '', '', '', '', '', '')"
            )
        ],
        "vom 11.03.2027: An der Anwendung vorbei eingefügt, ein Siegel fehlt.",
    ),
    "a request received later": (
        [f"UPDATE {REQUEST} SET received_on = received_on + 20"],
        "Anfrage einer betroffenen Person Nr. {request}: An der Anwendung vorbei geändert (eingegangen am)",
    ),
    "a request answered that was not": (
        [f"UPDATE {REQUEST} SET answer = 'REFUSED', answered_on = received_on WHERE answer = ''"],
        "Anfrage einer betroffenen Person Nr. {request}: An der Anwendung vorbei geändert (Antwort, beantwortet am)",
    ),
    "a request about another case": (
        [f"UPDATE {REQUEST} SET case_ref = 'X'"],
        "Anfrage einer betroffenen Person Nr. {request}: An der Anwendung vorbei geändert (Fallzeichen)",
    ),
    "a request deleted": (
        [f"DELETE FROM {REQUEST}"],
        "Anfrage einer betroffenen Person Nr. {request}: An der Anwendung vorbei gelöscht",
    ),
    "a restriction put in": (
        [
            (
                f"INSERT INTO {REQUEST} (id, agreement_id, partner_id, kind, case_ref, received_on, answer, "
                "answered_on, extension_months, extension_reason, recorded_at, recorded_by_id) "
                "SELECT '00000000-0000-4000-8000-000000000008', agreement_id, partner_id, 'RESTRICTION', case_ref, "
                f"received_on, 'GRANTED', received_on, 0, '', now(), recorded_by_id FROM {REQUEST}"
            )
        ],
        (
            "Anfrage einer betroffenen Person Nr. 00000000-0000-4000-8000-000000000008: An der Anwendung vorbei "
            "eingefügt, ein Siegel fehlt."
        ),
    ),
    "a question answered otherwise": (
        [f"UPDATE {QUESTION} SET answer = 'RIGHT'"],
        "Rückfrage zum Fall {asked}: An der Anwendung vorbei geändert (Antwort)",
    ),
    "a question answered by another, earlier": (
        [f"UPDATE {QUESTION} SET answered_by_id = asked_by_id, answered_at = answered_at - interval '1 hour'"],
        "Rückfrage zum Fall {asked}: An der Anwendung vorbei geändert (beantwortet am, beantwortet von)",
    ),
    "a question asked about something else": (
        [f"UPDATE {QUESTION} SET kind = 'IDENTITY'"],
        "Rückfrage zum Fall {asked}: An der Anwendung vorbei geändert (Frage)",
    ),
    "a question deleted": (
        [f"DELETE FROM {QUESTION}"],
        "Rückfrage Nr. {question}: An der Anwendung vorbei gelöscht",
    ),
    "a question changed and its case deleted": (
        [f"UPDATE {QUESTION} SET answer = 'RIGHT'", "DELETE FROM transitions_transitioncase"],
        "Rückfrage Nr. {question}: An der Anwendung vorbei geändert (Antwort)",
    ),
    "two people said by another": (
        [f"UPDATE {TWO} SET said_by_id = said_by_id + 1"],
        "Vermerk „zwei Personen“ Nr. {two}: An der Anwendung vorbei geändert (bestätigt von)",
    ),
    "two people said of others": (
        [
            (
                f"INSERT INTO {TWO} (one_id, other_id, said_at, said_by_id) SELECT least(a.id, b.id), "
                f"greatest(a.id, b.id), now(), said_by_id FROM {TWO}, transitions_transitioncase a, "
                "transitions_transitioncase b WHERE a.id = one_id AND b.id NOT IN (one_id, other_id)"
            )
        ],
        "Vermerk „zwei Personen“ Nr. {next_two}: An der Anwendung vorbei eingefügt, ein Siegel fehlt.",
    ),
    "two people no longer said": (
        [f"DELETE FROM {TWO}"],
        "Vermerk „zwei Personen“ Nr. {two}: An der Anwendung vorbei gelöscht",
    ),
    "a role asked for by another": (
        [f"UPDATE {ACCOUNT_REQUEST} SET given_by_id = decided_by_id, decided_by_id = given_by_id"],
        "Antrag zu einem Konto Nr. {asked_for}: An der Anwendung vorbei geändert (beantragt von, entschieden von)",
    ),
    "another role asked for": (
        [f"UPDATE {ACCOUNT_REQUEST} SET role = 'auditor'"],
        "Antrag zu einem Konto Nr. {asked_for}: An der Anwendung vorbei geändert (Rolle)",
    ),
    "a decision taken back": (
        [f"UPDATE {ACCOUNT_REQUEST} SET state = 'OPEN', decided_by_id = NULL, decided_at = NULL"],
        "Antrag zu einem Konto Nr. {asked_for}: An der Anwendung vorbei geändert (Stand, eine Angabe fehlt)",
    ),
    "a request for a role deleted": (
        [f"DELETE FROM {ACCOUNT_REQUEST}"],
        "Antrag zu einem Konto Nr. {asked_for}: An der Anwendung vorbei gelöscht",
    ),
    "row and seal deleted": (
        [
            f"DELETE FROM kok_seal WHERE chain = 'roles' AND object_id = {ROLE}::text",
            f"DELETE FROM members_roleassignment WHERE id = {ROLE}",
        ],
        "Siegel (Rolle) am ",
    ),
    "a seal made up": (
        [
            (
                "INSERT INTO kok_seal (chain, object_id, number, proof, at, salt, is_gone, state, marks, seal) VALUES "
                "('roles', '1', 1, '', now(), gen_random_uuid(), true, repeat('a', 64), '', repeat('b', 64))"
            )
        ],
        "Rolle: Ein Siegel für Nr. 1 stammt nicht von der Anwendung. Es wurde eingefügt.",
    ),
}
