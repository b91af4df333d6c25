"""Addresses of the portal, all below /m/. None names a record: what a worker opens is always his own."""

from django.urls import path

from gonghui.kit.areas import portal_urlpatterns
from gonghui.web.pages import portal_display, portal_home, worker_sign_in

app_name = "portal"
urlpatterns = [
    path("", portal_home.home, name="home"),
    path("services/", portal_home.services, name="services"),
    path("messages/", portal_home.messages, name="messages"),
    path("messages/read/", portal_home.read_messages, name="read_messages"),
    path("mine/", portal_home.mine, name="mine"),
    path("booking/", portal_home.booking, name="booking"),
    path("vouchers/", portal_home.vouchers, name="vouchers"),
    path("help/", portal_home.help_door, name="help"),
    path("stations/", portal_home.stations, name="stations"),
    path("sign-in/", worker_sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", worker_sign_in.sign_in_code, name="sign_in_code"),
    path("devices/", worker_sign_in.devices, name="devices"),
    path("devices/release-wechat/", worker_sign_in.release, name="release_wechat"),
    path("sign-out/", worker_sign_in.sign_out, name="sign_out"),
    path("display/", portal_display.display, name="display"),
    path("manifest.webmanifest", portal_display.manifest, name="manifest"),
    path("worker.js", portal_display.service_worker, name="service_worker"),
    *portal_urlpatterns(),
]
