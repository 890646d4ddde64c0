"""One trainer for all recipes: stages, schedule, averaged weights, checkpoints, a judge at the end."""

from __future__ import annotations

import copy
import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event
from typing import Any

import torch
from torch import Tensor, nn
from torch.profiler import profile

from engine.networks.network import DeblurringNetwork
from training import checkpoint
from training.batches import Batch, BatchMaker
from training.hardware import autocast_type, compile_parts, matrix_rate, operations, seconds_on, synchronise, tune
from training.judge import Judge, Verdict
from training.progress import Budget, Log, Progress
from training.ranks import Ranks
from training.recipe import Objective, Recipe, Stage
from training.samples import FOLDER, Samples

log = logging.getLogger(__name__)

REPORT_SECONDS = 10.0
CHECKPOINT_SECONDS = 60.0
CLOCK_STEPS = 5  # the clock is read, and told to the other ranks, once in so many steps


@dataclass(frozen=True)
class RunOptions:
    """Where and how long: folder of the run, whole budget, minutes of this call (None: to the end), device.

    peak: factor on the learning rates (later bursts from shipped weights take less). compile: torch.compile.
    reduced: bfloat16 where the device gains from it. looks: how often it is judged on the way, over the whole budget.
    """

    folder: Path
    budget: Budget
    device: torch.device
    call_minutes: float | None = None
    peak: float = 1.0
    seed: int = 0
    compile: bool = False
    reduced: bool = True
    looks: int = 0


