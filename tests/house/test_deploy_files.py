"""The files that no Python process loads: compose, Dockerfile, entry point, workflow, CI script."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
ENTRYPOINT = ROOT / "deploy" / "entrypoint.sh"
OURS = ("web", "worker", "beat")


class TestCompose:
    def test_has_every_service(self) -> None:
        assert set(SERVICES) == {"db", "redis", "mail", *OURS}

    @pytest.mark.parametrize("name", sorted(SERVICES))
    def test_every_service_has_a_health_check(self, name: str) -> None:
        assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}

    @pytest.mark.parametrize("name", OURS)
    def test_our_three_share_one_image_and_run_with_little_power(self, name: str) -> None:
        service = SERVICES[name]
        assert service["image"] == "colmeia"
        assert service["command"] == [name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["environment"]["DJANGO_SETTINGS_MODULE"] == "config.settings.prod"

    def test_nothing_is_published_beyond_this_machine(self) -> None:
        published = [port for service in SERVICES.values() for port in service.get("ports", [])]
        assert published
        assert all(port.startswith("127.0.0.1:") for port in published)

    def test_who_waits_for_whom(self) -> None:
        assert set(SERVICES["web"]["depends_on"]) == {"db", "redis"}
        for name in ("worker", "beat"):
            assert SERVICES[name]["depends_on"] == {"web": {"condition": "service_healthy"}}  # web migrates

    def test_data_survive_the_containers(self) -> None:
        mounts = [SERVICES["db"]["volumes"], SERVICES["redis"]["volumes"]]
        assert mounts == [["db:/var/lib/postgresql"], ["redis:/data"]]  # from version 18 on without /data
        assert set(COMPOSE["volumes"]) == {"db", "media", "redis"}
        assert all(SERVICES[name]["volumes"] == ["media:/media"] for name in ("web", "worker"))

    def test_a_secret_has_no_default(self) -> None:
        assert SERVICES["web"]["environment"]["SECRET_KEY"].startswith("${SECRET_KEY:?")

    @pytest.mark.parametrize("name", OURS)
    def test_health_checks_name_a_check_that_exists(self, name: str) -> None:
        _, python, script, argument = SERVICES[name]["healthcheck"]["test"]
        assert (python, script, argument) == ("python", "deploy/healthcheck.py", name)
        assert f"def {name}()" in (ROOT / script).read_text()


class TestDockerfile:
    stages = DOCKERFILE.split("\nFROM ")

    def test_builds_in_two_stages_and_runs_in_another(self) -> None:
        assert DOCKERFILE.count("\nFROM ") == 3
        assert "poetry" not in self.stages[-1]
        assert "COPY --from=builder" in self.stages[-1]

    def test_leaves_the_development_dependencies_out(self) -> None:
        assert "install --only main" in DOCKERFILE

    def test_does_not_run_as_root(self) -> None:
        users = re.findall(r"^USER (\S+)", self.stages[-1], re.MULTILINE)
        assert users
        assert users[-1] not in {"root", "0"}

    def test_starts_the_entry_point_that_the_ignore_file_lets_in(self) -> None:
        assert 'ENTRYPOINT ["deploy/entrypoint.sh"]' in DOCKERFILE
        assert "!deploy/entrypoint.sh" in (ROOT / ".dockerignore").read_text().splitlines()

    def test_every_storey_gets_in(self) -> None:
        ignored = (ROOT / ".dockerignore").read_text().splitlines()
        assert ignored[1] == "*"
        for name in ("config", "shared_apps", "billing", "tenant_apps", "manage.py", "gunicorn.conf.py", "poetry.lock"):
            assert f"!{name}" in ignored

    def test_both_stages_use_the_same_python(self) -> None:
        assert len(set(re.findall(r"^FROM (python:\S+)", DOCKERFILE, re.MULTILINE))) == 1

    def test_the_pages_scripts_are_built_in_a_stage_of_their_own(self) -> None:
        stages = re.findall(r"^FROM (\S+)(?: AS (\w+))?", DOCKERFILE, re.MULTILINE)
        assert [name for image, name in stages if image.startswith("node:")] == ["assets"]
        built = "shared_apps/web/static/web/dist"
        assert f"COPY --from=assets /app/{built} {built}" in DOCKERFILE
        assert DOCKERFILE.index(f"/app/{built}") < DOCKERFILE.index("collectstatic")


class TestEntrypoint:
    def run(self, tmp_path: Path, *arguments: str, **environment: str) -> list[str]:
        """The commands it calls, each a line, when every program is one that only says its name and arguments."""
        for name in ("python", "gunicorn", "celery"):
            fake = tmp_path / name
            fake.write_text(f'#!/bin/sh\necho "{name} $*"\n')
            fake.chmod(0o755)
        result = self.call(arguments, {"PATH": f"{tmp_path}:{os.environ['PATH']}", **environment}, tmp_path)
        assert result.returncode == 0, result.stderr
        return result.stdout.splitlines()

    def call(self, arguments: tuple[str, ...], environment: Mapping[str, str], cwd: Path) -> Any:
        command = ["sh", str(ENTRYPOINT), *arguments]
        return subprocess.run(command, env=dict(environment), cwd=cwd, capture_output=True, text=True, check=False)

    @pytest.mark.parametrize("shell", ["sh", "dash", "bash"])
    def test_is_plain_shell(self, shell: str) -> None:
        if shutil.which(shell) is None:
            pytest.skip(f"no {shell} here")
        subprocess.run([shell, "-n", str(ENTRYPOINT)], check=True)
        assert os.access(ENTRYPOINT, os.X_OK)

    def test_web_waits_then_migrates_then_serves(self, tmp_path: Path) -> None:
        calls = self.run(tmp_path, PORT="9000")
        assert calls[:2] == ["python deploy/wait_for_database.py 60", "python manage.py migrate"]
        assert calls[2].startswith("gunicorn config.wsgi --bind 0.0.0.0:9000 ")
        assert len(calls) == 3  # no staticfiles directory: a read-only root uses what the image holds

    def test_web_collects_where_it_can_write(self, tmp_path: Path) -> None:
        (tmp_path / "staticfiles").mkdir()
        assert "python manage.py collectstatic --noinput --verbosity 0" in self.run(tmp_path, "web")

    def test_web_need_not_migrate(self, tmp_path: Path) -> None:
        assert "python manage.py migrate" not in self.run(tmp_path, "web", MIGRATE_ON_START="0")

    @pytest.mark.parametrize("name", ["worker", "beat"])
    def test_worker_and_beat_wait_and_never_migrate(self, tmp_path: Path, name: str) -> None:
        wait, run = self.run(tmp_path, name)
        assert wait.startswith("python deploy/wait_for_database.py")
        assert run.startswith(f"celery -A config {name} ")

    def test_any_other_command_runs_as_it_is(self, tmp_path: Path) -> None:
        assert self.run(tmp_path, "echo", "a  b") == ["a  b"]

    def test_a_failing_wait_stops_it(self, tmp_path: Path) -> None:
        broken = tmp_path / "python"
        broken.write_text("#!/bin/sh\nexit 1\n")
        broken.chmod(0o755)
        result = self.call(("web",), {"PATH": f"{tmp_path}:{os.environ['PATH']}"}, tmp_path)
        assert (result.returncode, result.stdout) == (1, "")


class TestContinuousIntegration:
    workflow: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
    script = ROOT / ".ci" / "run"

    def steps(self, job: str) -> list[str]:
        return [step["run"] for step in self.workflow["jobs"][job]["steps"] if "run" in step]

    def test_the_workflow_calls_what_everybody_calls(self) -> None:
        assert self.steps("check") == [".ci/run"]
        assert self.script.read_text().rstrip().endswith("exec make check")

    def test_the_script_can_run(self) -> None:
        assert os.access(self.script, os.X_OK)
        subprocess.run(["bash", "-n", str(self.script)], check=True)

    def test_every_promised_postgresql_is_tested(self) -> None:
        assert self.workflow["jobs"]["postgres"]["strategy"]["matrix"]["postgres"] == ["15", "16", "17"]

    def test_it_may_only_read(self) -> None:
        assert self.workflow["permissions"] == {"contents": "read"}
        assert all("timeout-minutes" in job for job in self.workflow["jobs"].values())
