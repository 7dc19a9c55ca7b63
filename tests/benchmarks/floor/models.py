"""The tables of the application, as the floor reads them."""

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.postgres.fields import DateRangeField
from django.db import models


class Account(AbstractBaseUser):
    username = models.CharField(max_length=150, unique=True)
    is_active = models.BooleanField()
    USERNAME_FIELD = "username"

    class Meta:
        managed = False
        db_table = "kok_user"


class Agreement(models.Model):
    slug = models.SlugField()
    region = models.CharField(max_length=100)
    rotation_anchor_on = models.DateField()
    rotation_years = models.PositiveSmallIntegerField()

    class Meta:
        managed = False
        db_table = "members_agreement"


class AnnexVersion(models.Model):
    agreement = models.ForeignKey(Agreement, models.RESTRICT)
    period = DateRangeField()

    class Meta:
        managed = False
        db_table = "members_annexversion"


class AgreementVersion(models.Model):
    agreement = models.ForeignKey(Agreement, models.RESTRICT)

    class Meta:
        managed = False
        db_table = "members_agreementversion"


class Authority(models.Model):
    slug = models.SlugField()
    kgs = models.CharField(max_length=5)
    short_name = models.CharField(max_length=60)

    class Meta:
        managed = False
        db_table = "members_authority"


class Partner(models.Model):
    agreement = models.ForeignKey(Agreement, models.RESTRICT)
    authority = models.ForeignKey(Authority, models.RESTRICT)
    position = models.PositiveSmallIntegerField()

    class Meta:
        managed = False
        db_table = "members_partner"


class Role(models.Model):
    user = models.ForeignKey(Account, models.CASCADE)
    role = models.CharField(max_length=20)
    partner = models.ForeignKey(Partner, models.RESTRICT, null=True)
    period = DateRangeField()

    class Meta:
        managed = False
        db_table = "members_roleassignment"


class AccountRequest(models.Model):
    user = models.ForeignKey(Account, models.CASCADE)
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    given_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "members_accountrequest"


class DeviatingTerm(models.Model):
    partner = models.ForeignKey(Partner, models.RESTRICT)
    period = DateRangeField()

    class Meta:
        managed = False
        db_table = "meetings_deviatingterm"


class Obligation(models.Model):
    version = models.ForeignKey(AgreementVersion, models.RESTRICT)
    code = models.CharField(max_length=20)
    clause = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    month = models.PositiveSmallIntegerField(null=True)
    day = models.PositiveSmallIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "members_obligationrule"


class Submission(models.Model):
    agreement = models.ForeignKey(Agreement, models.RESTRICT)
    code = models.CharField(max_length=20)
    due_year = models.PositiveSmallIntegerField()
    debtor = models.ForeignKey(Partner, models.RESTRICT)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "reporting_submission"


class Dataset(models.Model):
    format_id = models.CharField(max_length=20)
    region_kgs = models.CharField(max_length=5)
    reference_date = models.DateField()

    class Meta:
        managed = False
        db_table = "reporting_dataset"


class Holiday(models.Model):
    day = models.DateField()

    class Meta:
        managed = False
        db_table = "kok_publicholiday"


class TransitionList(models.Model):
    agreement = models.ForeignKey(Agreement, models.RESTRICT)
    sender = models.ForeignKey(Partner, models.RESTRICT)
    year = models.PositiveSmallIntegerField()

    class Meta:
        managed = False
        db_table = "transitions_transitionlist"


class Body(models.Model):
    agreement = models.ForeignKey(Agreement, models.RESTRICT)
    kind = models.CharField(max_length=12)
    slug = models.SlugField()
    names = models.JSONField()  # of each version of the Anlage

    class Meta:
        managed = False
        db_table = "members_body"


class Meeting(models.Model):
    body = models.ForeignKey(Body, models.RESTRICT)
    number = models.CharField(max_length=40, null=True)
    state = models.CharField(max_length=10)
    meets_on = models.DateField()
    starts_at = models.TimeField()
    ends_at = models.TimeField(null=True)
    place = models.CharField(max_length=200)

    class Meta:
        managed = False
        db_table = "meetings_meeting"


class Minutes(models.Model):
    meeting = models.OneToOneField(Meeting, models.CASCADE)
    state = models.CharField(max_length=12)
    due_on = models.DateField()

    class Meta:
        managed = False
        db_table = "meetings_minutes"


class InvitationRound(models.Model):
    meeting = models.ForeignKey(Meeting, models.CASCADE)
    dispatched_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "meetings_invitationround"


class Task(models.Model):
    body = models.ForeignKey(Body, models.RESTRICT)
    partner = models.ForeignKey(Partner, models.RESTRICT, null=True)
    state = models.CharField(max_length=10)
    due_on = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "meetings_actionitem"


class Seat(models.Model):
    body = models.ForeignKey(Body, models.RESTRICT)
    function = models.CharField(max_length=200)
    period = DateRangeField()

    class Meta:
        managed = False
        db_table = "members_seat"


class Assignment(models.Model):
    seat = models.ForeignKey(Seat, models.RESTRICT)
    capacity = models.CharField(max_length=10)
    period = DateRangeField()

    class Meta:
        managed = False
        db_table = "members_seatassignment"


class Item(models.Model):
    meeting = models.ForeignKey(Meeting, models.CASCADE)
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=7)
    title = models.CharField(max_length=200)

    class Meta:
        managed = False
        db_table = "meetings_agendaitem"


class Section(models.Model):
    item = models.OneToOneField(Item, models.RESTRICT)
    text = models.TextField()
    result = models.CharField(max_length=12)

    class Meta:
        managed = False
        db_table = "meetings_minutessection"


class Attendance(models.Model):
    meeting = models.ForeignKey(Meeting, models.CASCADE)
    kind = models.CharField(max_length=10)
    status = models.CharField(max_length=10)
    name = models.CharField(max_length=201)
    function = models.CharField(max_length=301)

    class Meta:
        managed = False
        db_table = "meetings_attendance"
