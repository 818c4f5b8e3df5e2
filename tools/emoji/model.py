"""The two towers: a residual convolutional network for pictures, a causal transformer for words."""

import torch
from torch import nn
from torch.nn import functional as F

IMAGE_SIZE, DIMENSION, CONTEXT, VOCABULARY = 64, 192, 32, 2048
MEAN = STD = (0.5, 0.5, 0.5)


class Block(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.short = nn.Conv2d(inputs, outputs, 1, bias=False) if inputs != outputs else nn.Identity()
        self.stride = stride

    def forward(self, x):
        y = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        x = F.avg_pool2d(x, 2) if self.stride == 2 else x
        return F.relu(y + self.short(x))


class ImageTower(nn.Module):
    def __init__(self, widths=(32, 64, 128, 192)):
        super().__init__()
        self.stem = nn.Conv2d(3, widths[0], 5, 2, 2, bias=False)
        self.norm = nn.BatchNorm2d(widths[0])
        pairs = zip((widths[0], *widths), widths)
        self.blocks = nn.Sequential(*(Block(a, b, 1 if i == 0 else 2) for i, (a, b) in enumerate(pairs)))
        self.project = nn.Linear(2 * widths[-1], DIMENSION, bias=False)

    def forward(self, pixels):
        x = self.blocks(F.relu(self.norm(self.stem(pixels))))
        return self.project(torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1))


class Layer(nn.Module):
    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.drop = nn.Dropout(0.1)

    def forward(self, x, mask):
        b, n, d = x.shape
        q, k, v = self.qkv(self.norm1(x)).reshape(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        weights = (q @ k.transpose(-1, -2) * (d // self.heads) ** -0.5 + mask).softmax(-1)
        x = x + self.drop(self.out((weights @ v).transpose(1, 2).reshape(b, n, d)))
        return x + self.drop(self.down(F.gelu(self.up(self.norm2(x)))))


class TextTower(nn.Module):
    def __init__(self, end: int = VOCABULARY - 1, width: int = 128, layers: int = 2, heads: int = 4):
        super().__init__()
        self.end = end
        self.tokens, self.positions = nn.Embedding(VOCABULARY, width), nn.Embedding(CONTEXT, width)
        nn.init.normal_(self.tokens.weight, std=0.02)
        nn.init.normal_(self.positions.weight, std=0.01)
        self.layers = nn.ModuleList(Layer(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.project = nn.Linear(width, DIMENSION, bias=False)
        self.register_buffer("mask", torch.full((CONTEXT, CONTEXT), -1e4).triu(1), persistent=False)

    def forward(self, ids):
        length = ids.shape[1]
        x = self.tokens(ids) + self.positions.weight[:length]
        for layer in self.layers:
            x = layer(x, self.mask[:length, :length])
        first_end = (ids == self.end).to(torch.int32).argmax(1)
        return self.project(self.norm(x[torch.arange(ids.shape[0]), first_end]))


class Clip(nn.Module):
    def __init__(self):
        super().__init__()
        self.image, self.text = ImageTower(), TextTower()
        self.log_scale = nn.Parameter(torch.tensor(2.6593))  # ln(1 / 0.07), as published
