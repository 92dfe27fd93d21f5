"""The Django app of the channels of a brand."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "clients.channels"
    label = "channels"
