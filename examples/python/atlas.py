"""A client of Polytope Atlas in one file: the standard library and numpy, Python 3.9 or newer.

    from atlas import Atlas

    atlas = Atlas()
    for network in atlas.nodes("query ($first: Int!, $after: String) { networks(first: $first, after: $after) "
                               "{ nodes { name parameterCount } pageInfo { hasNextPage endCursor } } }"):
        print(network["name"], network["parameterCount"])
"""

import base64
import io
import json
import os
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote, urljoin

import numpy as np


class AtlasError(Exception):
    """What the atlas refused: a stable code, such as UNKNOWN_NETWORK, and a sentence that says what to do."""

    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code


class Atlas:
    """A connection to one atlas.

    :param url: its address; by default ATLAS_URL, else http://localhost:4000
    :param key: an API key, where it wants one; by default ATLAS_KEY
    :param tries: how often a request is sent that the atlas answers with "not now" and when to ask again
    """

    def __init__(self, url=None, key=None, tries=5):
        self.url = (url or os.environ.get("ATLAS_URL") or "http://localhost:4000").rstrip("/") + "/"
        self.key = key or os.environ.get("ATLAS_KEY")
        self.tries = tries

    def query(self, document, **variables):
        """The `data` of a query's or mutation's answer, as dictionaries and lists. Raises AtlasError."""
        body = json.dumps({"query": document, "variables": variables}).encode()
        headers = {"content-type": "application/json", "accept": "application/json"}
        answer = json.loads(self._send("POST", "graphql", body, headers))
        if answer.get("errors"):
            raise _error(answer["errors"])
        return answer["data"]

    def nodes(self, document, page=500, **variables):
        """All nodes of a connection, fetched page by page as they are asked for.

        The document takes `$first` and `$after`, and asks for one connection with `nodes` and
        `pageInfo { hasNextPage endCursor }`, at whatever depth.
        """
        after = None
        while True:
            connection = _connection(self.query(document, first=page, after=after, **variables))
            if connection is None:
                return
            yield from connection["nodes"]
            if not connection["pageInfo"]["hasNextPage"]:
                return
            after = connection["pageInfo"]["endCursor"]

    def upload(self, path):
        """Uploads a file and answers the handle that `importNetwork` and `importDataset` take."""
        with open(path, "rb") as file:
            headers = {"content-length": str(os.path.getsize(path)), "content-type": "application/octet-stream"}
            return json.loads(self._send("PUT", "files", file, headers))["file"]

    def wait(self, job, every=0.5):
        """Waits until a job has ended. Raises AtlasError where it failed or was cancelled."""
        while True:
            found = self.query("query ($id: ID!) { job(id: $id) { state error errorCode } }", id=job)["job"]
            if found["state"] == "SUCCEEDED":
                return
            if found["state"] in ("FAILED", "CANCELLED"):
                raise AtlasError(found["errorCode"] or found["state"], found["error"] or "The job was cancelled.")
            time.sleep(every)

    def affine_map(self, region):
        """(A, b) of a region, by its path: float64, outputs x inputs and outputs. output = A @ x + b inside it."""
        both = np.load(io.BytesIO(self._send("GET", f"regions/{quote(region, safe='/@~:.')}/affine-map.npy")))
        return both[:, :-1], both[:, -1]

    def _send(self, method, path, body=None, headers=None):
        request = urllib.request.Request(urljoin(self.url, path), data=body, headers=headers or {}, method=method)
        if self.key:
            request.add_header("authorization", f"Bearer {self.key}")
        for attempt in range(1, self.tries + 1):
            try:
                with urllib.request.urlopen(request) as response:
                    return response.read()
            except urllib.error.HTTPError as refusal:
                again = refusal.headers.get("retry-after")
                if again is not None and attempt < self.tries:
                    time.sleep(float(again))
                    if hasattr(body, "seek"):
                        body.seek(0)
                    continue
                raise _refused(refusal) from None


def codes(hexes, bit_count):
    """Codes as their `hex` says them, as a boolean array: codes x bits, bit 0 first."""
    packed = np.frombuffer(bytes.fromhex("".join(hexes)), np.uint8).reshape(len(hexes), -1)
    return np.unpackbits(packed, axis=1, count=bit_count, bitorder="little").astype(bool)


def floats(packed):
    """The numbers of a PackedFloats."""
    return np.frombuffer(base64.b64decode(packed), "<f4")


def ints(packed):
    """The numbers of a PackedInts."""
    return np.frombuffer(base64.b64decode(packed), "<i4")


def commonest(region):
    """The most frequent label of a region that was asked for its `labelCounts { label }`; -1 without labels."""
    return region["labelCounts"][0]["label"] if region["labelCounts"] else -1


def export_partition(atlas, path, target):
    """Writes a partition to an NPZ file: `codes` (regions x bits), `members` and commonest
    `labels` (-1 without) of each region, and
    `inputs`, `positions` and `regions` of each site. Answers the file's path."""
    head = atlas.query("query ($path: String!) { partition(path: $path) { bitCount } }", path=path)["partition"]
    if head is None:
        raise AtlasError("UNKNOWN_PARTITION", f"There is no partition {path}.")
    hexes, members, labels, sites = [], [], [], []
    for region in atlas.nodes(_REGIONS, path=path):
        hexes.append(region["code"]["hex"])
        members.append(region["memberCount"])
        labels.append(commonest(region))
        sites += _sites(atlas, region)
    inputs, positions, regions = np.array(sites, np.int32).reshape(-1, 3).T
    target = Path(target)
    np.savez_compressed(
        target,
        codes=codes(hexes, head["bitCount"]),
        members=np.array(members, np.int32),
        labels=np.array(labels, np.int32),
        inputs=inputs,
        positions=positions,
        regions=regions,
    )
    return target


_MEMBERS = "{ edges { position node { index } } pageInfo { hasNextPage endCursor } }"
_REGIONS = (
    "query ($path: String!, $first: Int!, $after: String) { partition(path: $path) { regions(first: $first, after: $after) "
    "{ nodes { id index labelCounts { label } memberCount code { hex } members(first: 20) " + _MEMBERS + " } "
    "pageInfo { hasNextPage endCursor } } } }"
)
_MORE = (
    "query ($id: ID!, $first: Int!, $after: String) { node(id: $id) { ... on Region { members(first: $first, after: $after) "
    + _MEMBERS + " } } }"
)


def _sites(atlas, region):
    """(input, position, region) of each member; those beyond the first page are fetched."""
    page = region["members"]
    while True:
        for edge in page["edges"]:
            yield edge["node"]["index"], edge["position"], region["index"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]
        page = atlas.query(_MORE, id=region["id"], first=500, after=after)["node"]["members"]


def _connection(answer):
    """The first object in an answer that has `nodes` and `pageInfo`."""
    if isinstance(answer, dict):
        if "nodes" in answer and "pageInfo" in answer:
            return answer
        for value in answer.values():
            found = _connection(value)
            if found is not None:
                return found
    return None


def _refused(refusal):
    try:
        body = json.load(refusal)
        return _error(body.get("errors") or [{"message": body["error"]["message"], "extensions": body["error"]}])
    except (ValueError, KeyError, TypeError):
        return AtlasError(f"HTTP_{refusal.code}", refusal.reason)


def _error(errors):
    return AtlasError(errors[0].get("extensions", {}).get("code", "INTERNAL"), errors[0]["message"])
