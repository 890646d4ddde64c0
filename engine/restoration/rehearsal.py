"""Measures how networks run fastest on this machine, before a photo waits for it."""

from __future__ import annotations

from collections.abc import Sequence

from engine.devices import choose_device, choose_precision
from engine.networks.method import Method
from engine.networks.network import DeblurringNetwork
from engine.request import Request
from engine.restoration.backend import choose, is_known, key_of
from engine.restoration.runner import network_on
from engine.restoration.watch import Watch

Networks = Sequence[tuple[DeblurringNetwork, Method]]


def unmeasured(networks: Networks, request: Request) -> Networks:
    """Return the networks whose first run would have to measure the backends, each weights once."""
    device, half = choose_device(request.device), request.precision == "auto"
    if device.type != "cpu" or request.backend == "pytorch":
        return ()
    left = {}
    for network, method in networks:
        here = network_on(network, device)
        if choose_precision(device, method, request.precision) == "float32" and not is_known(here, method, half):
            left[key_of(here, method, half)] = network, method
    return list(left.values())


def measure(networks: Networks, request: Request, watch: Watch) -> None:
    """Measure each network, and report the progress as the step "backend"; raise Cancelled between two runs."""
    device = choose_device(request.device)
    for index, (network, method) in enumerate(networks):
        part = watch.part(index / len(networks), (index + 1) / len(networks))
        with watch.timed("backend"):
            choose(
                network_on(network, device),
                method,
                request.precision == "auto",
                lambda share, part=part: part.report(share, "backend"),  # type: ignore[misc]
            )
