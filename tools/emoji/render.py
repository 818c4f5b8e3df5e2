"""Renders every drawing of every icon set with libvips: one NPZ a vendor (RGBA pixels and indices of emoji)."""

import argparse
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

import data


def render(svg: str, size: int, folder: Path, name: str) -> np.ndarray:
    source, target = folder / f"{name}.svg", folder / f"{name}.png"
    source.write_text(svg, encoding="utf-8")
    subprocess.run(["vips", "thumbnail", source, target, str(size), "--height", str(size)], check=True,
                   env={**os.environ, "VIPS_CONCURRENCY": "1"})
    picture = Image.open(target).convert("RGBA")
    square = Image.new("RGBA", (size, size))
    square.paste(picture, ((size - picture.width) // 2, (size - picture.height) // 2))
    return np.asarray(square)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("artifacts/emoji"), help="holds node_modules; results go here")
    parser.add_argument("--size", type=int, default=96)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()

    packages = options.work / "node_modules"
    emojis = data.load_emojis(packages)
    for vendor in data.VENDORS:
        icons = data.load_icons(packages, vendor, emojis)
        with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(options.jobs) as pool:
            jobs = [pool.submit(render, svg, options.size, Path(folder), str(i)) for i, (_, svg) in enumerate(icons)]
            pixels = [job.result() for job in jobs]
        labels = np.array([index for index, _ in icons])
        np.savez_compressed(options.work / f"{vendor}.npz", pixels=np.stack(pixels), labels=labels)
        print(f"{vendor}: {len(icons)} drawings of {len(set(labels))} emoji", flush=True)


if __name__ == "__main__":
    main()
