"""Asaas: PIX, boleto and cards in reais, on its own page."""

from billing.gateways.asaas.adapter import AsaasGateway

__all__ = ["AsaasGateway"]
