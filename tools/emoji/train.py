"""Trains the two towers with a contrastive loss on the training vendors; watches the validation vendor only."""

import argparse
import copy
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import distributed
from torch.nn import functional as F

import augment
import captions as words
import data
import evaluate
import tokenizer as bpe
from model import CONTEXT, DIMENSION, IMAGE_SIZE, VOCABULARY, Clip

SMALL_SIZE = 48  # until the learning rate falls: half the work a picture
FALL = 0.35      # the share of the steps over which the learning rate falls to zero


class Trainee(Clip):
    """The model and, in training only, a free vector for each emoji: 1,914 wrong answers for the price of a product."""

    def __init__(self, emojis: int):
        super().__init__()
        self.anchors = torch.nn.Parameter(torch.randn(emojis, DIMENSION) * 0.1)


def load_drawings(folder: Path, vendors) -> tuple[torch.Tensor, np.ndarray, np.ndarray]:
    """Pixels, indices of emoji, and weights: one-colour sets count half."""
    files = [np.load(folder / f"{vendor}.npz") for vendor in vendors]
    pixels = np.concatenate([f["pixels"] for f in files]).transpose(0, 3, 1, 2)
    weights = [np.full(len(f["labels"]), 0.5 if "monotone" in v else 1.0) for v, f in zip(vendors, files)]
    return torch.from_numpy(np.ascontiguousarray(pixels)), np.concatenate([f["labels"] for f in files]), \
        np.concatenate(weights)


def may_flip(emoji: data.Emoji) -> bool:
    """Whether a mirrored drawing still shows the same thing."""
    sided = any(w in emoji.name for w in ("left", "right", "clock", "thirty", "letter", "flag"))
    return emoji.group not in ("Symbols", "Flags") and not sided


