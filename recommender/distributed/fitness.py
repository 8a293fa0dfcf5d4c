"""Find out whether the machines of a cluster can do the work, before they are given any."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata

from recommender.encoders import Encoder, EncoderCard
from recommender.errors import ClusterError
from recommender.folders import PictureFolder

# Another version may decode a picture, or round a sum, differently.
_LIBRARIES = ("numpy", "pillow", "tensorflow", "keras", "openvino")


@dataclass(frozen=True)
class Job:
    """What a worker must know besides the names of the pictures.

    Attributes:
        make: builds the encoder.
        card: of the encoder, as it is here.
        folder: where the pictures are.
        threads: how many the encoder is to use.
        versions: library → version, as it is here.
    """

    make: Callable[[], Encoder]
    card: EncoderCard
    folder: PictureFolder
    threads: int
    versions: dict[str, str]

    def packed(self) -> bytes:
        """The job, pickled.

        Raises:
            ClusterError: the encoder cannot be.
        """
        from ray import cloudpickle

        try:
            packed: bytes = cloudpickle.dumps(self)
        except (TypeError, AttributeError, pickle.PicklingError) as error:
            raise ClusterError(
                f"the encoder cannot be sent to other machines ({error}): give its name instead"
            ) from None
        return packed


def versions() -> dict[str, str]:
    """Library → version, of those installed that vectors depend on."""
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def take_on(packed: bytes) -> tuple[Job, Encoder]:
    """Get this process ready for a job that was made on another machine.

    Returns:
        the job and its encoder.

    Raises:
        RecommenderError: this machine cannot do it.
    """
    try:
        job: Job = pickle.loads(packed)
        # Before anything imports TensorFlow, which reads it once.
        os.environ["TF_NUM_INTRAOP_THREADS"] = str(job.threads)
        job.folder.exists("")  # An address is looked at on first use.
        encoder = job.make()
        differences = encoder.card.differences(job.card)
    except (ImportError, AttributeError) as error:
        raise ClusterError(
            f"the encoder cannot be imported there ({error}): install it on every machine"
        ) from None
    if differences:
        raise ClusterError(
            f"its encoder is another one, {', '.join(differences)}: install the same version and "
            "put the same weights file on every machine"
        )
    mine = versions()
    for name, wanted in job.versions.items():
        if mine.get(name, wanted) != wanted:
            raise ClusterError(
                f"it has {name} {mine[name]} instead of {wanted}: install the same everywhere"
            )
    return job, encoder


def refuse_unfit(job: Job) -> None:
    """Ask every machine that has processors to give.

    Raises:
        ClusterError: one cannot do the work, or there is none.
    """
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    packed = job.packed()
    nodes = [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU", 0) >= 1]
    if not nodes:
        raise ClusterError(
            "the Ray cluster has no processors to give: start workers with `ray start --address`"
        )
    look = ray.remote(num_cpus=0)(probe())
    answers = []
    for node in nodes:
        there = NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
        answer = look.options(scheduling_strategy=there).remote(packed)
        answers.append((node["NodeManagerAddress"], answer))
    for machine, answer in answers:
        try:
            problem = ray.get(answer)
        except ray.exceptions.RayError as error:
            problem = f"it cannot run a task ({str(error).splitlines()[0]})"
        if problem:
            raise ClusterError(f"the machine {machine} cannot take part: {problem}")


def probe() -> Callable[[bytes], str]:
    # A function within a function travels as code: it must run where the package is missing, too.
    def look(packed: bytes) -> str:
        try:
            from recommender.distributed.fitness import take_on
            from recommender.errors import RecommenderError
        except ImportError as error:
            return f"the program is not installed there ({error}): pip install it on every machine"
        try:
            take_on(packed)
        except RecommenderError as error:
            return str(error)
        return ""

    return look
