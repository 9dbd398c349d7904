"""The gateway that comes with the project: for development, demonstrations and tests. No money moves."""

from billing.gateways.sandbox.adapter import SandboxGateway

__all__ = ["SandboxGateway"]
