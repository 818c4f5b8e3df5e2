"""Writes the pictures of the held-out vendors, and goldens of the tokenizer and of both towers."""

import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image

import data
import evaluate
import export
import task
import tokenizer as bpe
from model import CONTEXT

STRINGS = [
    "", " ", "a", "red apple", "Red   Apple", "a photo of a musical instrument.", "a picture of a marine animal.",
    "an emoji of {}", "grinning face with big eyes", "it's a dog's life, isn't it?", "we'll've they're I'm he'd",
    "1st place medal", "flag: côte d’ivoire", "o’clock 12:30", "ÀÉÎõü ŒUVRE Straße", "naïve café", "日本語のテキスト",
    "Привет, мир!", "مرحبا", "😀", "🧑‍🚀 astronaut", "👩🏽‍🔬", "½ ² Ⅷ ٣ 42", "snake_case and kebab-case", "tab\tand\nnewline",
    "!!! ??? ...", "<|startoftext|> inside <|endoftext|>", "C# & F# < > \"quoted\"", "antidisestablishmentarianism",
    "a very long sentence about " + "many different animals and " * 12 + "the end",
]
TEXTS = ["a picture of a mammal.", "a picture of a fruit.", "red apple", "a drawing of a guitar", "an emoji of a bus."]


def write_pictures(emojis, work: Path, folder: Path) -> list[Path]:
    written = []
    for vendor in data.HELD_OUT:
        for number, slug, picture in task.pictures(emojis, work, vendor):
            path = folder / vendor / task.NAMES[number] / f"{slug}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            picture.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
            written.append(path)
    return written


def write_goldens(model, tokenizer, paths: list[Path], sample: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tokens = [{"text": text, "ids": tokenizer.encode(text)} for text in STRINGS]
    _write_rows(folder / "emoji-tokens.json", tokens)
    images = evaluate.image_features(model, [Image.open(path) for path in paths])
    texts = evaluate.text_features(model, tokenizer, TEXTS)
    rows = [{"image": path.relative_to(sample).as_posix(), "first": _first(f)} for path, f in zip(paths, images)]
    rows += [{"text": text, "first": _first(f)} for text, f in zip(TEXTS, texts)]
    _write_rows(folder / "emoji-embeddings.json", rows)


def _first(features: np.ndarray) -> list[float]:
    return [round(float(v), 6) for v in features[:8]]


def _write_rows(path: Path, rows: list[dict]) -> None:
    lines = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("artifacts/emoji"))
    parser.add_argument("--sample", type=Path, default=Path("samples/emoji"))
    parser.add_argument("--goldens", type=Path, default=Path("tests/Lfa.Encoders.Tests/Golden"))
    options = parser.parse_args()

    emojis = data.load_emojis(options.work / "node_modules")
    written = write_pictures(emojis, options.work, options.sample / "images")
    model = export.rounded(export.load(options.work / "checkpoint.pt"))
    some = written[5::len(written) // 5][:5]
    write_goldens(model, bpe.load(options.work, CONTEXT), some, options.sample, options.goldens)
    print(f"{len(written)} pictures, {sum(p.stat().st_size for p in written) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
