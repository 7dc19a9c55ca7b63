"""All Celery tasks. Each is a few lines, takes only keys of rows or names of our own, and may run twice."""

from celery import shared_task

from kok import clock, documents, erasure, inspections, jobs, outbox, pulses, reminders

LONGEST_INSPECTION = 540  # seconds; below the end of any task, so that there is time to say that it was too long


JOBS = (  # of the apps (`kok.jobs`); the sweep looks for each that was left
    "kok.import_dataset",  # checks one file of figures and stores it when it is right
    "kok.put_in_force",  # lets become true what was entered for a day that has come
    "kok.carry_out_departure",  # closes the account of somebody whose last day is over
    "kok.check_seals",  # checks everything that is sealed, for an auditor who waits
    "kok.lapse_request",  # ends a request that nobody can confirm any more
)


def _takes(name: str) -> None:
    """Lets a worker take jobs of this name."""

    @shared_task(name=name)
    def job(job_id: str) -> None:
        jobs.run(name, job_id, now=clock.now())


for name in JOBS:
    _takes(name)


@shared_task(name="kok.deliver")
def deliver() -> None:
    """Sends what is due in the outbox."""
    outbox.deliver(now=clock.now())


@shared_task(name="kok.render")
def render(document_id: int) -> None:
    """Makes one requested document."""
    documents.render(document_id, now=clock.now())
    outbox.deliver(now=clock.now())


@shared_task(name="kok.check_text")
def check_text(check_id: str) -> None:
    """Looks at one text before it goes out."""
    jobs.run("kok.check_text", check_id, now=clock.now())
    outbox.deliver(now=clock.now())


@shared_task(name="kok.queue_reminders")
def queue_reminders() -> None:
    """Every morning: what must be remembered."""
    reminders.queue(today=clock.today(), now=clock.now())
    outbox.deliver(now=clock.now())


@shared_task(name="kok.erase")
def erase() -> None:
    """Every night: what was kept long enough."""
    erasure.run(now=clock.now())


@shared_task(name="kok.erase_what_was_asked")
def erase_what_was_asked(request_id: str = "") -> None:
    """What acts of people asked to be erased, this request first, and the list outside of the database."""
    erasure.carry_out_what_was_asked(now=clock.now(), first=request_id)


@shared_task(name="kok.inspect")
def inspect() -> None:
    """Every night: whether what must not change is as it was written; each by itself, so that none hinders another."""
    for slug in inspections.slugs():
        inspect_one.delay(slug)


@shared_task(name="kok.inspect_one", soft_time_limit=LONGEST_INSPECTION)
def inspect_one(slug: str) -> None:
    """Carries out one inspection."""
    inspections.run(slug, now=clock.now())


@shared_task(name="kok.sweep")
def sweep() -> None:
    """Twice a minute: what a lost broker forgot and a killed worker left."""
    documents.sweep()
    jobs.sweep()
    outbox.deliver(now=clock.now())
    erasure.carry_out_what_was_asked(now=clock.now())  # last: it waits for its turn, and fails where somebody holds it


@shared_task(name="kok.pulse")
def pulse() -> None:
    """Every minute, asked by the worker itself: a worker works."""
    pulses.sign(pulses.WORKER, now=clock.now(), age=pulses.age())
