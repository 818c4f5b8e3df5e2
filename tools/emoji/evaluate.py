"""Accuracy of a checkpoint: naming pictures, and the sample's task before and after adaptation."""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F

import data
import task
import tokenizer as bpe
from model import CONTEXT, IMAGE_SIZE, Clip


def preprocess(picture: Image.Image) -> np.ndarray:
    """What preprocessor_config.json says: RGB, short side to the model's size, centre crop, scaled to [-1, 1]."""
    picture = picture.convert("RGB")
    scale = IMAGE_SIZE / min(picture.size)
    size = [int(side * scale) for side in picture.size]
    picture = picture.resize(size, Image.Resampling.BICUBIC)
    left, top = (size[0] - IMAGE_SIZE) // 2, (size[1] - IMAGE_SIZE) // 2
    picture = picture.crop((left, top, left + IMAGE_SIZE, top + IMAGE_SIZE))
    return ((np.asarray(picture, np.float32) / 255 - 0.5) / 0.5).transpose(2, 0, 1)


@torch.no_grad()
def image_features(model: Clip, pictures) -> np.ndarray:
    pixels = torch.from_numpy(np.stack([preprocess(p) for p in pictures]))
    return torch.cat([F.normalize(model.image(part)) for part in pixels.split(256)]).numpy()


@torch.no_grad()
def text_features(model: Clip, tokenizer: bpe.Tokenizer, texts) -> np.ndarray:
    encoded = [tokenizer.encode(t) for t in texts]
    tokens = torch.full((len(encoded), max(map(len, encoded))), tokenizer.end)
    for row, ids in zip(tokens, encoded):
        row[:len(ids)] = torch.tensor(ids)
    return torch.cat([F.normalize(model.text(part)) for part in tokens.split(256)]).numpy()


def names(model, tokenizer, emojis, work: Path, vendor: str) -> dict[str, float]:
    """Per cent of a vendor's drawings, on white, whose own name is the first, or among the first five, of all names."""
    file = np.load(work / f"{vendor}.npz")
    images = image_features(model, [task.on_plain(rgba) for rgba in file["pixels"]])
    scores = images @ text_features(model, tokenizer, [e.name for e in emojis]).T
    own = scores[np.arange(len(images)), file["labels"]]
    rank = (scores > own[:, None]).sum(1)
    return {"pictures": len(rank), "top1": 100 * float((rank < 1).mean()), "top5": 100 * float((rank < 5).mean())}


def adapt(x: np.ndarray, labels: np.ndarray, y: np.ndarray, betas, seed: int) -> np.ndarray:
    """beta-Procrustes: the rotation from pictures to prototypes, drawn to the identity by a cross-validated beta."""
    random = np.random.default_rng(seed)
    right = np.zeros(len(betas))
    for _ in range(3):
        order = random.permutation(len(x))
        held, kept = order[:len(x) // 5], order[len(x) // 5:]
        rotation = procrustes(x[kept], y[labels[kept]])
        right += [np.mean((x[held] @ blend(rotation, b) @ y.T).argmax(1) == labels[held]) for b in betas]
    return blend(procrustes(x, y[labels]), betas[right.argmax()])


def refine(start: np.ndarray, x: np.ndarray, labels: np.ndarray, y: np.ndarray, seed: int, steps=100) -> np.ndarray:
    """Adaptive re-ranking: each picture nearer to its prototype than to the three nearest wrong ones, by a margin."""
    random = torch.Generator().manual_seed(seed)
    w = torch.tensor(start, dtype=torch.float32, requires_grad=True)
    x, labels, y = torch.tensor(x), torch.tensor(labels), torch.tensor(y)
    optimizer = torch.optim.AdamW([w], lr=5e-4, weight_decay=5e-4)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps, 1e-7)
    for step in range(steps):
        noise = 0.035 * (step % 2) * torch.randn(x.shape, generator=random)
        distances = (2 - 2 * F.normalize((x + noise) @ w) @ y.T).clamp(min=1e-8).sqrt()
        nearest = distances.topk(3, largest=False).indices
        margins = (1 - (y[labels][:, None] * y[nearest]).sum(-1)) / 4
        excess = distances.gather(1, labels[:, None]) + margins - distances.gather(1, nearest)
        loss = (excess.clamp(min=0) * (nearest != labels[:, None])).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return w.detach().numpy()


def procrustes(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    product = (x.T @ y).astype(np.float64)
    u, _, v = np.linalg.svd(product + 1e-6 * np.linalg.norm(product) * np.eye(len(product)))
    return u @ v


def blend(rotation: np.ndarray, beta: float) -> np.ndarray:
    return (1 - beta) * rotation + beta * np.eye(len(rotation))


def sample_task(model, tokenizer, emojis, work: Path, vendor: str, shots: int, template: str) -> dict[str, float]:
    """Per cent right without and with adaptation from a few drawings a class of the vendor; mean of three seeds."""
    chosen = task.pictures(emojis, work, vendor)
    drawn = np.bincount([c for c, _, _ in chosen])
    chosen = [row for row in chosen if drawn[row[0]] >= shots + 3]  # other classes stay among the wrong answers
    x, labels = image_features(model, [p for _, _, p in chosen]), np.array([c for c, _, _ in chosen])
    present = np.unique(labels)
    y = text_features(model, tokenizer, [template.format(n) for n in task.NAMES])
    results = []
    for seed in range(1, 4):
        random = np.random.default_rng(seed)
        train = np.concatenate([random.permutation(np.flatnonzero(labels == c))[:shots] for c in present])
        test = np.setdiff1d(np.arange(len(labels)), train)
        w = adapt(x[train], labels[train], y, np.linspace(0, 1, 25), seed)
        refined = refine(w, x[train], labels[train], y, seed)
        results.append([100 * np.mean((x[test] @ v @ y.T).argmax(1) == labels[test])
                        for v in (np.eye(len(w)), w, refined)])
    means = {kind: round(float(v), 1) for kind, v in zip(("zero_shot", "procrustes", "refined"), np.mean(results, 0))}
    return {"classes": len(present), "pictures": len(labels), "shots": shots, **means,
            "refined_seeds": [round(float(r[2]), 1) for r in results]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("artifacts/emoji"))
    parser.add_argument("--held-out", action="store_true", help="the held-out vendors; without it, the validation vendor")
    parser.add_argument("--shots", type=int, nargs="+", default=[4, 8])
    parser.add_argument("--template", default="a picture of a {}.")
    options = parser.parse_args()

    emojis = data.load_emojis(options.work / "node_modules")
    tokenizer = bpe.load(options.work, CONTEXT)
    model = Clip()
    model.load_state_dict(torch.load(options.work / "checkpoint.pt"))
    model.eval()
    for vendor in data.HELD_OUT if options.held_out else data.VALIDATION:
        print(vendor, json.dumps(names(model, tokenizer, emojis, options.work, vendor)), flush=True)
        for shots in options.shots:
            score = sample_task(model, tokenizer, emojis, options.work, vendor, shots, options.template)
            print(vendor, json.dumps(score), flush=True)


if __name__ == "__main__":
    main()
