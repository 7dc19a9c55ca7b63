"""What the second person reads before a list goes out: every case in full, and what is new since the last version."""

import json
from datetime import date
from hashlib import sha256
from operator import attrgetter

from kok import genuine
from kok.errors import Refused, refuse, require
from kok.genuine import check_standing
from kok.models import User
from kok.roles import RoleSlug
from members.models import Authority, Partner
from members.queries.accounts import people_with_role
from members.rules.codes import PartnerKind
from members.rules.mailboxes import mailbox_of
from transitions.models import CaseEntry, PendingImport, TransitionCase, TransitionListVersion, TransmissionReceipt
from transitions.models.entries import EntryQuerySet
from transitions.queries.access import Access
from transitions.queries.proposals import named_before, undecided_count
from transitions.queries.receipts import compare
from transitions.queries.restriction import check_namable, restricted_refs
from transitions.queries.version import CaseRow, rows_of
from transitions.rules import endings, people, year
from transitions.rules import release as rules
from transitions.rules.codes import DEMANDED, CaseState, EndReason, ReceiptMatch, VersionState


def _version_before(version: TransitionListVersion) -> TransitionListVersion | None:
    earlier = TransitionListVersion.objects.filter(
        transition_list=version.transition_list_id, number__lt=version.number
    ).exclude(state=VersionState.DRAFT)
    return earlier.select_related("transition_list").order_by("-number").first()


def released_before(version: TransitionListVersion) -> EntryQuerySet:
    newest = _version_before(version)
    return newest.entries.select_related("case") if newest else CaseEntry.objects.none()


def ending_words(entry: CaseEntry) -> str:
    """Why an entry leaves the list, "" where it stays."""
    if not entry.ending:
        return ""
    return endings.ending_words(CaseState(entry.ending), EndReason(entry.ending_reason), entry.postponed_to)


def asked_for(version: TransitionListVersion, today: date) -> list[str]:
    """Who may release it: the releasers of the sender who did not write it."""
    found = version.transition_list
    holders = people_with_role(RoleSlug.CASE_RELEASER, found.sender, today)
    return [holder.name for holder in holders if holder.user_id not in version.authors]


_TOLD = attrgetter("pk", "case_id", "is_changed", "ending", "ending_reason", "postponed_to")


def fingerprint_of(version: TransitionListVersion) -> str:
    """Of all that a version says of everybody: nobody releases what was put in or taken out since it was shown.

    Over what is opened, so that a change of key between submission and release changes nothing. Raises vault.KeyLost.
    """
    entries = version.entries.order_by("pk")
    rows = ([each.opened if each.content else "", *_TOLD(each)] for each in entries)
    told = [json.dumps(row, default=str, sort_keys=True) for row in rows]
    return sha256("\n".join(told).encode()).hexdigest()


def check_hands_apart(version: TransitionListVersion, releaser: User) -> None:
    """Whether who releases reads no mail where one of the authors does: whoever has the mailbox, has both accounts.

    Raises Refused, also where one of these accounts was changed past the application. Raises vault.KeyLost.
    """
    authors = {*version.authors, version.submitted_by_id} - {None, releaser.pk}
    accounts = genuine.rows(User.objects.filter(pk__in=[*authors, releaser.pk]))
    mailboxes = {each.pk: mailbox_of(each.email) for each in accounts}
    rules.check_mailboxes(mailboxes.pop(releaser.pk), list(mailboxes.values()))


def check_complete(draft: TransitionListVersion, access: Access, today: date) -> None:
    """Whether nothing hinders a draft from going out, asked when it is submitted and when it is released.

    Raises Refused, vault.KeyLost.
    """
    check_carried(draft)
    # Nobody could take these rows over any more, and names would lie beside the version.
    require(not rows_wait(draft), rules.ROWS_WAIT)
    require(not is_unchanged(draft), rules.UNCHANGED)
    refuse(endings.crossed_words([case.case_ref for case in crossed_by_outcome(draft)]))
    _check_decided(draft, restricted_refs(access))
    check_told(draft, access)
    list_year = draft.transition_list.year
    require(all(_is_complete(row, list_year, today) for row in rows_of(draft)), rules.INCOMPLETE)


def _check_decided(draft: TransitionListVersion, hidden: frozenset[str]) -> None:
    """Nobody goes out whose data may only be kept, and no list names nobody while somebody is proposed for it."""
    staying = draft.entries.staying()
    if not staying.exists():
        refuse(rules.undecided_words(undecided_count(draft, hidden)))
    new = draft.entries.filter(case__named_at=None, case__case_ref__in=hidden)
    if ref := new.values_list("case__case_ref", flat=True).first():
        raise Refused(rules.RESTRICTED.format(case_ref=ref))


