"""The tables of the application, as the floor reads them."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import models


class Account(AbstractBaseUser):
    username = models.CharField(max_length=150, unique=True)
    is_active = models.BooleanField()
    USERNAME_FIELD = "username"

    class Meta:
        managed = False
        db_table = "kok_user"


class Body(models.Model):
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
