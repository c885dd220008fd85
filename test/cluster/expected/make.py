#!/usr/bin/env python3
"""
Makes the files of this folder: codes, and points, and what HDBSCAN by its definition says of them. No spanning tree and no union
of sets: the components of the graph "mutual reachability below t" are asked of scipy for every t. Groups that come
apart at one distance do so at once.

    python3 test/cluster/expected/make.py <folder of the MNIST test images>

Made with Python 3, numpy 2.4 and scipy 1.17.
"""
import json
import sys
from pathlib import Path

import numpy as np
from scipy.sparse.csgraph import connected_components

HERE = Path(__file__).parent


def distances(codes, metric):
    if metric == "EUCLIDEAN":
        return np.sqrt(((codes[:, None, :] - codes[None, :, :]) ** 2).sum(axis=2))
    ones = codes.astype(np.int64)
    both = ones @ ones.T
    count = np.diag(both)
    if metric == "HAMMING":
        return (count[:, None] + count[None, :] - 2 * both).astype(float)
    union = count[:, None] + count[None, :] - both
    # In float32, as the atlas does; of integers, so that equal fractions stay equal.
    twice = (2 * (union - both)).astype(np.float32)
    whole = (2 * union).astype(np.float32)
    return np.where(whole == 0, 0, twice / np.maximum(whole, 1)).astype(float)


def reachability(codes, metric, min_samples):
    apart = distances(codes, metric)
    core = np.sort(apart, axis=1)[:, min_samples - 1]
    return np.maximum(apart, np.maximum(core[:, None], core[None, :]))


def components(reach, rows, below):
    count, labels = connected_components(reach[np.ix_(rows, rows)] < below, directed=False)
    return [rows[labels == i] for i in range(count)]


class Node:
    """A node of the condensed tree: rows that are together at distances below `birth`."""

    def __init__(self, reach, rows, birth, size):
        self.birth, self.children, self.leaves = birth, [], {}
        self.stability = 0.0
        while True:
            # The distance at which the rows are connected no more: of all levels, by bisection.
            levels = np.unique(reach[np.ix_(rows, rows)][~np.eye(len(rows), dtype=bool)])
            low, high = 0, len(levels) - 1
            while low < high:
                middle = (low + high + 1) // 2
                if len(components(reach, rows, levels[middle])) > 1:
                    low = middle
                else:
                    high = middle - 1
            # The greatest level below which the rows come apart.
            self.death = levels[low]
            parts = components(reach, rows, self.death)
            large = [part for part in parts if len(part) >= size]
            small = [row for part in parts if len(part) < size for row in part]
            for row in small:
                self.leaves[int(row)] = self.death
            gone = len(small) if len(large) == 1 else len(rows)
            self.stability += gone * (1 / self.death - 1 / birth)
            if len(large) != 1:
                break
            rows = large[0]
        self.children = [Node(reach, part, self.death, size) for part in large]

    def best(self, root=False):
        """Nodes, none inside of another, with the greatest sum of stabilities, and that sum."""
        below = [child.best() for child in self.children]
        total = sum(value for _, value in below)
        if root or total > self.stability:
            return [node for nodes, _ in below for node in nodes], total
        return [self], self.stability

    def nodes(self):
        return [self] + [node for child in self.children for node in child.nodes()]

    def rows(self):
        return {row: distance for node in self.nodes() for row, distance in node.leaves.items()}


def hdbscan(codes, metric, min_samples, min_cluster_size):
    reach = reachability(codes, metric, min_samples)
    root = Node(reach, np.arange(len(codes)), np.inf, min_cluster_size)
    chosen = sorted(root.best(root=True)[0], key=lambda node: (-len(node.rows()), min(node.rows())))
    labels = [-1] * len(codes)
    probabilities = [0.0] * len(codes)
    outliers = [0.0] * len(codes)
    for number, node in enumerate(chosen):
        for row, distance in node.rows().items():
            labels[row] = number
            probabilities[row] = min(1.0, node.death / distance)
    for node in root.nodes():
        densest = min(part.death for part in node.nodes())
        for row, distance in node.leaves.items():
            outliers[row] = 1 - densest / distance
    return {"labels": labels, "probabilities": probabilities, "outlierScores": outliers}


