"""The get-started network in TVB-Optim, float64, for main.go to time.

Reads one JSON line with the connectome and the cases, compiles each case, then answers every line that
holds the number of a case with the seconds a warm run takes and the mean of its last 500 samples.
"""
import json
import os
import sys
import time

os.environ["JAX_ENABLE_X64"] = "1"
import jax
import numpy as np
from tvboptim.experimental import network_dynamics as nd
from tvboptim.experimental.network_dynamics.coupling import DelayedLinearCoupling, LinearCoupling
from tvboptim.experimental.network_dynamics.dynamics.tvb import ReducedWongWang
from tvboptim.experimental.network_dynamics.graph import DenseDelayGraph, DenseGraph
from tvboptim.experimental.network_dynamics.noise import AdditiveNoise
from tvboptim.experimental.network_dynamics.solvers import Heun


def prepare(job, case):
    weights = np.asarray(job["weights"])
    if case["speed"]:
        graph = DenseDelayGraph(weights=weights, delays=np.asarray(job["lengths"]) / case["speed"])
        coupling = DelayedLinearCoupling(incoming_states="S", G=0.75, buffer_strategy=case["buffer"])
    else:
        graph = DenseGraph(weights)
        coupling = LinearCoupling(incoming_states="S", G=0.75)
    network = nd.Network(
        ReducedWongWang(w=0.5, I_o=0.32, INITIAL_STATE=(0.3,)),
        {"delayed": coupling},
        graph,
        noise=AdditiveNoise(sigma=0.002, apply_to="S", key=jax.random.key(42)),
    )
    model, state = nd.prepare(network, Heun(), t0=0.0, t1=case["end"], dt=case["step"])
    run = jax.jit(model)
    jax.block_until_ready(run(state).ys)
    return lambda: jax.block_until_ready(run(state).ys)


job = json.loads(sys.stdin.readline())
runs = [prepare(job, case) for case in job["cases"]]
print("ready", flush=True)
for line in sys.stdin:
    run = runs[int(line)]
    began = time.perf_counter()
    ys = run()
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "mean": float(np.mean(ys[-500:]))}), flush=True)
