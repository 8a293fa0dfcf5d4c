"""What a training run is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a run is made of; all of it is written beside the weights.

    Attributes:
        steps: optimiser steps in all.
        coarse_share: part of the steps at `coarse_size`, before the rest at `fine_size`.
        coarse_size: (height, width), multiples of 8.
        fine_size: (height, width), that of the encoder.
        products: products a step, each in two views.
        snapshots: real snapshots a step.
        rate: peak learning rate of AdamW.
        weight_decay: of AdamW.
        warm_up: steps until the peak.
        average: decay of the moving average of the weights, applied every 5 steps.
        rounds: views of each picture that the head is trained on in the second stage.
        head_steps: optimiser steps of the second stage.
        seed: of everything random.
    """

    steps: int = 3300
    coarse_share: float = 0.43
    coarse_size: tuple[int, int] = (96, 72)
    fine_size: tuple[int, int] = (128, 96)
    products: int = 96
    snapshots: int = 32
    rate: float = 1e-3
    weight_decay: float = 0.02
    warm_up: int = 200
    average: float = 0.99
    rounds: int = 2
    head_steps: int = 4000
    seed: int = 20

    def of_head(self) -> Settings:
        """The second stage's settings: larger batches, as they cost little there."""
        return replace(
            self, steps=self.head_steps, products=512, snapshots=128, coarse_share=0.0, rate=2e-3
        )

    def size_at(self, step: int) -> tuple[int, int]:
        """(height, width) of the pictures of a step."""
        return self.coarse_size if step < self.coarse_share * self.steps else self.fine_size

    def rate_at(self, step: int) -> float:
        """Learning rate of a step: linear warm-up, then half a cosine down to a hundredth."""
        done = max(0, step - self.warm_up) / max(1, self.steps - self.warm_up)
        cosine = 0.01 + 0.99 * 0.5 * (1 + np.cos(np.pi * min(1.0, done)))
        return float(self.rate * min(1.0, (step + 1) / self.warm_up) * cosine)
