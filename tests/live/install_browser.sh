#!/bin/sh
# Chromium, its driver and fonts for the scripts shown, from Debian's packages, unless they are there.
set -eu
if command -v chromium >/dev/null && command -v chromedriver >/dev/null && fc-list 2>/dev/null | grep -q NotoSansCJK; then exit 0; fi
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
  echo "make test-live needs chromium and chromedriver (Debian: apt-get install chromium chromium-driver fonts-noto-core fonts-noto-cjk)" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends chromium chromium-driver fontconfig fonts-noto-core fonts-noto-cjk >/dev/null
