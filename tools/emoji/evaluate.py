"""Accuracy of a checkpoint: naming pictures among all emoji names, and the sample's task before and after adaptation."""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F

import data
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


def on_plain(rgba: np.ndarray, colour=(255, 255, 255)) -> Image.Image:
    picture = Image.new("RGBA", (rgba.shape[1], rgba.shape[0]), (*colour, 255))
    picture.alpha_composite(Image.fromarray(rgba))
    return picture.convert("RGB")


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
    images = image_features(model, [on_plain(rgba) for rgba in file["pixels"]])
    scores = images @ text_features(model, tokenizer, [e.name for e in emojis]).T
    own = scores[np.arange(len(images)), file["labels"]]
    rank = (scores > own[:, None]).sum(1)
    return {"pictures": len(rank), "top1": 100 * float((rank < 1).mean()), "top5": 100 * float((rank < 5).mean())}
