"""Addresses of the leader's page."""

from django.urls import path

from gonghui.areas.dashboards import desk

app_name = "dashboards"
urlpatterns = [
    path("overview/", desk.overview, name="overview"),
    path("overview/paper/", desk.paper, name="paper"),
]
