"""What is never written into a log."""

import logging
import re

INVITATION = re.compile(r"(/invitations/)(?![0-9a-f]{8}-[0-9a-f]{4}-4)[^/\s?'\"]{8,}")


class WithoutSecrets(logging.Filter):
    """Takes the secrets of invitations out of addresses; Django names the address of every request that fails."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if "/invitations/" in said:
            record.msg, record.args = INVITATION.sub(r"\1…", said), ()
        return True
