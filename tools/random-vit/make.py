"""Writes a model folder with the shape of CLIP ViT-B/32's image tower, as its only graph, and random weights, for measuring throughput.

Usage: python3 make.py FOLDER        (needs PyTorch; Debian: python3-torch)
"""

import json
import pathlib
import sys

import torch
from torch import nn

SIZE, PATCH, WIDTH, LAYERS, HEADS, DIMENSION = 224, 32, 768, 12, 12, 512


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.q, self.k, self.v, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))

    def forward(self, x):
        def split(y):
            return y.reshape(y.shape[0], -1, HEADS, WIDTH // HEADS).transpose(1, 2)

        q, k, v = split(self.q(x)), split(self.k(x)), split(self.v(x))
        weights = (q * (WIDTH // HEADS) ** -0.5 @ k.transpose(-1, -2)).softmax(-1)
        return self.out((weights @ v).transpose(1, 2).reshape(x.shape[0], -1, WIDTH))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2, self.attention = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH), Attention()
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        hidden = self.up(self.norm2(x))
        return x + self.down(hidden * torch.sigmoid(1.702 * hidden))


class VisionTower(nn.Module):
    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, WIDTH, PATCH, PATCH, bias=False)
        self.first = nn.Parameter(torch.randn(WIDTH) * 0.02)
        self.positions = nn.Parameter(torch.randn((SIZE // PATCH) ** 2 + 1, WIDTH) * 0.02)
        self.before, self.after = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.blocks = nn.Sequential(*(Block() for _ in range(LAYERS)))
        self.projection = nn.Linear(WIDTH, DIMENSION, bias=False)

    def forward(self, pixels):
        patches = self.patches(pixels).flatten(2).transpose(1, 2)
        first = self.first.expand(pixels.shape[0], 1, WIDTH)
        tokens = self.before(torch.cat([first, patches], 1) + self.positions)
        return self.projection(self.after(self.blocks(tokens)[:, 0]))


def main(folder):
    torch.manual_seed(0)
    graphs = folder / "onnx"
    graphs.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        VisionTower().eval(), torch.zeros(2, 3, SIZE, SIZE), str(graphs / "model.onnx"), opset_version=14,
        input_names=["pixel_values"], output_names=["image_embeds"],
        dynamic_axes={"pixel_values": {0: "batch"}, "image_embeds": {0: "batch"}})
    (folder / "preprocessor_config.json").write_text(json.dumps({
        "image_processor_type": "CLIPImageProcessor", "do_resize": True, "size": {"shortest_edge": SIZE}, "resample": 3,
        "do_center_crop": True, "crop_size": {"height": SIZE, "width": SIZE}, "do_rescale": True, "rescale_factor": 1 / 255,
        "do_normalize": True, "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711],
        "do_convert_rgb": True}, indent=2))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
