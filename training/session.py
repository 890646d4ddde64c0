"""A training session, from its options to published weights; `acutance train` and the training page run it."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from engine.errors import UserError
from engine.locking import LockHeld, acquired
from engine.networks.network import DeblurringNetwork
from engine.networks.registry import method
from engine.weights import find_weights
from engine.weights import load as load_shipped
from engine.whole_files import remove_leftovers, write_whole
from resources import resource
from training.batches import BatchMaker
from training.degradation import kernel_bank
from training.devices import device_for
from training.judge import HeldOutScores, Judge
from training.options import TrainOptions
from training.progress import LOCK
from training.publishing import Provenance, card_beside, hardware_name, is_better, write_weights
from training.ranks import Ranks, joined
from training.recipe import Recipe, recipe
from training.samples import Samples
from training.sharp import SharpSet, load
from training.sources import described
from training.trainer import RunOptions, Trainer

log = logging.getLogger(__name__)

MODEST_CROP, MODEST_BATCH = 160, 8  # sizes for a CPU; the shipped weights of wrfn began with them


@dataclass(frozen=True)
class TrainingOutcome:
    """The result of a session. finished: the budget is spent. published: the card's path, if they were better."""

    finished: bool
    new: HeldOutScores
    old: HeldOutScores | None
    card: Path
    published: Path | None


def run(
    options: TrainOptions,
    on_entry: Callable[[dict[str, Any]], None] | None = None,
    stop: Event | None = None,
) -> TrainingOutcome:
    """Train, judge, write the weights into the run's folder, and publish them if asked and if they are better."""
    device = device_for(options.device)
    if options.modest:
        options = modest(options, recipe(options.recipe), device)
    chosen = adapted(recipe(options.recipe), options)
    if not options.resume and (options.folder / "checkpoint.safetensors").exists():
        raise UserError(f"{options.folder}: a run lies there already; go on with --resume or choose another folder.")
    if chosen.needs_labels and options.labels is None:
        raise UserError(f"The recipe {options.recipe} learns from parsing labels: say where they are with --labels.")
    torch.manual_seed(options.seed)
    with joined(device) as ranks, _occupied(options.folder) if ranks.leads else nullcontext():
        return _run(_prepared(chosen, options, device, ranks, on_entry, stop), options)


@contextmanager
def _occupied(folder: Path) -> Iterator[None]:
    """Keep other processes from training in the folder; raise UserError if one does already."""
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(acquired(folder / LOCK))
            remove_leftovers(folder)
        except LockHeld:
            raise UserError(
                "{folder}: another process trains there; wait until it has ended.", folder=folder
            ) from None
        except OSError as error:
            raise UserError("{folder} cannot be written to: {reason}.", folder=folder, reason=error) from error
        yield


def _run(prepared: _Prepared, options: TrainOptions) -> TrainingOutcome:
    """Train, and write the results."""
    trainer = prepared.trainer
    if options.looks and not trainer.progress.step:
        trainer.look()
    finished = trainer.run()
    new = trainer.look() if options.looks else trainer.verdict()
    card, published = options.folder / f"{trainer.recipe.method}.json", None
    if trainer.ranks.leads:
        card, published = _written(prepared, options, new)
    better = is_better(new, prepared.shipped)
    trainer.tell("ended", finished=finished, held_out=new.as_dict(), better=better, card=card.name)
    return TrainingOutcome(finished, new, prepared.old, card, published)


@dataclass(frozen=True)
class _Prepared:
    """A trainer that is ready, and the facts for its card. old, shipped: verdicts on the earlier weights."""

    trainer: Trainer
    places: tuple[str, ...]
    started_from: Path | None
    old: HeldOutScores | None
    shipped: HeldOutScores | None


def _prepared(
    chosen: Recipe,
    options: TrainOptions,
    device: torch.device,
    ranks: Ranks,
    on_entry: Callable[[dict[str, Any]], None] | None,
    stop: Event | None,
) -> _Prepared:
    """Read photos and weights, resume the run if there is one, and log the beginning."""
    learning, held_out = load(options.photos, chosen.fit, options.labels, options.most_photos, chosen.leaves_out)
    judge = Judge(held_out.to(device), chosen.degradation, chosen.judge, device, options.judged)
    samples = Samples(held_out, chosen.degradation, chosen.judge, device) if options.looks and ranks.leads else None
    network, started_from = network_of(chosen, options.start, options.anew)
    old = judge.score(network.to(device).as_photos) if started_from and not options.anew else None
    shipped = old if old is not None and options.start == "shipped" else _shipped(chosen.method, judge, device)
    maker = _maker(chosen, learning, options, device, ranks.leads)
    run_options = _run_options(options, device)
    trainer = Trainer(chosen, network, maker, judge, run_options, ranks, on_entry, stop, samples)
    if options.resume and not trainer.resume():
        log.info("%s: no checkpoint yet, starting anew", options.folder)
    trainer.tell(
        "begun",
        recipe=options.recipe,
        photos=len(learning),
        held_out_photos=len(held_out),
        device=hardware_name(device),
        input=judge.score(lambda blurred: blurred).as_dict(),
        shipped=shipped.as_dict() if shipped else None,
    )
    return _Prepared(trainer, learning.places, started_from, shipped if options.anew else old, shipped)


