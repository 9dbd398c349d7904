"""What every request passes through that is neither tenancy nor business."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import DomainError
from shared_apps.tenancy import refusals
from shared_apps.web import errors
from shared_apps.web.api.problems import MEDIA_TYPE, Problem, problem_of

_DETAILS = {
    404: _("There is nothing here."),
    403: _("This request is not allowed."),
    500: _("Something went wrong on our side. Try again, and tell us the request_id if it stays so."),
}


class ProblemMiddleware:
    """What Django itself refuses under /api/ (an unknown URL, a bad host, a crash) is problem+json there too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/api/"):
            return self.get_response(request)
        if not request.path_info.endswith("/") and request.method not in {"GET", "HEAD", "OPTIONS"}:
            return Problem(404, detail=str(_("Addresses of the API end with a slash.")), instance=request.path)
        response = self.get_response(request)
        if response.status_code < 400 or response.get("Content-Type", "").startswith(MEDIA_TYPE):
            return response
        kept = {name: response[name] for name in ("Allow", "Retry-After", "WWW-Authenticate") if name in response}
        detail = _DETAILS.get(response.status_code, "")
        return Problem(response.status_code, detail=str(detail), instance=request.path, headers=kept)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A rule that refused in a function view; DRF's views answer for themselves."""
        if not isinstance(error, DomainError):
            return None
        if refusals.wants_problem(request):
            return problem_of(error, instance=request.path)
        return errors.page_of(request, error)