def _is_complete(row: CaseRow, list_year: int, today: date) -> bool:
    """Whether what a row says may go out; of whom it says nothing, and of whoever leaves the list, nothing is asked."""
    if row.data is None or row.entry.ending:
        return True
    may_be_earlier = row.case.is_late or row.case.named_at is not None
    wrong_year = year.wrong_year(row.data.expected_end_on, list_year, may_be_earlier)
    return not (row.missing or wrong_year or people.check_data(row.data, today))


def check_submitted(draft: TransitionListVersion) -> None:
    """Raises Refused where a submitted draft says something else than was submitted. Raises vault.KeyLost."""
    require(fingerprint_of(draft) == draft.submitted_content, rules.OTHER_THAN_SUBMITTED)


def check_carried(draft: TransitionListVersion) -> None:
    """Whether all that a draft carries on stands: its list and cases, everybody whom the version before names, and all
    who could be proposed from earlier lists.

    Entries of a draft have no seal: one that was taken out past the application would vanish from the list with the
    next release (ADR 23). Raises Refused, vault.KeyLost.
    """
    cases = TransitionCase.objects.filter(entries__version=draft)
    check_standing(draft, draft.transition_list, *cases, *named_before(draft))
    if (before := _version_before(draft)) is not None:
        check_released(before)
        require(not carried_from(before).exclude(case__in=cases).exists(), rules.LACKS_CASES)


def check_told(draft: TransitionListVersion, access: Access) -> None:
    """Whether what a draft says anew is said of nobody whose data may only be kept, under whatever Fallzeichen.

    The restricted case itself goes out as it went out before. Raises Refused, vault.KeyLost.
    """
    told = draft.entries.filter(is_changed=True, ending="").told()
    told = told.exclude(case__case_ref__in=restricted_refs(access))
    check_namable(list(map(attrgetter("data"), told)), access)


def check_released(version: TransitionListVersion) -> None:
    """Whether what was released last stands as it was handed over: nothing else is copied. Raises Refused, KeyLost."""
    cases = TransitionCase.objects.filter(transition_list=version.transition_list_id, named_at__isnull=False)
    check_standing(version, version.transition_list, *cases)
    receipt = require(TransmissionReceipt.objects.filter(version=version).first(), rules.OTHER_THAN_RELEASED)
    check_standing(receipt)
    require(compare(receipt) is not ReceiptMatch.DIFFERENT, rules.OTHER_THAN_RELEASED)


def carried_from(released: TransitionListVersion) -> EntryQuerySet:
    """Who still stands on a list: the next version begins with them, each as its newest version says.

    Whoever was named is looked for in all versions: one that vanished from the last past the application comes back.
    """
    entries = CaseEntry.objects.told().filter(
        version__transition_list=released.transition_list_id, version__number__lte=released.number, ending=""
    )
    standing = entries.filter(case__state__in=[CaseState.NAMED, CaseState.CONFIRMED])
    return standing.order_by("case_id", "-version__number").distinct("case_id")


def is_unchanged(version: TransitionListVersion) -> bool:
    """Whether a later version would say nothing that the one before does not say."""
    stood = released_before(version).told().staying().values_list("case", flat=True)
    says = set(version.entries.values_list("case", "is_changed", "ending"))
    return version.number > 1 and says == {(case, False, "") for case in stood}


def crossed_by_outcome(version: TransitionListVersion) -> list[TransitionCase]:
    """Whom a draft takes off the list although the receiving unit said meanwhile what became of them (0.3)."""
    entries = version.entries.leaving().exclude(ending_reason__in=DEMANDED).exclude(case__outcome="")
    return list(map(attrgetter("case"), entries.select_related("case").order_by("case__case_ref")))


def rows_wait(version: TransitionListVersion) -> bool:
    """Whether rows of a file wait beside the draft: they are taken over or discarded before it is submitted."""
    return PendingImport.objects.filter(version=version).exists()


def recipient_of(version: TransitionListVersion) -> Partner:
    """The partner that receives the list: the LWV of the agreement.

    Raises Refused where there is none, and where one was put in or changed past the application.
    """
    partners = version.transition_list.agreement.partners.all()
    houses = genuine.rows(Authority.objects.filter(kind=PartnerKind.LWV, partners__in=partners))
    return require(genuine.rows(partners.filter(authority__in=houses)), rules.NO_RECEIVER)[0]


def hindrance_of(version: TransitionListVersion, access: Access) -> str:
    """Why this person may not release the draft, empty when nothing hinders. Raises vault.KeyLost."""
    try:
        rules.check_release(
            person=access.user.pk,
            authors=version.authors,
            submitted_by=version.submitted_by_id,
            revision=version.revision,
            seen_revision=version.revision,
        )
        check_hands_apart(version, access.user)
        check_submitted(version)
        check_carried(version)
        check_told(version, access)
    except Refused as refused:
        return refused.sentence
    return ""
