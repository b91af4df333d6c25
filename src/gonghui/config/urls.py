"""The addresses: the web floor's own pages at the root, each area below its name."""

from django.urls import include, path

from gonghui.kit.areas import areas

urlpatterns = [path("", include("gonghui.web.urls")), path("m/", include("gonghui.web.portal_urls"))]
for area in areas():
    if area.label != "web":
        urlpatterns += area.urlpatterns()
