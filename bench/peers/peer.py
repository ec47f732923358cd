"""A workload in TVB-Optim, for main.go to time.

Reads one JSON line with the workload, runs it once, which compiles it, and prints a JSON line with a number that the run
gives. Then, for every further line: the seconds that a warm run takes, and the number. With JAX_ENABLE_X64=1 it computes in
float64, else in float32.
"""
import copy
import json
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np
import optax
from tvboptim.execution import ParallelExecution
from tvboptim.experimental import network_dynamics as nd
from tvboptim.experimental.network_dynamics.coupling import DelayedLinearCoupling, LinearCoupling
from tvboptim.experimental.network_dynamics.dynamics.tvb import ReducedWongWang
from tvboptim.experimental.network_dynamics.graph import DenseDelayGraph, DenseGraph
from tvboptim.experimental.network_dynamics.noise import AdditiveNoise
from tvboptim.experimental.network_dynamics.solvers import BoundedSolver, Heun
from tvboptim.optim import OptaxOptimizer
from tvboptim.types import Parameter
from tvboptim.types.spaces import GridAxis, Space


def prepare(job):
    weights = jnp.asarray(np.asarray(job["weights"]))
    if job["speed"]:
        graph = DenseDelayGraph(weights=weights, delays=jnp.asarray(np.asarray(job["lengths"])) / job["speed"])
        coupling = DelayedLinearCoupling(incoming_states="S", G=job["g"], buffer_strategy=job["buffer"] or "roll")
    else:
        graph = DenseGraph(weights)
        coupling = LinearCoupling(incoming_states="S", G=job["g"])
    network = nd.Network(
        ReducedWongWang(w=job["w"], I_o=job["i_o"], INITIAL_STATE=(job["start"],)),
        {"delayed": coupling},
        graph,
        noise=AdditiveNoise(sigma=job["sigma"], apply_to="S", key=jax.random.key(42)),
    )
    solver = BoundedSolver(Heun(), low=0.0, high=1.0) if job["bounded"] else Heun()
    return nd.prepare(network, solver, t0=0.0, t1=job["end"], dt=job["step"])


def window_loss(model):
    """Mean over regions of the squared distance of a region's mean over the last 500 samples from 0.5."""

    def loss(state):
        return jnp.mean((jnp.mean(model(state).ys[-500:, 0, :], axis=0) - 0.5) ** 2)

    return loss


def forward(job, model, state):
    run = jax.jit(model)

    def work():
        ys = jax.block_until_ready(run(state).ys)
        return lambda: float(np.mean(ys[-500:]))

    return work


def gradient(job, model, state):
    loss = window_loss(model)

    def of(free):
        moved = jax.tree.map(lambda x: x, state)
        moved.dynamics.J_N = free["J_N"]
        if "G" in free:
            moved.coupling.delayed.G = free["G"]
        return loss(moved)

    free = {"J_N": jnp.full((len(job["weights"]),), float(state.dynamics.J_N))}
    if job["free_g"]:
        free["G"] = jnp.asarray(job["g"])
    run = jax.jit(jax.value_and_grad(of))

    def work():
        value, slopes = jax.block_until_ready(run(free))
        return lambda: float(jnp.sqrt(jnp.sum(slopes["J_N"] ** 2)))

    return work


def fit(job, model, state):
    start = copy.deepcopy(state)
    start.dynamics.J_N = Parameter(start.dynamics.J_N)
    if job["kind"] == "fit, reverse mode":
        start.dynamics.J_N.shape = (len(job["weights"]),)
    loss = window_loss(model)
    optimizer = OptaxOptimizer(loss, optax.adam(0.005))
    mode = "rev" if job["kind"] == "fit, reverse mode" else "fwd"

    def work():
        fitted, _ = optimizer.run(copy.deepcopy(start), max_steps=50, mode=mode)
        jax.block_until_ready(fitted.dynamics.J_N.value)
        return lambda: float(loss(fitted))

    return work


def explore(job, model, state):
    """Runs at every point of a grid, the mean of the last 500 samples of each."""
    start = copy.deepcopy(state)
    start.coupling.delayed.G = GridAxis(0.0, 1.0, job["grid"][0])
    start.dynamics.J_N = GridAxis(0.0, 0.5, job["grid"][1])
    space = Space(start, mode="product")
    runs = ParallelExecution(lambda point: jnp.mean(model(point).ys[-500:]), space, n_vmap=job["batch"], n_pmap=1)

    def work():
        means = [float(value) for value in runs.run()]
        return lambda: float(np.mean(means))

    return work


job = json.loads(sys.stdin.readline())
kinds = {"forward": forward, "gradient": gradient, "fit, forward mode": fit, "fit, reverse mode": fit, "sweep": explore}
work = kinds[job["kind"]](job, *prepare(job))
print(json.dumps({"value": work()()}), flush=True)
for line in sys.stdin:
    began = time.perf_counter()
    value = work()
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "value": value()}), flush=True)
