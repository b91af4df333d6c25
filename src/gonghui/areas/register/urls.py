"""Addresses of the register, and what it gives to search, to-do list and notes."""

from django.urls import path

from gonghui.areas.register.desk import bulk, contacts, duplicates, employers, starting, strike_offs, todo, unions

app_name = "register"
todo.connect()
bulk.connect()
starting.connect()
urlpatterns = [
    path("employers/", employers.index, name="employers"),
    path("employers/enter/", employers.enter, name="enter_employer"),
    path("employers/<uuid:public_id>/", employers.record, name="employer"),
    path("employers/<uuid:public_id>/<slug:step>/", employers.step, name="employer_step"),
    path("duplicates/employers/", duplicates.employers, name="duplicate_employers"),
    path("duplicates/employers/<uuid:public_id>/merge/", duplicates.merge_employer, name="merge_employer"),
    path("duplicates/employers/<uuid:public_id>/apart/", duplicates.employer_apart, name="tell_employer_apart"),
    path("duplicates/employers/<uuid:public_id>/part/", duplicates.part_employers, name="part_employers"),
    path("duplicates/unions/", duplicates.unions, name="duplicate_unions"),
    path("duplicates/unions/<uuid:public_id>/merge/", duplicates.merge_union, name="merge_union"),
    path("duplicates/unions/<uuid:public_id>/apart/", duplicates.union_apart, name="tell_union_apart"),
    path("duplicates/unions/<uuid:public_id>/part/", duplicates.part_unions, name="part_unions"),
    path("unions/", unions.index, name="unions"),
    path("unions/found/", unions.found_one, name="found_union"),
    path("unions/<uuid:public_id>/", unions.record, name="union"),
    path("unions/<uuid:public_id>/<slug:step>/", unions.step, name="union_step"),
    path("strike-offs/", strike_offs.index, name="strike_offs"),
    path("strike-offs/<uuid:public_id>/", strike_offs.record, name="strike_off"),
    path("strike-offs/<uuid:public_id>/<slug:step>/", strike_offs.step, name="strike_off_step"),
    path("contacts/", contacts.index, name="contacts"),
    path("contacts/<uuid:public_id>/<slug:step>/", contacts.step, name="contact_step"),
]
