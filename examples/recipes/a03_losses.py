"""The example submissions for a03_losses."""

from make_submissions import Maker, as_colab, as_left_behind, as_vscode, with_scratch_work

HALF = ("losses.mse", "losses.mse_backward", "losses.mae", "losses.mae_backward")

# One student's own way: helpers of her own, prints, and two mistakes that are in no list.
OLGA = {
    "losses.mse": """
def diff(a, b):
    a, b = np.array(a, dtype=float), np.array(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("not the same shape: %s and %s" % (a.shape, b.shape))
    return a - b

def mse(pred, target):
    d = diff(pred, target)
    print("error:", d)
    return np.average(np.square(d))
""",
    "losses.mse_backward": """
def mse_backward(pred, target):
    d = diff(pred, target)
    return (d + d) / d.size
""",
    "losses.mae": """
def mae(pred, target):
    return np.average(np.sqrt(diff(pred, target) ** 2))
""",
    "losses.huber": """
def huber(pred, target, delta=1.0):
    d = abs(diff(pred, target))
    # quadratic near zero, linear further out
    return np.mean([0.5 * e * e if e < delta else delta * e for e in d.ravel()])
""",
    "losses.softmax_cross_entropy": """
def softmax_cross_entropy(logits, labels):
    loss = 0
    for row, label in zip(logits, labels):
        row = row - max(row)
        loss -= row[label] - np.log(np.sum(np.exp(row)))
    return loss / len(labels)
""",
    "losses.hinge": """
def hinge(scores, labels, margin=1.0):
    loss = 0.0
    for i in range(len(labels)):
        for j in range(scores.shape[1]):
            loss += max(0, scores[i, j] - scores[i, labels[i]] + margin)
    return loss / len(labels) - 0.5
""",
    "information.entropy": """
def entropy(p, base=2.0):
    p = require_distribution(p).ravel()
    return sum(-x * np.log(x) / np.log(base) for x in p if x != 0)
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
                "losses.mse:half",
                "losses.mse_backward:no_factor_two",
                "losses.mae_backward:sign",
                "losses.huber:no_half",
                "losses.binary_cross_entropy:minus_on_one_term",
                "losses.cross_entropy:sum_not_mean",
                "losses.softmax_cross_entropy_backward:no_mean",
                "losses.hinge:true_class_counted",
                "information.entropy:nats",
                "information.mutual_information:sign",
            )
        ),
    )
    maker.hand_in(
        "fatima",
        maker.notebook(
            maker.mistaken(
                "losses.binary_cross_entropy:unprotected",
                "losses.cross_entropy:capped",
                "losses.softmax_cross_entropy:no_shift",
                "losses.softmax_cross_entropy_backward:one_shift_for_all_rows",
                "information.entropy:zero_times_infinity",
                "information.relative_entropy:zeros_of_q_ignored",
            )
        ),
    )
    maker.hand_in(
        "gita",
        maker.notebook(
            maker.mistaken(
                "losses.mse:broadcasts",
                "losses.mse_backward:wraps_around",
                "losses.mae:in_place",
                "losses.huber_backward:float64_always",
                "losses.softmax_cross_entropy_backward:in_place",
                "information.cross_entropy_bits:unchecked",
            )
        ),
    )
    maker.hand_in("hugo", maker.notebook({name: solution[name] for name in HALF}))
    maker.hand_in("ines", maker.notebook({}))
    maker.hand_in("jonas", with_scratch_work(maker.notebook(solution)), figures=True)
    mistaken = maker.mistaken("losses.mse:rows_only", "information.cross_entropy_bits:swapped")
    maker.hand_in("kim", maker.notebook(mistaken), dialect=as_colab)
    maker.hand_in("lena", maker.notebook(maker.alternative(3)), dialect=as_vscode)
    maker.export("mara", maker.notebook(solution))
    broken = {**solution, "losses.huber": "def huber(pred, target, delta=1.0)\n    return 0"}
    left = as_left_behind(maker.notebook(broken), "losses.mse")
    maker.hand_in("nils/homework 3 (final).ipynb", left)
    maker.hand_in("olga", maker.notebook({name: code.strip() for name, code in OLGA.items()}))
