"""Measures the device: its matrix rate, its reduced precision, and the operations of a step."""

from __future__ import annotations

import time
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from engine.networks.network import DeblurringNetwork

BUSY = 30  # products of 8192 x 8192: about 40 ms of an H200, while the program queues the work to be timed
RECOMPILED = 64  # maximum number of compilations of one kind of layer: for each width, size and stage of training


def autocast_type(device: torch.device) -> torch.dtype | None:
    """Return the reduced precision that makes training faster on this device, or None."""
    if device.type == "cuda":
        return torch.bfloat16
    return torch.bfloat16 if device.type == "cpu" and _multiplies_bfloat16() else None


def _multiplies_bfloat16() -> bool:
    """Whether the processor has AMX or AVX512_BF16; emulated bfloat16 is slower than float32.

    With AVX512_BF16 a step of the five networks took 0.48 to 0.63 of the time.
    """
    tests = (getattr(torch.cpu, name, None) for name in ("_is_amx_tile_supported", "_is_avx512_bf16_supported"))
    return any(test is not None and test() for test in tests)


def tune(device: torch.device) -> None:
    """Let a GPU search for the fastest convolutions (crops keep their size) and multiply float32 as TF32."""
    if device.type == "cuda":
        torch.backends.cudnn.benchmark = True
        torch.set_float32_matmul_precision("high")


def compile_parts(network: nn.Module) -> None:
    """Compile the network's parts by torch.compile, once for each size of crop."""
    import torch._dynamo  # imported here, since it takes seconds

    torch._dynamo.config.recompile_limit = max(torch._dynamo.config.recompile_limit, RECOMPILED)
    for part in network.compilable() if isinstance(network, DeblurringNetwork) else [network]:
        part.compile(dynamic=False)


def sent(tensor: Tensor, device: torch.device) -> Tensor:
    """Copy a CPU tensor to the device, without waiting for a GPU to finish the copy."""
    return tensor.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else tensor.to(device)


def synchronise(device: torch.device) -> None:
    """Wait until the device has finished all its work."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def seconds_on(device: torch.device, work: Callable[[], object]) -> float:
    """Return how long the device is busy with a piece of work.

    A GPU first gets other work, so that it does not wait for the program, just as during training.
    """
    if device.type != "cuda":
        synchronise(device)
        start = time.perf_counter()
        work()
        synchronise(device)
        return time.perf_counter() - start
    work()  # warm-up: allocate memory and send constants
    matrix = torch.randn(8192, 8192, device=device, dtype=torch.bfloat16)
    begun, ended = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    for _ in range(BUSY):
        matrix @ matrix
    begun.record()
    work()
    ended.record()
    ended.synchronize()
    return float(begun.elapsed_time(ended)) / 1000


def matrix_rate(device: torch.device) -> float:
    """Measure a large matrix product, in floating-point operations a second, on random data."""
    size = 8192 if device.type == "cuda" else 1024
    dtype = autocast_type(device) or torch.float32
    left, right = (torch.randn(size, size, device=device, dtype=dtype) for _ in range(2))
    for _ in range(2):
        left @ right
    synchronise(device)
    start = time.perf_counter()
    for _ in range(5):
        left @ right
    synchronise(device)
    return 5 * 2 * size**3 / (time.perf_counter() - start)


def operations(step: Callable[[], object]) -> int:
    """Count the floating-point operations of a call, including its backward pass."""
    with FlopCounterMode(display=False) as counter:
        step()
    return int(counter.get_total_flops())
