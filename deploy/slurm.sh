#!/bin/sh
# A sweep as an array of jobs under Slurm: every task computes one shard in a folder of its own.
#
#   sbatch --array=1-64 deploy/slurm.sh results --axis coupling.delayed.G=0:1:320 --axis dynamics.J_N=0:0.5:320 --observe mean:last=500
#   neurograd sweep merge results/shard-* --out results/merged
#
# The first word is the folder, the rest are the flags of "neurograd sweep run". A task that was ended, by its time limit for
# example, goes on where it was when it is submitted again: sbatch --array=17,23 … with the same words. NEUROGRAD is the program,
# by default the one on the PATH; it is one static file, so copying it to a shared folder is all the installation there is.
#SBATCH --job-name=neurograd
#SBATCH --cpus-per-task=2
#SBATCH --mem-per-cpu=500M
#SBATCH --time=04:00:00
#SBATCH --signal=INT@60
set -eu

if [ $# -lt 2 ] || [ -z "${SLURM_ARRAY_TASK_ID:-}" ]; then
	echo "usage: sbatch --array=1-N deploy/slurm.sh FOLDER FLAGS of neurograd sweep run" >&2
	exit 2
fi
if [ "${SLURM_ARRAY_TASK_MIN:-1}" -lt 1 ]; then
	echo "tasks are counted from 1: sbatch --array=1-N" >&2
	exit 2
fi
folder=$1
shift
# The number of shards must stay the same when single tasks are submitted again.
shards_file=$folder/shards
mkdir -p "$folder"
if [ ! -s "$shards_file" ]; then
	echo "$SLURM_ARRAY_TASK_MAX" >"$shards_file.$SLURM_ARRAY_TASK_ID" && mv "$shards_file.$SLURM_ARRAY_TASK_ID" "$shards_file"
fi
shards=$(cat "$shards_file")

exec "${NEUROGRAD:-neurograd}" sweep run "$@" \
	--shard "$SLURM_ARRAY_TASK_ID/$shards" \
	--workers "${SLURM_CPUS_PER_TASK:-0}" \
	--out "$folder/shard-$SLURM_ARRAY_TASK_ID"