def thermometer(values, levels):
    steps = np.round(np.clip(values, 0, 1) * levels).astype(int)
    return (np.arange(levels)[None, None, :] < steps[:, :, None]).reshape(len(values), -1)


def moon_points(random):
    angle = random.uniform(0, np.pi, 120)
    upper = np.stack([np.cos(angle[:60]), np.sin(angle[:60])], axis=1)
    lower = np.stack([1 - np.cos(angle[60:]), 0.5 - np.sin(angle[60:])], axis=1)
    points = np.concatenate([upper, lower]) + random.normal(0, 0.06, (120, 2))
    points = np.concatenate([points, random.uniform([-1, -0.6], [2, 1.1], (20, 2))])
    return points


def moons(random):
    return thermometer((moon_points(random) - [-1.3, -0.9]) / [3.6, 2.3], 128)


def blobs(random):
    """Groups of rising spread in six dimensions, far from the origin, and noise."""
    middle = random.uniform(20, 30, (4, 6))
    groups = [
        centre + random.normal(0, spread, (count, 6))
        for centre, spread, count in zip(middle, [0.2, 0.5, 1.0, 0.4], [30, 50, 40, 8])
    ]
    return np.concatenate([*groups, random.uniform(18, 32, (15, 6))])


def densities(random):
    """Groups of rising spread, two of them parts of a greater one, and noise."""
    width = 180
    middle = [random.random(width) < 0.3 for _ in range(3)]
    middle.append(middle[2] ^ (random.random(width) < 0.12))
    groups = [
        [centre ^ (random.random(width) < spread) for _ in range(count)]
        for centre, spread, count in zip(middle, [0.01, 0.06, 0.03, 0.03], [30, 40, 25, 25])
    ]
    noise = [random.random(width) < 0.3 for _ in range(20)]
    return np.array([row for group in groups for row in group] + noise)


def digits(folder):
    raw = np.frombuffer((Path(folder) / "t10k-images-idx3-ubyte").read_bytes(), np.uint8)[16:]
    images = raw[: 300 * 784].reshape(300, 14, 2, 14, 2).max(axis=(2, 4))
    return (images > 127).reshape(300, -1)


def grey(folder):
    """Digits as the means of 4 x 4 blocks."""
    raw = np.frombuffer((Path(folder) / "t10k-images-idx3-ubyte").read_bytes(), np.uint8)[16:]
    return raw[: 160 * 784].reshape(160, 4, 7, 4, 7).mean(axis=(2, 4)).reshape(160, -1) / 255


def cases_of(rows, metrics):
    cases = []
    for metric in metrics:
        for min_samples, size in [(1, 2), (3, 5), (5, 5), (8, 12)]:
            parameters = {"metric": metric, "minSamples": min_samples, "minClusterSize": size}
            cases.append({**parameters, **hdbscan(rows, metric, min_samples, size)})
    return cases


def write(name, found):
    (HERE / f"{name}.json").write_text(json.dumps(found, separators=(",", ":")) + "\n")
    for case in found["cases"]:
        labels = np.array(case["labels"])
        print(name, len(labels), case["metric"], case["minSamples"], case["minClusterSize"], labels.max() + 1, (labels < 0).sum())


def main():
    random = np.random.default_rng(6)
    sets = {"moons": moons(random), "densities": densities(random), "digits": digits(sys.argv[1])}
    for name, codes in sets.items():
        codes = np.unique(codes, axis=0)[random.permutation(len(np.unique(codes, axis=0)))]
        packed = np.packbits(codes, axis=1, bitorder="little")
        found = {"bitCount": codes.shape[1], "codes": [row.tobytes().hex() for row in packed]}
        write(name, {**found, "cases": cases_of(codes, ["HAMMING", "JACCARD"])})
    random = np.random.default_rng(7)
    points = {"moonPoints": moon_points(random), "blobs": blobs(random), "grey": grey(sys.argv[1])}
    for name, rows in points.items():
        rows = np.round(rows, 5)
        found = {"columns": rows.shape[1], "values": rows.ravel().tolist()}
        write(name, {**found, "cases": cases_of(rows, ["EUCLIDEAN"])})


main()
