"""Writes a checkpoint as a model folder in the layout in which hubs publish CLIP."""

import argparse
import copy
import json
import math
import warnings
from pathlib import Path

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

import tokenizer as bpe
from model import CONTEXT, DIMENSION, IMAGE_SIZE, MEAN, STD, VOCABULARY, Block, Clip, ImageTower


class Halved(nn.Module):
    """Keeps float16 weights and computes in float32, so that the file is half as large and no operator is exotic."""

    def __init__(self, tower: nn.Module):
        super().__init__()
        self.tower = [copy.deepcopy(tower)]  # in a list, so that it is no part of this module
        self.weights, self.places = nn.ParameterList(), []
        for module in self.tower[0].modules():
            for name, weight in list(module.named_parameters(recurse=False)):
                delattr(module, name)
                self.places.append((module, name))
                self.weights.append(nn.Parameter(weight.detach().half(), False))

    def forward(self, x):
        for (module, name), weight in zip(self.places, self.weights):
            setattr(module, name, weight.float())
        return self.tower[0](x)


def fuse_norms(tower: ImageTower) -> None:
    tower.stem, tower.norm = fuse_conv_bn_eval(tower.stem, tower.norm), nn.Identity()
    for block in tower.blocks:
        assert isinstance(block, Block)
        block.conv1, block.norm1 = fuse_conv_bn_eval(block.conv1, block.norm1), nn.Identity()
        block.conv2, block.norm2 = fuse_conv_bn_eval(block.conv2, block.norm2), nn.Identity()


def load(checkpoint: Path) -> Clip:
    model = Clip()
    model.load_state_dict(torch.load(checkpoint))
    model.to(memory_format=torch.contiguous_format).eval().requires_grad_(False)
    fuse_norms(model.image)
    return model


def rounded(model: Clip) -> Clip:
    """The model with the weights that the files hold."""
    for parameter in model.parameters():
        parameter.data = parameter.data.half().float()
    return model


def export(tower: nn.Module, example: torch.Tensor, path: Path, source: str, result: str, axes: dict) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer's, about shapes that are dynamic on purpose
        torch.onnx.export(Halved(tower), (example,), path, input_names=[source], output_names=[result],
                          dynamic_axes={source: axes, result: {0: "batch"}}, opset_version=14,
                          do_constant_folding=False)


def write_configs(folder: Path, scale: float) -> None:
    _write(folder / "config.json", {
        "model_type": "clip", "projection_dim": DIMENSION, "logit_scale": math.log(scale),
        "logit_scale_init_value": 2.6592,
        "text_config": {"model_type": "clip_text_model", "max_position_embeddings": CONTEXT, "vocab_size": VOCABULARY,
                        "bos_token_id": VOCABULARY - 2, "eos_token_id": VOCABULARY - 1, "pad_token_id": VOCABULARY - 1,
                        "projection_dim": DIMENSION},
        "vision_config": {"model_type": "clip_vision_model", "image_size": IMAGE_SIZE, "num_channels": 3,
                          "projection_dim": DIMENSION}})
    _write(folder / "preprocessor_config.json", {
        "image_processor_type": "CLIPImageProcessor", "do_convert_rgb": True,
        "do_resize": True, "size": {"shortest_edge": IMAGE_SIZE}, "resample": 3,
        "do_center_crop": True, "crop_size": {"height": IMAGE_SIZE, "width": IMAGE_SIZE},
        "do_rescale": True, "rescale_factor": 1 / 255,
        "do_normalize": True, "image_mean": MEAN, "image_std": STD})


def _write(path: Path, value) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("artifacts/emoji"))
    parser.add_argument("--model", type=Path, default=Path("samples/emoji/model"))
    options = parser.parse_args()
    (options.model / "onnx").mkdir(parents=True, exist_ok=True)

    model = load(options.work / "checkpoint.pt")
    bpe.load(options.work, CONTEXT).save(options.model)
    write_configs(options.model, model.log_scale.exp().item())
    export(model.image, torch.zeros(2, 3, IMAGE_SIZE, IMAGE_SIZE), options.model / "onnx/vision_model.onnx",
           "pixel_values", "image_embeds", {0: "batch"})
    export(model.text, torch.full((2, 7), VOCABULARY - 1), options.model / "onnx/text_model.onnx",
           "input_ids", "text_embeds", {0: "batch", 1: "sequence"})
    for path in sorted(options.model.rglob("*.*")):
        print(f"{path.relative_to(options.model)}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
