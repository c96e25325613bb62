#!/usr/bin/env bash
# Makes recordings.html: public recordings, each followed by Tonus's own of the same kind. TONUS_DATA names the folder of the public ones (README).
set -euo pipefail
cd "$(dirname "$0")/.."
tonus="${CARGO_TARGET_DIR:-target}/release/tonus"
real="$TONUS_DATA/recordings"
own="$(mktemp -d)"
trap 'rm -rf "$own"' EXIT

# One recording of an item: which of its files, item, patient and flags.
record() {
  local number="$1" name="$2"
  shift 2
  "$tonus" record "$@" --out "$own/$name" --quiet >/dev/null
  for file in "$own/$name"/*_"$number".edf; do
    mv "$file" "$own/Tonus-$name.edf"
  done
}

record 2 needle-healthy lab.needle.tibialis_anterior healthy
record 2 needle-dystrophy lab.needle.tibialis_anterior duchenne
record 2 needle-als lab.needle.tibialis_anterior als --at 18mo
record 1 scan-healthy lab.cmap_scan.median healthy
record 1 grid-biceps lab.surface_emg.biceps_brachii healthy --set effort=0.03 --set seconds=30
record 1 tremor-parkinson bedside.tremor.rest parkinson

"$tonus" analyse --quiet --out docs/recordings.html \
  "$real/emgdb/emg_healthy.hea" "$own/Tonus-needle-healthy.edf" \
  "$real/emgdb/emg_myopathy.hea" "$own/Tonus-needle-dystrophy.edf" \
  "$real/emgdb/emg_neuropathy.hea" "$own/Tonus-needle-als.edf" \
  "$real/cmap-scan/MSCC00128A_OM2.MEM" "$own/Tonus-scan-healthy.edf" \
  "$real/hdemg/otb_testfile.mat" "$own/Tonus-grid-biceps.edf" \
  "$real"/tremor-tapping/2458/T_-_REST_TREMOR_AMPLITUDE_-_RIGHT_HAND*.csv "$own/Tonus-tremor-parkinson.edf" \
  "$real"/tremor-tapping/2458/FT_-_TWO_TARGET_-_RIGHT_HAND*.csv \
  "$real/gaitndd/control1.ts" "$real/gaitndd/park1.ts" "$real/gaitndd/hunt1.ts" "$real/gaitndd/als1.ts" >/dev/null
