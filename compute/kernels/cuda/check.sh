#!/usr/bin/env bash
# Checks the CUDA kernels against plain loops and times them, with nothing but nvcc and bash:
#   check.sh [--small]   on the GPU. compute-sanitizer looks over the checks where there is one; the timings go to
#                        bench/results/cuda-<gpu>.json. --small divides the sizes by 8. Without a GPU all is compiled.
#   check.sh --host      on the CPU through the host shim, by g++: the checks alone, and again under the address and
#                        undefined-behaviour sanitizers.
set -euo pipefail
cd "$(dirname "$0")"
results=$(cd ../../.. && pwd)/bench/results
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT

if [ "${1:-}" = --host ]; then
  g++ @host/g++.options -x c++ host/device_functions_test.cpp -o "$build/functions"
  "$build/functions"
  g++ @host/g++.options -x c++ check/main.cu -o "$build/check"
  "$build/check"
  g++ @host/g++.options -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined \
    -x c++ check/main.cu -o "$build/sanitized"
  "$build/sanitized"
  exit
fi

command -v nvcc >/dev/null || { echo 'check.sh: found no nvcc on the PATH' >&2; exit 1; }
nvcc -optf nvcc.options check/main.cu -o "$build/check"
echo 'compiled: library and checks, warnings as errors'
status=0
"$build/check" || status=$?
if [ "$status" = 3 ]; then
  echo 'Nothing ran on a GPU: neither checked nor timed.'
  exit 0
fi
[ "$status" = 0 ] || exit "$status"
if command -v compute-sanitizer >/dev/null; then
  for tool in memcheck racecheck synccheck; do
    compute-sanitizer --tool "$tool" --error-exitcode 1 "$build/check"
  done
else
  echo 'found no compute-sanitizer: its checks did not run'
fi
[ "${1:-}" = --small ] && divisor=8 || divisor=1
mkdir -p "$results"
"$build/check" --time "$results" "$divisor"
