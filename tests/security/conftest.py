from tests.worker_sign_in.conftest import sent
from tests.worker_sign_in.test_secrecy import logged

__all__ = ["logged", "sent"]
