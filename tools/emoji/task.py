"""The sample's task: which kind of thing is drawn? Unicode's own subgroups are the classes, under plain names."""

from pathlib import Path

import numpy as np
from PIL import Image

import data

CLASSES = {
    "animal-mammal": "mammal", "animal-bird": "bird", "animal-bug": "bug", "animal-marine": "sea creature",
    "plant-flower": "flower", "plant-other": "plant", "food-fruit": "fruit", "food-vegetable": "vegetable",
    "food-prepared": "meal", "food-sweet": "dessert", "drink": "drink", "place-building": "building",
    "transport-ground": "vehicle", "transport-air": "aircraft", "sky-weather": "weather", "clothing": "clothing",
    "tool": "tool", "household": "household item", "sport": "sport", "game": "game",
    "musical-instrument": "musical instrument", "office": "office supplies", "computer": "computer",
    "book-paper": "book", "event": "celebration", "body-parts": "body part",
}
NAMES = list(CLASSES.values())
PICTURES_PER_CLASS = 16
BACKGROUNDS = ((255, 255, 255), (250, 243, 224), (226, 240, 217), (222, 235, 247), (252, 228, 236), (237, 231, 246),
               (224, 242, 241), (255, 236, 217), (236, 239, 241), (255, 249, 196))


def on_plain(rgba: np.ndarray, colour=BACKGROUNDS[0]) -> Image.Image:
    picture = Image.new("RGBA", (rgba.shape[1], rgba.shape[0]), (*colour, 255))
    picture.alpha_composite(Image.fromarray(rgba))
    return picture.convert("RGB")


def pictures(emojis: list[data.Emoji], work: Path, vendor: str, seed: int = 1) -> list[tuple[int, str, Image.Image]]:
    """Class, name of the emoji and picture: at most PICTURES_PER_CLASS a class, one drawing an emoji, on pale colours."""
    file = np.load(work / f"{vendor}.npz")
    pixels, labels = file["pixels"], file["labels"]
    random = np.random.default_rng(seed)
    chosen = []
    for number, subgroup in enumerate(CLASSES):
        _, first = np.unique(labels, return_index=True)
        rows = [row for row in first if emojis[labels[row]].subgroup == subgroup]
        kept = sorted(random.choice(rows, min(len(rows), PICTURES_PER_CLASS), replace=False))
        for row in kept:
            colour = BACKGROUNDS[random.integers(len(BACKGROUNDS))]
            chosen.append((number, emojis[labels[row]].slug, on_plain(pixels[row], colour)))
    return chosen
