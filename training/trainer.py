"""One trainer for all recipes: stages, schedule, averaged weights, checkpoints, a judge at the end."""

from __future__ import annotations

import copy
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event
from typing import Any

import torch
from torch import Tensor, nn

from engine.errors import UserError
from engine.networks.network import DeblurringNetwork
from training import checkpoint
from training.batches import Batch, BatchMaker
from training.hardware import autocast_type, compile_parts, synchronise, tune
from training.judge import HeldOutScores, Judge
from training.meter import Meter
from training.progress import Budget, Log, Progress
from training.ranks import Ranks
from training.recipe import Objective, Recipe, TrainingStage
from training.samples import FOLDER, Samples

log = logging.getLogger(__name__)

REPORT_SECONDS = 10.0
CHECKPOINT_SECONDS = 60.0
CLOCK_STEPS = 5  # steps between two readings of the clock, which all ranks share
FIRST_STEPS = 30  # steps of a stage that begin slowly, whatever the schedule says


@dataclass(frozen=True)
class RunOptions:
    """Folder of the run, whole budget, minutes of this call (None: to the end), and device.

    peak: factor on the learning rates (smaller for later bursts from shipped weights). compile: torch.compile.
    reduced: bfloat16 if it makes the device faster. looks: how often the run is judged over the whole budget.
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
    """Trains a network by a recipe. `on_entry` gets every line of the log; `stop` ends the call early.

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
        self.meter = Meter()
        if options.compile:
            compile_parts(self.network)

    # -- the run ------------------------------------------------------------------------------------------

    def run(self) -> bool:
        """Train until the budget or the minutes of this call are spent; return whether the budget is spent."""
        clock, reported, saved = (time.perf_counter(),) * 3
        samples_before, seconds_before = self.progress.samples, self.progress.seconds
        looked = int(self._spent() * self.options.looks)
        while (spent := self._spent()) < 1 and not self._stopped():
            index, within = self.recipe.stage_at(spent)
            stage = self.enter(index)
            losses = self.step(stage, within)
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
            # the ranks share the seconds: if one ended alone, the others would wait for it
            called = self.progress.seconds - seconds_before
            if self.options.call_minutes is not None and called > 60 * self.options.call_minutes:
                break
        self.save()
        return self._spent() >= 1

    def _stopped(self) -> bool:
        """Whether the first rank wants to stop; it tells the others together with the clock."""
        if self.ranks.count > 1 and self.progress.step % CLOCK_STEPS:
            return False
        return bool(self.ranks.agree(self.stop.is_set(), self.device))

    def _spent(self) -> float:
        return self.options.budget.progress(self.progress.seconds, self.progress.samples)

    def enter(self, index: int) -> TrainingStage:
        """Return a stage of the recipe, with new optimisers if it has just begun."""
        stage = self.recipe.stages[index]
        if index != self.progress.stage:
            self._begin(stage)
            self.objective.begin(self.network)
            self.progress.stage, self.progress.began = index, self.progress.step
            log.info("stage %s", stage.name)
        return stage

    def _begin(self, stage: TrainingStage) -> None:
        for name, parameter in self.network.named_parameters():
            parameter.requires_grad_(name.startswith(stage.trains))
        for module in self.network.modules():  # what does not learn keeps its statistics of batches, and uses them
            module.train(any(parameter.requires_grad for parameter in module.parameters()))
        self.objective = stage.objective().to(self.device).to(memory_format=torch.channels_last)
        self.ranks.same(self.objective)
        self.optimiser = stage.optimiser(self._learning(), stage.learning_rate)
        judges = [p for p in self.objective.parameters() if p.requires_grad]
        self.opponent = stage.optimiser(judges, stage.learning_rate) if judges else None

    def _learning(self) -> list[nn.Parameter]:
        return [p for p in self.network.parameters() if p.requires_grad]

    def autocast(self) -> torch.autocast:
        """Return the context for losses: reduced precision if it makes the device faster."""
        dtype = autocast_type(self.device) if self.options.reduced else None
        return torch.autocast(self.device.type, dtype=dtype or torch.bfloat16, enabled=dtype is not None)

    def draw(self, stage: TrainingStage) -> Batch:
        """Draw this rank's part of a batch of the stage."""
        batch = self.maker.draw(stage.batch, *stage.crop, colour=self.objective.colour)
        return batch.part(self.ranks.index, self.ranks.count)

    def step(self, stage: TrainingStage, within: float) -> dict[str, Tensor]:
        """Draw a batch and take one step; return the losses, still on the device."""
        # Schedules follow the clock, and compiling may have used up all the warm-up.
        eased = min((self.progress.step - self.progress.began + 1) / FIRST_STEPS, 1.0)
        rate = self.options.peak * stage.learning_rate * stage.schedule(within) * eased
        batch = self.draw(stage)
        with self.autocast():
            losses = self.objective(self.network, batch)
            total = torch.stack(list(losses.values())).sum()
        self._descend(self.optimiser, total, rate)
        if self.opponent is not None:
            with self.autocast():
                rival = self.objective.opponent(self.network, batch)
            if rival is not None:
                self._descend(self.opponent, rival, rate)
        self.progress.step += 1
        self.progress.samples += stage.batch
        self._follow()
        return losses

    def _descend(self, optimiser: torch.optim.Optimizer, loss: Tensor, rate: float) -> None:
        """Take one optimiser step. A gradient that is not finite counts as zero, so that it does not end the run.

        The optimiser then continues by its moments alone. Skipping the step would mean waiting for a value of the
        GPU.
        """
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
        """Update the averaged weights; early steps count more, so that the start is forgotten."""
        step = self.progress.step
        share = 1 - min(self.recipe.ema, (1 + step) / (10 + step))
        torch._foreach_lerp_(list(self.average.parameters()), list(self.network.parameters()), share)
        for held, current in zip(self.average.buffers(), self.network.buffers(), strict=True):
            held.copy_(current)

    # -- log and judge ------------------------------------------------------------------------------------

    def _report(self, stage: TrainingStage, losses: dict[str, Tensor], speed: float) -> None:
        if self.log is None:
            return
        entry: dict[str, Any] = {
            **self._place(),
            "stage": stage.name,
            "losses": {name: round(float(loss.detach()), 6) for name, loss in losses.items()},
            "samples_per_second": round(speed, 2),
            **self.meter.shares(self, stage, speed),
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
        """Log an event of the run."""
        if self.log is not None:
            self.log.write({"event": event, **self._place(), **facts})

    def look(self) -> HeldOutScores:
        """Judge the averaged weights, log the verdict, draw the samples."""
        verdict = self.verdict()
        if self.log is not None:
            picture = f"{FOLDER}/{self.progress.samples:010}.png" if self.samples is not None else None
            if self.samples is not None and picture is not None:
                self.samples.write(self._as_photos, self.options.folder / picture)
            self.tell("judged", held_out=verdict.as_dict(), picture=picture)
            log.info("held out: %s", verdict)
        return verdict

    def verdict(self) -> HeldOutScores:
        """Judge the averaged weights, in float32."""
        if self.judge is None:
            raise ValueError("this run was given no judge")
        return self.judge.score(self._as_photos)

    def _as_photos(self, blurred: Tensor) -> Tensor:
        assert isinstance(self.average, DeblurringNetwork)
        return self.average.as_photos(blurred)

    # -- checkpoints -----------------------------------------------------------------------------------

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
        facts = {
            "progress": asdict(self.progress),
            "groups": groups,
            "recipe": self.recipe.method,
            "stages": self._stage_names(),
        }
        checkpoint.save(self.options.folder, tensors, facts)

    def resume(self) -> bool:
        """Resume from the run's checkpoint; return whether there was one. Raise UserError if it does not fit."""
        found = checkpoint.load(self.options.folder)
        if found is None:
            return False
        tensors, facts = found
        self._refuse_others(tensors, facts)
        self.progress = Progress(**facts["progress"])
        self._begin(self.recipe.stages[self.progress.stage])
        for prefix, module in self._modules().items():
            module.load_state_dict(checkpoint.under(tensors, prefix))
        for prefix, optimiser in self._optimisers().items():
            checkpoint.restore_optimiser(optimiser, tensors, facts["groups"][prefix], prefix)
        self.maker.restore(checkpoint.under(tensors, "random."))
        return True

    def _refuse_others(self, tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> None:
        stages = self._stage_names()
        there = {name: tensor.shape for name, tensor in checkpoint.under(tensors, "network.").items()}
        here = {name: tensor.shape for name, tensor in self.network.state_dict().items()}
        # old checkpoints have no stages
        if (facts["recipe"], facts.get("stages", stages), there) != (self.recipe.method, stages, here):
            raise UserError(
                "{folder}: the run there is one of {recipe} with other settings or stages; go on with those, or "
                "choose another folder."
                if facts["recipe"] == self.recipe.method
                else "{folder}: the run there is one of {recipe}; go on with that, or choose another folder.",
                folder=self.options.folder,
                recipe=facts["recipe"],
            )

    def _stage_names(self) -> list[str]:
        return [stage.name for stage in self.recipe.stages]

    def _modules(self) -> dict[str, nn.Module]:
        return {"network.": self.network, "average.": self.average, "objective.": self.objective}

    def _optimisers(self) -> dict[str, torch.optim.Optimizer]:
        named = {"optimiser.": self.optimiser}
        return named if self.opponent is None else {**named, "opponent.": self.opponent}
