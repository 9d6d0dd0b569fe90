#!/usr/bin/env bash
# A sweep as a Slurm array: each task plays its part of the points into one shared folder.
#
#   SHARDS=16 sbatch --array=1-16 examples/slurm-array.sh shop.json --vary api.memorySize=512MB..3072MB:256MB
#   lsim merge points                           # when all tasks are done
#
# A task that failed or ran out of time is given again (SHARDS=16 sbatch --array=7 …): it goes on where it stopped. SHARDS is
# said each time, since Slurm's own count is that of the array at hand.
#SBATCH --job-name=lsim-sweep
#SBATCH --cpus-per-task=2
#SBATCH --time=01:00:00
set -euo pipefail

# Arrays may count from 1 or from 0 (then FIRST=0); lsim counts shards from 1.
shard="$((SLURM_ARRAY_TASK_ID - ${FIRST:-1} + 1))"

exec ${LSIM:-lsim} sweep "$@" --shard "$shard/${SHARDS:?how many shards there are in all}" --out "${OUT:-points}" --jobs "${SLURM_CPUS_PER_TASK:-1}" --quiet