class Sampler:
    """Draws batches where half of the pictures share one group, so that wrong answers are hard."""

    def __init__(self, groups: np.ndarray, weights: np.ndarray, batch: int):
        self.batch, self.weights = batch, weights / weights.sum()
        self.members = [np.flatnonzero(groups == g) for g in np.unique(groups)]
        sizes = np.sqrt([weights[m].sum() for m in self.members])
        self.shares = sizes / sizes.sum()

    def draw(self, random: np.random.Generator) -> np.ndarray:
        group = self.members[random.choice(len(self.members), p=self.shares)]
        near = random.choice(group, min(len(group), self.batch // 2), replace=False)
        anywhere = random.choice(len(self.weights), self.batch - len(near), replace=False, p=self.weights)
        return np.concatenate([near, anywhere])


def contrastive(image, text, scale, holds) -> torch.Tensor:
    """InfoNCE in both directions; other texts that hold for a picture count as neither right nor wrong."""
    logits = scale * image @ text.T
    logits = logits.masked_fill(holds & ~torch.eye(len(holds), dtype=torch.bool), -1e4)
    own = torch.arange(len(logits))
    return (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2


def anchored(image, text, anchors, scale, emojis, holds) -> torch.Tensor:
    """Pictures find the vector of their emoji among all; texts find those of all emoji for which they hold."""
    targets = holds / holds.sum(1, keepdim=True)
    return F.cross_entropy(scale * image @ anchors.T, emojis) + F.cross_entropy(scale * text @ anchors.T, targets)


def parameter_groups(model: Clip, decay: float) -> list[dict]:
    matrices = [p for n, p in model.named_parameters() if p.ndim > 1 and "positions" not in n]
    others = [p for n, p in model.named_parameters() if not (p.ndim > 1 and "positions" not in n)]
    return [{"params": matrices, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]


@torch.no_grad()
def follow(average: Clip, model: Clip, step: int) -> None:
    keep = min(0.998, (1 + step) / (10 + step))
    for slow, fast in zip(average.state_dict().values(), model.state_dict().values()):
        slow.lerp_(fast, 1 - keep) if slow.is_floating_point() else slow.copy_(fast)


def rate_at(step: int, options) -> float:
    """A warm-up, a plateau and a fall."""
    return options.rate * min((step + 1) / 100, (options.steps - step) / (FALL * options.steps), 1.0)


def average_gradients(model: Clip, workers: int) -> None:
    gradients = [p.grad for p in model.parameters()]
    flat = torch.cat([g.flatten() for g in gradients])
    distributed.all_reduce(flat)
    for gradient, part in zip(gradients, flat.div_(workers).split([g.numel() for g in gradients])):
        gradient.copy_(part.view_as(gradient))


def save(folder: Path, step: int, model: Trainee, average: Trainee, optimizer) -> None:
    towers = {name: value for name, value in average.state_dict().items() if name != "anchors"}
    torch.save(towers, folder / "checkpoint.pt")
    torch.save({"step": step, "model": model.state_dict(), "average": average.state_dict(),
                "optimizer": optimizer.state_dict()}, folder / "state.tmp")
    (folder / "state.tmp").replace(folder / "state.pt")  # never half a file, whenever the run is cut off


def work(rank: int, options) -> None:
    """One of the workers, each on one thread and with its own batches: threads of one step would wait for each other."""
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", init_method=f"file://{options.work.resolve()}/rendezvous",
                                   rank=rank, world_size=options.workers)
    emojis = data.load_emojis(options.work / "node_modules")
    tokenizer = bpe.load(options.work, CONTEXT)
    captions = words.build(emojis, tokenizer)
    pixels, labels, weights = load_drawings(options.work, data.TRAIN)
    flips = torch.tensor([may_flip(e) for e in emojis])
    groups = np.array([e.group for e in emojis])[labels]
    sampler = Sampler(groups, weights * np.where(groups == "Flags", 0.5, 1.0), options.batch)

    torch.manual_seed(options.seed)
    model = Trainee(len(emojis)).to(memory_format=torch.channels_last)
    average = copy.deepcopy(model).eval().requires_grad_(False)
    optimizer = torch.optim.AdamW(parameter_groups(model, options.decay), lr=options.rate, betas=(0.9, 0.98))
    state, first = options.work / "state.pt", 0
    if state.exists():
        saved = torch.load(state)
        first = saved["step"]
        for part, name in ((model, "model"), (average, "average"), (optimizer, "optimizer")):
            part.load_state_dict(saved[name])

    began, losses = time.monotonic(), []
    for step in range(first, options.steps):
        # Every step has its own generators, so that a run that was cut off ends like an unbroken one.
        random = np.random.default_rng((options.seed, rank, step))
        torch.manual_seed(int(random.integers(2**62)))
        rows = sampler.draw(random)
        chosen, tokens = words.draw(captions, labels[rows], random)
        size = SMALL_SIZE if step < (1 - FALL) * options.steps else IMAGE_SIZE
        pictures = augment.augment(pixels[rows], flips[labels[rows]], size)
        pictures = (pictures * 2 - 1).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            image, text = model.image(pictures), model.text(torch.from_numpy(tokens))
        image, text = F.normalize(image.float()), F.normalize(text.float())
        anchors, scale = F.normalize(model.anchors), model.log_scale.exp()
        holds = torch.from_numpy(captions.member[:, chosen])  # emoji x text
        own = torch.from_numpy(labels[rows])
        loss = contrastive(image, text, scale, holds[own]) \
            + 0.5 * anchored(image, text, anchors, scale, own, holds.T.float())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        average_gradients(model, options.workers)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, options)
        optimizer.step()
        with torch.no_grad():
            model.log_scale.clamp_(max=math.log(100))
        follow(average, model, step)
        losses.append(loss.item())
        done = step + 1
        if rank == 0 and done % 25 == 0:
            print(f"step {done}: loss {np.mean(losses[-25:]):.3f}, {(time.monotonic() - began) / 60:.1f} min", flush=True)
        if rank == 0 and (done % 150 == 0 or done == options.steps):
            save(options.work, done, model, average, optimizer)
        if rank == 0 and (done % 300 == 0 or done == options.steps):
            score = evaluate.names(average, tokenizer, emojis, options.work, data.VALIDATION[0])
            print(f"step {done}: top-1 {score['top1']:.2f}, top-5 {score['top5']:.2f}, "
                  f"scale {model.log_scale.exp().item():.1f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("artifacts/emoji"))
    parser.add_argument("--steps", type=int, default=3600)
    parser.add_argument("--batch", type=int, default=128, help="pictures a worker and step")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--decay", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()

    emojis = data.load_emojis(options.work / "node_modules")
    bpe.Tokenizer(bpe.learn(words.corpus(emojis), VOCABULARY), CONTEXT).save(options.work)
    (options.work / "rendezvous").unlink(missing_ok=True)
    torch.multiprocessing.spawn(work, (options,), options.workers)


if __name__ == "__main__":
    main()
