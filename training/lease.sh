#!/bin/bash
# A lease of 30 minutes on a borrowed GPU, step by step: see training/README.md. Goes on where its runs stopped.
# usage: lease.sh measure | first | beside | rest        OUT: what comes back. DATA: the folder of photos.
set -uo pipefail
PYTHON=${PYTHON:-python3}
DATA=${DATA:-.carry}
RUNS=${RUNS:-.carry/runs}
OUT=${OUT:-runs/lease}
MINUTES=${MINUTES:-26}
export OMP_NUM_THREADS=4 PYTHONUNBUFFERED=1
mkdir -p "$OUT" "$RUNS"

# photos ZIP...: what of these is there
photos() { for zip in "$@"; do [ -f "$zip" ] && printf -- '--photos %s ' "$zip"; done; }
FACES=$(photos "$DATA"/*/train-[0-9].zip)
SCENES=$(photos "$DATA"/*/train-bsds500.zip "$DATA"/*/train-urban60.zip)
LABELS=$(ls "$DATA"/*/parsing-labels.zip 2>/dev/null | head -1)

# train RECIPE CALL_MINUTES OPTION...: goes on with the run of that recipe
train() {
  local recipe=$1 minutes=$2
  shift 2
  mkdir -p "$RUNS/$recipe"
  $PYTHON -m training train "$recipe" --minutes "$MINUTES" --call-minutes "$minutes" --resume --run-dir "$RUNS/$recipe" \
    --judged 64 "$@" 2>&1 | tee -a "$RUNS/$recipe/call.log"
}

# measured RECIPE OPTION...: samples/s, shares of waiting and arithmetic, eager and compiled
measured() {
  local recipe=$1
  shift
  for way in --no-compile --compile; do
    rm -rf "$RUNS/measured"
    $PYTHON -m training train "$recipe" --minutes 60 --call-minutes 0.4 --from scratch --most-photos 200 --judged 8 \
      --run-dir "$RUNS/measured" "$way" "$@" 2>&1 | grep -E "samples_per_second|rror" | tail -1 \
      | sed "s/^/$recipe $way: /" | tee -a "$OUT/measured.log"
  done
  return 0
}

# kept RECIPE...: what of their runs comes back, in parts of 15 MiB (cat kept.tar.* | tar x): checkpoints if they are small
kept() {
  (cd "$RUNS" && find "$@" -type f \( -name '*.json' -o -name '*.jsonl' -o -name '*.log' -o -name '*.safetensors' \) \
    -size -40000k 2>/dev/null | tar c -T - 2>/dev/null) | split -b 15m - "$OUT/kept.tar."
}

case ${1:-} in
  measure)
    $PYTHON -m training speed --seconds 1 2>&1 | tee "$OUT/speed.log"
    measured wrfn $FACES
    measured deepdeblur $FACES
    measured analysis-synthesis $FACES
    measured learned-deconv $FACES
    if [ -n "$LABELS" ]; then measured semantic $FACES --labels "$LABELS"; fi
    ;;
  first)
    train wrfn 5 $FACES
    kept wrfn
    ;;
  beside)
    [ -n "$LABELS" ] && train semantic 8 $FACES --labels "$LABELS" > /dev/null &
    train deepdeblur 8 $FACES > /dev/null &
    train analysis-synthesis 8 $FACES $SCENES > /dev/null &
    wait
    kept semantic deepdeblur analysis-synthesis
    ;;
  rest)
    train wrfn 8 $FACES $SCENES > /dev/null &
    train learned-deconv 8 $SCENES $FACES > /dev/null &
    wait
    kept wrfn learned-deconv
    ;;
  *)
    sed -n '2,3p' "$0"
    exit 2
    ;;
esac
