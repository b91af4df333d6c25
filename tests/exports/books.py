"""Reading exports back, with another library than the one that wrote them."""

from io import BytesIO
from typing import Any

import openpyxl
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from gonghui.core.actions.door import acting
from gonghui.core.files.actions import content_of
from gonghui.core.files.models import StoredFile
from tests.cast import SYSTEM

Lines = list[list[Any]]


def opened(content: bytes) -> tuple[Lines, dict[str, str]]:
    """The lines of the first sheet, heads included, and what stands on 说明."""
    book = openpyxl.load_workbook(BytesIO(content))
    lines = [[cell.value for cell in row] for row in book.worksheets[0].rows]
    notes = {str(row[0].value): str(row[1].value) for row in book.worksheets[-1].rows} if len(book.worksheets) > 1 else {}
    return lines, notes


def export(client: Client, url: str, purpose: str = "check") -> tuple[Lines, dict[str, str]]:
    """Posts to an export's address, does the job if there is one, downloads the file and reads it."""
    response = client.post(url, {"purpose": purpose})
    assert response.status_code == 302, response.content.decode()
    if "/runs/" in response.headers["Location"]:
        do_jobs()
        page: Any = client.get(response.headers["Location"])
        response.headers["Location"] = f"/files/{page.context['run'].file.public_id}/"
    download = client.post(response.headers["Location"])
    assert download.status_code == 200
    return opened(download.content)


def do_jobs() -> int:
    """Runs what was deferred, on this connection; how many there were."""
    jobs = list(ProcrastinateJob.objects.filter(status="todo"))
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")
    for job in jobs:
        app.tasks[job.task_name].func(**job.args)
    return len(jobs)


def newest() -> tuple[StoredFile, bytes]:
    """The file stored last."""
    with acting(SYSTEM):
        file: StoredFile = StoredFile.objects.unscoped("the newest file").latest("pk")
        return file, content_of(file)