class Trainer:
    """Trains a network by a recipe. `on_entry` hears every line of the log; `stop` ends the call early.

    samples: the crops that are drawn at each look.
    """

    def __init__(
        self,
        recipe: Recipe,
        network: nn.Module,
        maker: BatchMaker,
        judge: Judge | None,
        options: RunOptions,
        ranks: Ranks | None = None,
        on_entry: Callable[[dict[str, Any]], None] | None = None,
        stop: Event | None = None,
        samples: Samples | None = None,
    ) -> None:
        self.samples = samples
        self.recipe, self.maker, self.judge, self.options = recipe, maker, judge, options
        self.ranks = ranks or Ranks()
        self.device = options.device
        tune(self.device)
        self.network = network.to(self.device).to(memory_format=torch.channels_last).train()
        self.ranks.same(self.network)
        self.average = copy.deepcopy(self.network).eval().requires_grad_(False)
        self.progress = Progress()
        self.log = Log(options.folder, on_entry) if self.ranks.leads else None
        self.stop = stop or Event()
        self.objective: Objective
        self.optimiser: torch.optim.Optimizer
        self.opponent: torch.optim.Optimizer | None = None
        self._rate: float | None = None
        self._sample_operations = 0
        if options.compile:
            compile_parts(self.network)

    # -- the run ------------------------------------------------------------------------------------------

    def run(self) -> bool:
        """Train until the budget or this call's minutes are spent; return whether the budget is."""
        began, clock, reported, saved = (time.perf_counter(),) * 4
        samples_before = self.progress.samples
        looked = int(self._spent() * self.options.looks)
        while (spent := self._spent()) < 1 and not self.stop.is_set():
            stage, within = self._enter(spent)
            losses = self._step(stage, within)
            if self.progress.step % CLOCK_STEPS:
                continue
            now = time.perf_counter()
            self.progress.seconds = self.ranks.agree(self.progress.seconds + now - clock, self.device)
            clock = now
            if now - reported > REPORT_SECONDS:
                synchronise(self.device)
                now = time.perf_counter()
                self._report(stage, losses, (self.progress.samples - samples_before) / (now - reported))
                reported, samples_before = now, self.progress.samples
            if now - saved > CHECKPOINT_SECONDS:
                self.save()
                saved = now
            if int(self._spent() * self.options.looks) > looked and self._spent() < 1:
                looked = int(self._spent() * self.options.looks)
                self.look()
            if self.options.call_minutes is not None and now - began > 60 * self.options.call_minutes:
                break
        self.save()
        return self._spent() >= 1

    def _spent(self) -> float:
        return self.options.budget.progress(self.progress.seconds, self.progress.samples)

    def _enter(self, spent: float) -> tuple[Stage, float]:
        """Return the stage that is on, with fresh optimisers where it has just begun."""
        index, within = self.recipe.stage_at(spent)
        stage = self.recipe.stages[index]
        if index != self.progress.stage:
            self._begin(stage)
            self.progress.stage = index
            log.info("stage %s", stage.name)
        return stage, within

    def _begin(self, stage: Stage) -> None:
        for name, parameter in self.network.named_parameters():
            parameter.requires_grad_(name.startswith(stage.trains))
        self.objective = stage.objective().to(self.device).to(memory_format=torch.channels_last)
        self.ranks.same(self.objective)
        self.optimiser = stage.optimiser(self._learning(), stage.learning_rate)
        judges = [p for p in self.objective.parameters() if p.requires_grad]
        self.opponent = stage.optimiser(judges, stage.learning_rate) if judges else None

    def _learning(self) -> list[nn.Parameter]:
        return [p for p in self.network.parameters() if p.requires_grad]

    def _autocast(self) -> torch.autocast:
        dtype = autocast_type(self.device) if self.options.reduced else None
        return torch.autocast(self.device.type, dtype=dtype or torch.bfloat16, enabled=dtype is not None)

    def _draw(self, stage: Stage) -> Batch:
        batch = self.maker.draw(stage.batch, *stage.crop, colour=self.objective.colour)
        return batch.part(self.ranks.index, self.ranks.count)

    def _step(self, stage: Stage, within: float) -> dict[str, Tensor]:
        """Draw a batch and go one step; return the losses, still on the device."""
        rate = self.options.peak * stage.learning_rate * stage.schedule(within)
        batch = self._draw(stage)
        with self._autocast():
            losses = self.objective(self.network, batch)
            total = torch.stack(list(losses.values())).sum()
        self._descend(self.optimiser, total, rate)
        if self.opponent is not None:
            with self._autocast():
                rival = self.objective.opponent(self.network, batch)
            if rival is not None:
                self._descend(self.opponent, rival, rate)
        self.progress.step += 1
        self.progress.samples += stage.batch
        self._follow()
        return losses

    def _descend(self, optimiser: torch.optim.Optimizer, loss: Tensor, rate: float) -> None:
        """One step down the loss; a gradient that is not finite is no step, rather than the end of the run."""
        for group in optimiser.param_groups:
            group["lr"] = rate
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        gradients = [p.grad for group in optimiser.param_groups for p in group["params"] if p.grad is not None]
        self.ranks.average(gradients)
        norm = torch.nn.utils.get_total_norm(gradients)
        factor = torch.where(norm.isfinite(), (self.recipe.clip / (norm + 1e-6)).clamp(max=1.0), 0.0)
        torch._foreach_mul_(gradients, factor)
        for gradient in gradients:
            gradient.nan_to_num_(0.0, 0.0, 0.0)
        optimiser.step()

    @torch.no_grad()
    def _follow(self) -> None:
        """Let the averaged weights follow; the first steps count more, so that the start is forgotten."""
        step = self.progress.step
        share = 1 - min(self.recipe.ema, (1 + step) / (10 + step))
        torch._foreach_lerp_(list(self.average.parameters()), list(self.network.parameters()), share)
        for held, current in zip(self.average.buffers(), self.network.buffers(), strict=True):
            held.copy_(current)

    # -- what it tells ------------------------------------------------------------------------------------

    def _report(self, stage: Stage, losses: dict[str, Tensor], speed: float) -> None:
        if self.log is None:
            return
        entry: dict[str, Any] = {
            **self._place(),
            "stage": stage.name,
            "losses": {name: round(float(loss.detach()), 6) for name, loss in losses.items()},
            "samples_per_second": round(speed, 2),
            **self._efficiency(stage, speed),
        }
        self.log.write(entry)
        log.info("%s", entry)

    def _place(self) -> dict[str, Any]:
        return {
            "step": self.progress.step,
            "samples": self.progress.samples,
            "minutes": round(self.progress.seconds / 60, 3),
            "spent": round(self._spent(), 5),
        }

    def tell(self, event: str, **facts: Any) -> None:
        """Log something that happens to the run."""
        if self.log is not None:
            self.log.write({"event": event, **self._place(), **facts})

    def look(self) -> Verdict:
        """Judge the averaged weights, log the verdict, draw the samples."""
        verdict = self.verdict()
        if self.log is not None:
            picture = f"{FOLDER}/{self.progress.samples:010}.png" if self.samples is not None else None
            if self.samples is not None and picture is not None:
                self.samples.write(self._as_photos, self.options.folder / picture)
            self.tell("judged", held_out=verdict.as_dict(), picture=picture)
            log.info("held out: %s", verdict)
        return verdict

    def _efficiency(self, stage: Stage, speed: float) -> dict[str, float]:
        """Return the share of time spent on data, and of the device's matrix rate that the step reaches."""
        if self._rate is None:
            self._rate = matrix_rate(self.device)
            self._sample_operations = self._count_operations(stage)
        drawing = seconds_on(self.device, lambda: self._peek(stage))
        step_seconds = stage.batch / speed
        return {
            "waiting_share": round(drawing / step_seconds, 4),
            "arithmetic_share": round(speed / self.ranks.count * self._sample_operations / self._rate, 4),
        }

    def _peek(self, stage: Stage) -> Batch:
        """Draw a batch that nobody trains on; the random state stays as it was."""
        state = self.maker.state()
        batch = self._draw(stage)
        self.maker.restore(state)
        return batch

    def _count_operations(self, stage: Stage) -> int:
        """Operations a sample, forward and backward, on a copy that is not compiled."""
        probe = copy.deepcopy(self.average).train()
        for parameter, learned in zip(probe.parameters(), self.network.parameters(), strict=True):
            parameter.requires_grad_(learned.requires_grad)
        one = self._peek(stage).part(0, stage.batch)

        def step() -> None:
            with self._autocast():
                torch.stack(list(self.objective(probe, one).values())).sum().backward()

        counted = operations(step)
        self.objective.zero_grad(set_to_none=True)
        return counted

    # -- what it could do ---------------------------------------------------------------------------------

    def rehearse(self, index: int, seconds: float) -> tuple[float, dict[str, float]]:
        """Take steps of a stage for so long, after some to warm up; return samples a second and the efficiency."""
        stage = self._rehearsed(index)
        for _ in range(CLOCK_STEPS):
            self._step(stage, 0.5)
        synchronise(self.device)
        start, steps = time.perf_counter(), 0
        while not steps or time.perf_counter() - start < seconds:
            for _ in range(CLOCK_STEPS):
                self._step(stage, 0.5)
            synchronise(self.device)
            steps += CLOCK_STEPS
        speed = steps * stage.batch / (time.perf_counter() - start)
        return speed, self._efficiency(stage, speed)

    def profile(self, index: int) -> str:
        """Return where the time of a stage's steps goes, as a table of the most expensive kernels."""
        stage = self._rehearsed(index)
        self._step(stage, 0.5)
        with profile() as seen:
            for _ in range(2):
                self._step(stage, 0.5)
            synchronise(self.device)
        on = "self_cpu_time_total" if self.device.type == "cpu" else "self_device_time_total"
        return str(seen.key_averages().table(sort_by=on, row_limit=20, max_name_column_width=60))

    def _rehearsed(self, index: int) -> Stage:
        """Begin a stage that is not on yet."""
        stage = self.recipe.stages[index]
        if index != self.progress.stage:
            self._begin(stage)
            self.progress.stage = index
        return stage

    def verdict(self) -> Verdict:
        """Judge the averaged weights, in float32."""
        if self.judge is None:
            raise ValueError("this run was given no judge")
        return self.judge.score(self._as_photos)

    def _as_photos(self, blurred: Tensor) -> Tensor:
        assert isinstance(self.average, DeblurringNetwork)
        return self.average.as_photos(blurred)

    # -- going on where it stopped ------------------------------------------------------------------------

    def save(self) -> None:
        """Write the checkpoint."""
        if not self.ranks.leads or self.progress.stage < 0:
            return
        tensors: dict[str, Tensor] = {}
        for prefix, module in self._modules().items():
            tensors.update({f"{prefix}{name}": t for name, t in module.state_dict().items()})
        groups = {}
        for prefix, optimiser in self._optimisers().items():
            state, groups[prefix] = checkpoint.flatten_optimiser(optimiser, prefix)
            tensors.update(state)
        tensors.update({f"random.{name}": state for name, state in self.maker.state().items()})
        facts = {"progress": asdict(self.progress), "groups": groups, "recipe": self.recipe.method}
        checkpoint.save(self.options.folder, tensors, facts)

    def resume(self) -> bool:
        """Go on from the run's checkpoint; return whether there was one."""
        found = checkpoint.load(self.options.folder)
        if found is None:
            return False
        tensors, facts = found
        self.progress = Progress(**facts["progress"])
        self._begin(self.recipe.stages[self.progress.stage])
        for prefix, module in self._modules().items():
            module.load_state_dict(checkpoint.under(tensors, prefix))
        for prefix, optimiser in self._optimisers().items():
            checkpoint.restore_optimiser(optimiser, tensors, facts["groups"][prefix], prefix)
        self.maker.restore(checkpoint.under(tensors, "random."))
        return True

    def _modules(self) -> dict[str, nn.Module]:
        return {"network.": self.network, "average.": self.average, "objective.": self.objective}

    def _optimisers(self) -> dict[str, torch.optim.Optimizer]:
        named = {"optimiser.": self.optimiser}
        return named if self.opponent is None else {**named, "opponent.": self.opponent}
