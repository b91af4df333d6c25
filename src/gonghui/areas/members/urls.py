"""Addresses of members, and what they give to search, to-do list and notes."""

from django.urls import path

from gonghui.areas.members.desk import (
    alerts,
    applications,
    bulk,
    corrections,
    counter,
    duplicates,
    members,
    month,
    points,
    scanner,
    todo,
    transfers,
)

app_name = "members"
todo.connect()
bulk.connect()
urlpatterns = [
    path("", members.index, name="members"),
    path("enter/<slug:step>/", members.enter, name="enter"),
    path("applications/", applications.index, name="applications"),
    path("applications/review/", applications.review, name="review"),
    path("applications/<uuid:public_id>/", applications.record, name="application"),
    path("applications/<uuid:public_id>/<slug:step>/", applications.step, name="application_step"),
    path("transfers/", transfers.index, name="transfers"),
    path("transfers/<uuid:public_id>/", transfers.record, name="transfer"),
    path("transfers/<uuid:public_id>/<slug:step>/", transfers.step, name="transfer_step"),
    path("corrections/", corrections.index, name="corrections"),
    path("corrections/<uuid:public_id>/", corrections.record, name="correction"),
    path("corrections/<uuid:public_id>/<slug:step>/", corrections.step, name="correction_step"),
    path("alerts/", alerts.index, name="alerts"),
    path("alerts/<uuid:public_id>/", alerts.record, name="alert"),
    path("points/", points.points, name="points"),
    path("points/open/", points.open_point, name="open_point"),
    path("points/at/<uuid:public_id>/", points.place_step, {"step": "point"}, name="place_point"),
    path("points/<uuid:public_id>/", points.point, name="point"),
    path("points/<uuid:public_id>/<slug:step>/", points.point_step, name="point_step"),
    path("entitlements/", points.entitlements, name="entitlements"),
    path("entitlements/give/", points.give_entitlement, name="give_entitlement"),
    path("entitlements/at/<uuid:public_id>/", points.place_step, {"step": "entitlement"}, name="place_entitlement"),
    path("entitlements/<uuid:public_id>/", points.entitlement, name="entitlement"),
    path("entitlements/<uuid:public_id>/<slug:step>/", points.entitlement_step, name="entitlement_step"),
    path("counter/", counter.index, name="counter"),
    path("counter/begin/", counter.begin, name="begin_counter"),
    path("counter/<uuid:public_id>/", counter.record, name="counter_session"),
    path("counter/<uuid:public_id>/<slug:step>/", counter.step, name="counter_step"),
    path("scanner/", scanner.scan, name="scanner"),
    path("month/", month.month, name="month"),
    *(path(f"month/{one}/<uuid:public_id>/", month.step, {"kind": one}, name=f"month_{one}") for one in month.KINDS),
    path("duplicates/", duplicates.index, name="duplicates"),
    path("duplicates/<uuid:public_id>/merge/", duplicates.merge, name="merge_person"),
    path("duplicates/<uuid:public_id>/apart/", duplicates.apart, name="tell_person_apart"),
    path("duplicates/<uuid:public_id>/part/", duplicates.part, name="part_merge"),
    path("<uuid:public_id>/", members.record, name="member"),
    path("<uuid:public_id>/<slug:step>/", members.step, name="member_step"),
]
