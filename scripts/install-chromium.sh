#!/usr/bin/env bash
# Installs Chromium for the tests of the explorer, on Debian and Ubuntu, as root: sudo bash scripts/install-chromium.sh
# Elsewhere: install Chrome or Chromium in whatever way, and set CHROMIUM to its path.
set -euo pipefail
if command -v chromium > /dev/null; then
  echo "Chromium is there: $(command -v chromium)"
  exit
fi
apt-get update -q
DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium
