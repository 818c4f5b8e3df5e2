"""Turns stored RGBA drawings into training pictures, a batch at a time: no vendor's look may survive."""

import math

import torch
from torch.nn import functional as F


def uniform(n: int, low: float, high: float) -> torch.Tensor:
    return torch.rand(n) * (high - low) + low


def sometimes(n: int, share: float) -> torch.Tensor:
    return torch.rand(n) < share


def augment(rgba: torch.Tensor, may_flip: torch.Tensor, size: int) -> torch.Tensor:
    """uint8 n x 4 x S x S -> float n x 3 x size x size in [0, 1]."""
    x = rgba.float() / 255
    x = warp(torch.cat([x[:, :3] * x[:, 3:], x[:, 3:]], 1), may_flip, size)
    alpha = x[:, 3:].clamp(0, 1)
    colour = recolour(x[:, :3] / alpha.clamp(min=1e-3)).clamp(0, 1)
    painted = (rgba[:, :3].amax((1, 2, 3)) > 0) & sometimes(len(x), 0.25)  # ink would fill a one-colour drawing
    outline(colour, alpha, painted.nonzero()[:, 0])
    picture = torch.lerp(backgrounds(len(x), size), colour, alpha)
    soften(picture)
    return erase(picture).clamp_(0, 1)


def warp(x: torch.Tensor, may_flip: torch.Tensor, size: int) -> torch.Tensor:
    n = len(x)
    angle = uniform(n, -1, 1) * torch.where(sometimes(n, 0.3), 0.6, 0.2)
    extent = 1 / uniform(n, 0.6, 1.1)
    flip = torch.where(sometimes(n, 0.5) & may_flip, -1.0, 1.0)
    width, height = extent * uniform(n, 0.85, 1.18) * flip, extent * uniform(n, 0.85, 1.18)
    shear = uniform(n, -0.2, 0.2)
    cos, sin = angle.cos(), angle.sin()
    matrix = torch.stack([
        torch.stack([cos * width, (shear * cos - sin) * height, uniform(n, -0.2, 0.2)], 1),
        torch.stack([sin * width, (shear * sin + cos) * height, uniform(n, -0.2, 0.2)], 1)], 1)
    grid = F.affine_grid(matrix, (n, 4, size, size), align_corners=False)
    tilt = 1 + (grid * (torch.randn(n, 1, 1, 2) * 0.1)).sum(-1, keepdim=True)
    ripple = F.interpolate(torch.randn(n, 2, 4, 4) * 0.04, size=size, mode="bilinear").permute(0, 2, 3, 1)
    return F.grid_sample(x, grid / tilt.clamp(min=0.5) + ripple, align_corners=False)


def recolour(rgb: torch.Tensor) -> torch.Tensor:
    """Hue, saturation, contrast and brightness; sometimes grey or inverted."""
    n = len(rgb)
    grey = torch.tensor([0.299, 0.587, 0.114])
    hue = uniform(n, -1, 1) * torch.where(sometimes(n, 0.15), math.pi, 0.35)
    saturation = torch.where(sometimes(n, 0.08), 0.0, 1.0) * uniform(n, 0.4, 1.6)
    matrix = _hue_matrix(hue) * saturation[:, None, None] + (1 - saturation)[:, None, None] * grey.expand(3, 3)
    contrast, brightness = uniform(n, 0.6, 1.4), uniform(n, -0.2, 0.2)
    sign = torch.where(sometimes(n, 0.03), -1.0, 1.0)
    matrix = matrix * (sign * contrast)[:, None, None]
    shift = 0.5 + brightness[:, None, None] - 0.5 * matrix.sum(2, keepdim=True)
    return torch.baddbmm(shift, matrix, rgb.flatten(2)).view_as(rgb)


def _hue_matrix(angle: torch.Tensor) -> torch.Tensor:
    """Rotation about the grey axis."""
    cos, sin = angle.cos()[:, None, None], angle.sin()[:, None, None]
    k = torch.tensor([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / math.sqrt(3)
    return cos * torch.eye(3) + sin * k + (1 - cos) * torch.full((3, 3), 1 / 3)


def outline(colour: torch.Tensor, alpha: torch.Tensor, rows: torch.Tensor) -> None:
    """A border of one colour on some pictures, in place, since some vendors draw one and others do not."""
    n, inside = len(rows), alpha[rows]
    wide = F.max_pool2d(inside, 3, 1, 1)
    wide = torch.where(sometimes(n, 0.3)[:, None, None, None], F.max_pool2d(wide, 3, 1, 1), wide)
    ink = torch.where(sometimes(n, 0.6)[:, None], torch.rand(n, 1) * 0.25, torch.rand(n, 3))[:, :, None, None]
    colour[rows] = colour[rows] * inside + ink * (1 - inside)
    alpha[rows] = wide


def backgrounds(n: int, size: int) -> torch.Tensor:
    """White, plain, gradients and clouds."""
    plain = torch.where(sometimes(n, 0.3)[:, None], torch.ones(n, 3), torch.rand(n, 3))
    plain = torch.where(sometimes(n, 0.3)[:, None], 0.6 + 0.4 * plain, plain)[:, :, None, None]
    corners = F.interpolate(torch.rand(n, 3, 2, 2), size=8, mode="bilinear", align_corners=True)
    kind = torch.rand(n)[:, None, None, None]
    coarse = torch.where(kind < 0.6, plain, torch.where(kind < 0.9, corners, torch.rand(n, 3, 8, 8)))
    return F.interpolate(coarse, size=size, mode="bilinear", align_corners=True)


def soften(x: torch.Tensor) -> None:
    """Blurs some pictures and adds noise to some, in place."""
    blurred = sometimes(len(x), 0.25).nonzero()[:, 0]
    small = F.interpolate(F.avg_pool2d(x[blurred], 2), size=x.shape[-1], mode="bilinear")
    x[blurred] += torch.rand(len(small), 1, 1, 1) * (small - x[blurred])
    noisy = sometimes(len(x), 0.2).nonzero()[:, 0]
    x[noisy] += torch.rand(len(noisy), 1, 1, 1) * 0.08 * torch.randn(len(noisy), *x.shape[1:])


def erase(x: torch.Tensor) -> torch.Tensor:
    """A rectangle of one colour over a quarter of the pictures."""
    n, extent = len(x), x.shape[-1]
    side = torch.arange(extent)
    top, left = uniform(n, 0, extent), uniform(n, 0, extent)
    rows = (side >= top[:, None]) & (side < (top + uniform(n, 0.12, 0.44) * extent)[:, None])
    columns = (side >= left[:, None]) & (side < (left + uniform(n, 0.12, 0.44) * extent)[:, None])
    hole = (rows[:, :, None] & columns[:, None, :] & sometimes(n, 0.25)[:, None, None])[:, None]
    return torch.where(hole, torch.rand(n, 3)[:, :, None, None], x)
