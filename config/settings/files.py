"""Where uploaded files are kept and how large they may be."""

from pathlib import Path

from config.environment import env

BASE_DIR = Path(__file__).resolve().parents[2]
# Never public, and nothing in them is served by the web server: downloads go through views that ask who is there.
MEDIA_ROOT = env("MEDIA_ROOT", default=str(BASE_DIR / ".local" / "media"))
FILES_S3_BUCKET = env("FILES_S3_BUCKET", default="")


def files(backend: str, **options: object) -> dict:
    """Django's STORAGES entry: `backend` behind the wall that keeps each organization to its own folder."""
    return {
        "BACKEND": "shared_apps.tenancy.storage.OrganizationStorage",
        "OPTIONS": {"backend": backend, "options": options},
    }


FILES = files("django.core.files.storage.FileSystemStorage")
if FILES_S3_BUCKET:
    FILES = files(
        "storages.backends.s3.S3Storage",
        bucket_name=FILES_S3_BUCKET,
        endpoint_url=env("FILES_S3_ENDPOINT", default="") or None,
        region_name=env("FILES_S3_REGION", default="") or None,
        access_key=env("FILES_S3_ACCESS_KEY", default="") or None,
        secret_key=env("FILES_S3_SECRET_KEY", default="") or None,
        default_acl=None,
        file_overwrite=False,
    )
STORAGES = {
    "default": FILES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILES_DOCUMENT_MB = env.int("FILES_DOCUMENT_MB", default=15)
FILES_PHOTO_MB = env.int("FILES_PHOTO_MB", default=25)  # before it is made smaller
FILES_TRASH_DAYS = env.int("FILES_TRASH_DAYS", default=30)
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_HANDLERS = [
    "shared_apps.web.uploads.LimitedUpload",  # first: what is too large is not even kept in a temporary file
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MB = max(FILES_DOCUMENT_MB, FILES_PHOTO_MB)
