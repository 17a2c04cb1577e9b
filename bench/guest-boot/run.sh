#!/usr/bin/env bash
# Boot benchmark: the lean guest image against a stock cloud image, on this machine, under software emulation.
# run.sh [--runs N] [--together N] [--cache DIR] [--lean DIR] [--only stock|lean]
# The clock stops when a command over ssh has had an answer from Docker's API (`docker version`), for both alike.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
runs=3 together=1 limit=900 # seconds a boot may take
kinds=(stock lean)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/swarm-farm/bench-guest-boot
lean=
while (($#)); do
  case $1 in
    --runs) runs=$2 ;;
    --together) together=$2 ;;
    --cache) cache=$2 ;;
    --lean) lean=$2 ;; # an image already built
    --only) kinds=("$2") ;;
    *)
      echo "unknown argument $1" >&2
      exit 2
      ;;
  esac
  shift 2
done

mkdir -p "$cache"
netns=guest-boot-$$
work=$(mktemp -d "$cache/.run-XXXXXX")
vms=()
cleanup() {
  local vm
  for vm in "${vms[@]}"; do kill "$vm" 2>/dev/null || true; done
  wait
  ip netns delete "$netns" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# Images: built once; the lean one is built again when anything of its recipe changed.
recipe=$here/../../images/guest
if [[ ! $lean ]]; then
  lean=$cache/lean-$(cd "$recipe" && find . -type f ! -name README.md -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-12)
  [[ -e $lean ]] || "$recipe/build.sh" "$lean"
fi
stock=$cache/stock
[[ " ${kinds[*]} " != *" stock "* || -e $stock/cmdline ]] || "$here/stock.sh" "$stock"
lean_line="$(jq -r '.cmdline + " " + .cmdlineEmulated' "$recipe/recipe.json")"

ssh-keygen -q -t ed25519 -N '' -C bench -f "$work/user"
ssh-keygen -q -t ed25519 -N '' -C bench -f "$work/host"
for kind in lean stock; do "$here/seed.sh" "$kind" "$work" "$work/$kind.iso"; done
ip netns add "$netns"
ip netns exec "$netns" ip link set lo up

# boot KIND NUMBER: starts a VM and sets $vm to its process. The settings are those of the farm's libvirt domains.
boot() {
  local kind=$1 number=$2 images line
  if [[ $kind == lean ]]; then images=$lean line=$lean_line; else images=$stock line=$(<"$stock/cmdline"); fi
  qemu-img create -q -f qcow2 -b "$(realpath "$images")/disk.qcow2" -F qcow2 "$work/$number.qcow2" 8G
  ip netns exec "$netns" qemu-system-x86_64 -accel tcg -machine pc -cpu Nehalem -smp 1 -m 1024 -nodefaults -display none \
    -serial "file:$work/$number.log" \
    -drive "file=$work/$number.qcow2,if=virtio,format=qcow2" \
    -drive "file=$work/$kind.iso,if=virtio,format=raw,readonly=on" \
    -netdev "user,id=net,hostfwd=tcp:127.0.0.1:$((2200 + number))-:22" \
    -device virtio-net-pci,netdev=net,mac=52:54:00:00:00:0a,romfile= \
    -device virtio-rng-pci -device virtio-balloon-pci \
    -kernel "$images/vmlinuz" -initrd "$images/initrd.img" -append "$line" 2>"$work/$number.err" &
  vm=$!
  vms+=("$vm")
}

# answer NUMBER: waits until ssh and Docker answer, then notes wall and CPU seconds.
answer() {
  local number=$1 vm=$2 started=$3 ssh ticks
  ssh=(ip netns exec "$netns" ssh -q -i "$work/user" -p $((2200 + number)) -o BatchMode=yes -o ConnectTimeout=3
    -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null root@127.0.0.1)
  # Waits inside one session: a login each second would itself slow the guest down.
  until timeout "$limit" "${ssh[@]}" 'until systemctl is-active -q docker; do sleep 0.5; done; docker version -f "{{.Server.Version}}"' >"$work/$number.version" 2>/dev/null; do
    if ! kill -0 "$vm" 2>/dev/null || ((EPOCHSECONDS - ${started%.*} > limit)); then
      echo "VM $number did not answer:" >&2
      tail -n 20 "$work/$number.err" "$work/$number.log" >&2
      return 1
    fi
    sleep 1
  done
  ticks=$(awk '{ print $14 + $15 }' "/proc/$vm/stat")
  awk -v from="$started" -v to="$EPOCHREALTIME" -v ticks="$ticks" -v hz="$(getconf CLK_TCK)" \
    'BEGIN { printf "%.1f %.1f\n", to - from, ticks / hz }' >"$work/$number.time"
  "${ssh[@]}" "$(<"$here/usage.sh")" >"$work/$number.usage"
}

# measure KIND: boots as many as asked for at once; a line per VM in KIND.times.
measure() {
  local kind=$1 number started pids=() waits=() pid
  vms=()
  started=$EPOCHREALTIME
  for ((number = 1; number <= together; number++)); do
    boot "$kind" "$number"
    pids+=("$vm")
  done
  for ((number = 1; number <= together; number++)); do
    answer "$number" "${pids[number - 1]}" "$started" &
    waits+=($!)
  done
  for pid in "${waits[@]}"; do wait "$pid"; done
  for ((number = 1; number <= together; number++)); do
    echo "$kind $(cat "$work/$number.time") docker $(cat "$work/$number.version")" | tee -a "$work/times" >&2
    kill "${pids[number - 1]}"
    wait "${pids[number - 1]}" || true
    mv "$work/$number.usage" "$work/usage.$kind"
    rm -f "$work/$number".*
  done
  vms=()
}

for ((run = 1; run <= runs; run++)); do
  for kind in "${kinds[@]}"; do measure "$kind"; done
done

median() { awk -v kind="$1" -v column="$2" '$1 == kind { print $column }' "$work/times" | sort -n |
  awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
printf '\n%s · %s cores · %s · %s · %s at once, %s runs, load %s\n\n' "$(date +%F)" "$(nproc)" \
  "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(qemu-system-x86_64 --version | head -n 1 | sed 's/ (.*//')" \
  "$together" "$runs" "$(cut -d' ' -f1 /proc/loadavg)"
printf '| image | until ssh and Docker answer, median s | CPU s of QEMU, median | disk MB |\n| --- | --- | --- | --- |\n'
for kind in "${kinds[@]}"; do
  printf '| %s | %s | %s | %s |\n' "$kind" "$(median "$kind" 2)" "$(median "$kind" 3)" "$(($(stat -Lc %s "${!kind}/disk.qcow2") / 1000000))"
done
for kind in "${kinds[@]}"; do printf '\n%s, CPU seconds in the guest:\n%s\n' "$kind" "$(<"$work/usage.$kind")"; done
[[ ${#kinds[@]} == 2 ]] || exit 0
awk -v lw="$(median lean 2)" -v sw="$(median stock 2)" -v lc="$(median lean 3)" -v sc="$(median stock 3)" \
  'BEGIN { printf "\nlean / stock: %.2f of the time, %.2f of the CPU\n", lw / sw, lc / sc }'
