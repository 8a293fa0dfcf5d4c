"""AdamW with a moving average of what it arrives at, in plain numpy.

Sources: Loshchilov & Hutter, "Decoupled Weight Decay Regularization", ICLR 2019; Polyak & Juditsky,
"Acceleration of Stochastic Approximation by Averaging", SIAM J. Control Optim. 30 (1992).
"""

from __future__ import annotations

import numpy as np

from recommender.tuning.network import Parameters

_FIRST, _SECOND = 0.9, 0.999
_AVERAGE = 0.99
_DECAYED = ("hidden", "weights")


class Optimiser:
    """Moves parameters against their gradients.

    Attributes:
        average: the averaged parameters, which are better than the last.
    """

    def __init__(self, parameters: Parameters, *, weight_decay: float) -> None:
        """Start from here.

        Args:
            parameters: changed in place by `step`.
            weight_decay: of the layers; biases and proxies have none.
        """
        self._parameters = parameters
        self._weight_decay = weight_decay
        self._mean = {name: np.zeros_like(values) for name, values in parameters.items()}
        self._square = {name: np.zeros_like(values) for name, values in parameters.items()}
        self._steps = 0
        self.average = {name: values.copy() for name, values in parameters.items()}

    def step(self, gradient: Parameters, rate: float) -> None:
        """Take one step.

        Args:
            gradient: an array for each parameter.
            rate: the learning rate of this step.
        """
        self._steps += 1
        unbiased = np.float32(np.sqrt(1 - _SECOND**self._steps) / (1 - _FIRST**self._steps))
        # At first the average follows closely: it must not hold on to the random start.
        held = np.float32(min(_AVERAGE, self._steps / (10 + self._steps)))
        for name, slope in gradient.items():
            values, mean, square = self._parameters[name], self._mean[name], self._square[name]
            mean += np.float32(1 - _FIRST) * (slope - mean)
            square += np.float32(1 - _SECOND) * (slope * slope - square)
            if name.startswith(_DECAYED):
                values *= np.float32(1 - rate * self._weight_decay)
            values -= np.float32(rate) * unbiased * mean / (np.sqrt(square) + np.float32(1e-8))
            self.average[name] += (1 - held) * (values - self.average[name])