def _written(prepared: _Prepared, options: TrainOptions, new: HeldOutScores) -> tuple[Path, Path | None]:
    """Write the weights into the run's folder, publish them if asked and better; return both cards."""
    trainer, started_from, old = prepared.trainer, prepared.started_from, prepared.old
    provenance = Provenance(
        data=described(prepared.places),
        budget=dataclasses.asdict(options.budget),
        started_from=started_from.name if started_from else None,
        stages=[stage.name for stage in trainer.recipe.stages],
        before=card_beside(started_from) if started_from else {},
    )
    evaluations: dict[str, Any] = {"held out": new.as_dict()}
    if old is not None:
        evaluations["held out, before"] = old.as_dict()

    def write(folder: Path) -> Path:
        return write_weights(
            folder, method(trainer.recipe.method), dict(trainer.recipe.settings), trainer.average, trainer.progress,
            provenance, evaluations, trainer.device,
        )  # fmt: skip

    card = write(options.folder)  # first, so that a failed publication loses nothing
    if options.publish is None:
        return card, None
    if is_better(new, old):
        return card, write(options.publish)
    log.warning("not published: held out %.2f dB, before %.2f dB", new.psnr, (old or new).psnr)
    return card, None


def _shipped(method_id: str, judge: Judge, device: torch.device) -> HeldOutScores | None:
    """Return the judge's verdict on the weights that ship with the program, None if there are none."""
    weights = find_weights(method_id, [resource("weights")])
    return None if weights is None else judge.score(load_shipped(weights).to(device).as_photos)


def adapted(chosen: Recipe, options: TrainOptions) -> Recipe:
    """Return the recipe with the options' stages, sizes and rates, and the settings of the first weights.

    Values that a variant of the recipe sets stay. Raise UserError for an unknown stage or missing weights, and for a
    crop that the network cannot process.
    """
    multiple = method(chosen.method).scaling.multiple
    if options.crop and options.crop % multiple:
        raise UserError(
            "{recipe} takes crops whose sides are multiples of {multiple} px, not {crop} px.",
            recipe=options.recipe,
            multiple=multiple,
            crop=options.crop,
        )
    names = [stage.name for stage in chosen.stages]
    for name in options.stages:
        if name not in names:
            raise UserError(
                "The recipe {recipe} has no stage {stage!r}. There are: {stages}.",
                recipe=options.recipe,
                stage=name,
                stages="; ".join(names),
            )
    stages = tuple(
        dataclasses.replace(
            stage,
            crop=(options.crop, options.crop) if options.crop else stage.crop,
            batch=options.batch or stage.batch,
            learning_rate=options.learning_rate or stage.learning_rate,
        )
        for stage in chosen.stages
        if not options.stages or stage.name in options.stages
    )
    degradation = dataclasses.replace(
        chosen.degradation,
        kernels=options.kernels or chosen.degradation.kernels,
        largest=options.largest_kernel or chosen.degradation.largest,
    )
    start = weights_of(chosen, options.start)
    settings = {**(card_beside(start).get("settings", {}) if start else {}), **chosen.settings}
    return dataclasses.replace(chosen, stages=stages, degradation=degradation, settings=settings)


def modest(options: TrainOptions, chosen: Recipe, device: torch.device) -> TrainOptions:
    """Return the options, on a CPU with smaller sizes if none were given."""
    if device.type == "cuda":
        return options
    large = max(max(stage.crop) for stage in chosen.stages) > MODEST_CROP
    crop = options.crop or (MODEST_CROP if large else None)
    return dataclasses.replace(options, crop=crop, batch=options.batch or MODEST_BATCH)


def network_of(chosen: Recipe, start: str, anew: tuple[str, ...] = ()) -> tuple[DeblurringNetwork, Path | None]:
    """Return the network and the weights that it starts from, if any; raise UserError if they do not fit.

    anew: beginnings of the names of parameters that keep their first values.
    """
    path = weights_of(chosen, start)
    if path is None:
        return method(chosen.method).build(chosen.settings), None
    try:
        network = method(chosen.method).build(
            chosen.settings
        )  # the settings come from a card, which may hold anything
        first = {name: tensor for name, tensor in network.state_dict().items() if anew and name.startswith(anew)}
        known = {name: tensor for name, tensor in load_file(path).items() if not (anew and name.startswith(anew))}
        network.load_state_dict({name: tensor.float() for name, tensor in known.items()} | first)
    except (SafetensorError, OSError, RuntimeError, TypeError, ValueError) as error:
        raise UserError(
            "{path}: these are no weights that {method} with these settings could start from.",
            path=path,
            method=chosen.method,
        ) from error
    return network, path


def weights_of(chosen: Recipe, start: str) -> Path | None:
    """Return the weights file to start from, or None; raise UserError if it is missing."""
    if start == "scratch":
        return None
    path = resource("weights", f"{chosen.method}.safetensors") if start == "shipped" else Path(start)
    if path.exists():
        return path
    if start == "shipped":
        return None
    raise UserError(f"{path}: there are no weights to start from.")


def _maker(
    chosen: Recipe, learning: SharpSet, options: TrainOptions, device: torch.device, leads: bool
) -> BatchMaker:
    """Return the batch maker; the run keeps its kernel bank, so that a resumed run uses the same one."""
    path = options.folder / "kernels.npy"
    if path.exists():
        bank = torch.from_numpy(np.load(path)).float()
    else:
        bank = kernel_bank(chosen.degradation, options.seed).half()
        if leads:
            kept = bank.numpy()
            write_whole(path, lambda file: np.save(file, kept))
        bank = bank.float()
    return BatchMaker(learning, bank / bank.sum((-2, -1), keepdim=True), chosen.degradation, device, options.seed)


def _run_options(options: TrainOptions, device: torch.device) -> RunOptions:
    return RunOptions(
        folder=options.folder,
        budget=options.budget,
        device=device,
        call_minutes=options.call_minutes,
        peak=options.peak,
        seed=options.seed,
        compile=device.type == "cuda" if options.compile is None else options.compile,
        reduced=options.reduced,
        looks=options.looks,
    )
