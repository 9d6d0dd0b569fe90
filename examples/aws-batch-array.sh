#!/usr/bin/env bash
# What the container of an AWS Batch array job runs: its part of a sweep, into a shared file system (EFS).
#
#   aws batch submit-job --job-name lsim-sweep --job-queue sweeps --job-definition lsim \
#     --array-properties size=16 --container-overrides '{"environment": [{"name": "SHARDS", "value": "16"}]}'
#   lsim merge /mnt/points                      # when the array is done
#
# AWS_BATCH_JOB_ARRAY_INDEX counts from 0, shards from 1. Batch does not tell a child how many there are: SHARDS does, and is
# the same number as size. A child that is tried again goes on where it stopped.
set -euo pipefail

shard="$((AWS_BATCH_JOB_ARRAY_INDEX + 1))"
exec ${LSIM:-lsim} sweep "${SCENARIO:-/mnt/shop.json}" ${VARY:---vary api.memorySize=512MB..3072MB:256MB} \
  --shard "$shard/$SHARDS" --out "${OUT:-/mnt/points}" --jobs 2 --quiet
