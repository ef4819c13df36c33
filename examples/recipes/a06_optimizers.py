"""The example submissions for a06_optimizers."""

from make_submissions import Maker, as_colab, as_left_behind, as_vscode, with_scratch_work

HALF = ("batches.minibatches", "optimizers.sgd", "optimizers.momentum")

# One student's own way: a class for the state, loops, and mistakes that are in no list.
OLGA = {
    "batches.minibatches": """
def minibatches(x, labels, batch_size, rng, drop_last=False):
    if batch_size < 1:
        raise ValueError("batch_size")
    if len(x) != len(labels):
        raise ValueError("lengths")
    order = list(range(len(x)))
    rng.shuffle(order)
    out = []
    while order:
        take, order = order[:batch_size], order[batch_size:]
        if drop_last and len(take) < batch_size:
            break
        out.append((x[take], labels[take]))
    return out
""",
    "optimizers.sgd": """
def sgd(theta, grad, state, *, lr):
    new = theta.copy()
    new -= lr * grad
    return new, {}
""",
    "optimizers.momentum": """
class Memory:
    def __init__(self, like):
        self.v = np.zeros_like(like)

def momentum(theta, grad, state, *, lr, beta=0.9):
    memory = Memory(theta)
    if "memory" in state:
        memory.v = state["memory"].v
    memory.v = beta * memory.v + lr * grad
    return theta - memory.v, {"memory": memory}
""",
    "optimizers.adagrad": """
def adagrad(theta, grad, state, *, lr, eps=1e-8):
    total = state.get("total", 0) + grad**2 + eps
    return theta - lr * grad / np.sqrt(total), {"total": total}
""",
    "optimizers.adam": """
def adam(theta, grad, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if not state:
        state = {"m": 0 * theta, "v": 0 * theta, "t": 0}
    t = state["t"] + 1
    m = state["m"] + (1 - beta1) * (grad - state["m"])
    v = state["v"] + (1 - beta2) * (grad * grad - state["v"])
    step = lr * (m / (1 - beta1**t)) / ((v / (1 - beta2**t)) ** 0.5 + eps)
    return theta - step, dict(m=m, v=v, t=t)
""",
    "optimizers.clip_by_value": """
def clip_by_value(grad, limit):
    return np.array([max(-limit, min(limit, g)) for g in grad.flat], grad.dtype)
""",
}


def make(maker: Maker) -> None:
    """Make all submissions."""
    solution = maker.solution()
    maker.hand_in("ada", maker.notebook(solution))
    maker.hand_in("ben", maker.notebook(maker.alternative(0)))
    maker.hand_in("chen", maker.notebook(maker.alternative(1)))
    maker.hand_in("dora", maker.notebook(maker.alternative(2)))
    maker.hand_in(
        "emil",
        maker.notebook(
            maker.mistaken(
                "batches.minibatches:always_drops",
                "optimizers.momentum:running_mean",
                "optimizers.nesterov:no_look_ahead",
                "optimizers.adagrad:no_square",
                "optimizers.rmsprop:weights_swapped",
                "optimizers.adam:not_corrected",
                "optimizers.adamw:decay_in_the_gradient",
                "optimizers.clip_by_global_norm:each_on_its_own",
            )
        ),
    )
    maker.hand_in(
        "fatima",
        maker.notebook(
            maker.mistaken(
                "batches.minibatches:separate_shuffles",
                "optimizers.momentum:rate_outside",
                "optimizers.nesterov:look_ahead_kept",
                "optimizers.rmsprop:guard_inside",
                "optimizers.adam:guard_before_correction",
                "optimizers.adamw:decay_afterwards",
                "optimizers.clip_by_global_norm:zero_over_zero",
            )
        ),
    )
    maker.hand_in(
        "gita",
        maker.notebook(
            maker.mistaken(
                "batches.minibatches:in_place",
                "optimizers.sgd:in_place",
                "optimizers.momentum:state_in_place",
                "optimizers.adagrad:always_float64",
                "optimizers.clip_by_value:in_place",
            )
        ),
    )
    maker.hand_in("hugo", maker.notebook({name: solution[name] for name in HALF}))
    maker.hand_in("ines", maker.notebook({}))
    maker.hand_in("jonas", with_scratch_work(maker.notebook(solution)), figures=True)
    mistaken = maker.mistaken("optimizers.adam:betas_swapped", "optimizers.sgd:climbs")
    maker.hand_in("kim", maker.notebook(mistaken), dialect=as_colab)
    maker.hand_in("lena", maker.notebook(maker.alternative(3)), dialect=as_vscode)
    maker.export("mara", maker.notebook(solution))
    broken = {**solution, "optimizers.adam": "def adam(theta, grad, state, *, lr)\n    return 0"}
    left = as_left_behind(maker.notebook(broken), "optimizers.sgd")
    maker.hand_in("nils/homework 6 (final).ipynb", left)
    maker.hand_in("olga", maker.notebook({name: code.strip() for name, code in OLGA.items()}))
