#!/bin/bash
# A lease of 15 minutes on a borrowed GPU, step by step: see training/README.md. Goes on where its runs stopped.
# usage: lease.sh check | train | speed        OUT: what comes back. EAGER: recipes not to compile. SKIP: recipes to leave out.
set -uo pipefail
PYTHON=${PYTHON:-python3}
DATA=${DATA:-/tmp/lease/data}
RUNS=${RUNS:-/tmp/lease/runs}
OUT=${OUT:-runs/lease}
SCALE=${SCALE:-1} # of all minutes: a rehearsal takes fewer
EAGER=" ${EAGER:-} "
SKIP=" ${SKIP:-} "
WEIGHTS=resources/weights
export OMP_NUM_THREADS=2 TORCHINDUCTOR_COMPILE_THREADS=4 PYTHONUNBUFFERED=1
mkdir -p "$OUT" "$RUNS" "$DATA"

# What a call has carried stays on the machine only outside of the repository.
[ -d .carry ] && cp -ru .carry/. "$DATA"

# photos ZIP...: what of these is there
photos() { for zip in "$@"; do [ -f "$zip" ] && printf -- '--photos %s ' "$zip"; done; }
ANY=$(photos "$DATA"/scenes/*.zip "$DATA"/faces/*.zip)
ALIGNED="$(photos "$DATA"/aligned/faces.zip) --labels $DATA/aligned/labels.zip"

minutes() { awk "BEGIN { print $1 * $SCALE }"; }

# recipe NAME MINUTES OPTION...: trains in the background, its log in its run's folder
recipe() {
  local name=$1 id=${1%%@*} budget=$2
  shift 2
  case $SKIP in *" $id "*) return ;; esac
  case $EAGER in *" $id "*) set -- --no-compile "$@" ;; esac
  mkdir -p "$RUNS/$id"
  $PYTHON -m training train "$name" --minutes "$(minutes "$budget")" --resume --run-dir "$RUNS/$id" --judged 64 "$@" \
    > "$RUNS/$id/call.log" 2>&1 &
}

# views: the teacher's answers to twenty views of each face, on the cores that the GPU leaves idle
views() {
  case $SKIP in *" face-embedding "*) return ;; esac
  [ -f "$DATA/embedding/more.npz" ] || nice $PYTHON -m training.distil_embedding views --faces "$DATA/embedding/faces.npz" \
    --teacher "$DATA/teacher/face-embedding.onnx" --views 20 -o "$DATA/embedding/more.npz" > "$RUNS/views.log" 2>&1 &
  VIEWS=$!
}

# embedding MINUTES: goes on with the face embedding
embedding() {
  case $SKIP in *" face-embedding "*) return ;; esac
  mkdir -p "$RUNS/face-embedding"
  $PYTHON -m training.distil_embedding train --faces "$DATA/embedding/more.npz" --pairs "$DATA/embedding/pairs.npz" \
    --minutes "$(minutes "$1")" --from $WEIGHTS/face-embedding.safetensors --resume --run-dir "$RUNS/face-embedding" \
    > "$RUNS/face-embedding/call.log" 2>&1 &
}

# measured RECIPE OPTION...: samples/s of its stages against the device's limit, eager and compiled
measured() {
  local name=$1
  shift
  $PYTHON -m training throughput "$name" --seconds "${SECONDS_EACH:-1}" --profiles "$RUNS/kernels-$name.txt" "$@" \
    > "$RUNS/throughput-$name.log" 2>&1 || true
}

# told: the tables, and what went wrong
told() {
  grep -hE '^\||Error' "$RUNS"/throughput-*.log
  tar cz -C "$RUNS" --exclude '*.safetensors' --exclude '*.npy' . > "$OUT/measured.tar.gz"
}

# kept: weights, cards and logs come back in parts of 15 MiB (cat kept.tar.gz.* | tar xz); checkpoints are too large
kept() {
  find "$RUNS" -type f \( -name '*.json' -o -name '*.jsonl' -o -name '*.log' -o -name '*.safetensors' \) \
    ! -name 'checkpoint*' -printf '%P\n' | tar cz -C "$RUNS" -T - | split -b 15m - "$OUT/kept.tar.gz."
}

case ${1:-} in
  check) # every stage of every recipe takes a few steps, all at once, while the compilers work
    measured wrfn $ANY &
    measured semantic $ALIGNED --batch 16 &
    measured analysis-synthesis $ANY --batch 16 &
    measured deepdeblur $ALIGNED --batch 32 &
    measured learned-deconv $ANY &
    wait
    told
    ;;
  train) # goes on from the weights that ship; the small ones end first, and leave the GPU to the large ones
    views
    recipe analysis-synthesis 8.5 $ANY --batch 16 --stage analysis --stage together
    recipe semantic 8.5 $ALIGNED --batch 16 --stage fine --stage together --anew fine_nets
    recipe wrfn 8.5 $ANY --batch 48 --peak 0.4
    recipe learned-deconv 3 $ANY --from scratch
    recipe deepdeblur 5 $ALIGNED --batch 32 --peak 0.5
    wait $! ${VIEWS:-}
    embedding 3
    wait
    kept
    tail -qn 2 "$RUNS"/*/call.log
    ;;
  speed) # alone on the GPU: milliseconds of the networks, samples/s of the recipes
    $PYTHON -m training speed --seconds 0.5 2>&1 | tee "$OUT/speed.log"
    measured wrfn $ANY
    measured semantic $ALIGNED
    measured deepdeblur $ALIGNED
    measured analysis-synthesis $ANY
    measured learned-deconv $ANY
    told
    ;;
  *)
    sed -n '2,3p' "$0"
    exit 2
    ;;
esac
