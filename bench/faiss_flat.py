"""Times faiss's exact binary index (Debian python3-faiss) on random codes; prints version and seconds."""
import sys
import time

import faiss
import numpy

queries, rows, bits, k, rounds, threads = map(int, sys.argv[1:])
faiss.omp_set_num_threads(threads)
base = numpy.random.default_rng(1).integers(0, 256, (rows, bits // 8), dtype=numpy.uint8)
index = faiss.IndexBinaryFlat(bits)
index.add(base)
times = []
for _ in range(rounds + 1):
    start = time.perf_counter()
    index.search(base[:queries], k)
    times.append(time.perf_counter() - start)
print(faiss.__version__, sorted(times[1:])[rounds // 2])
