import { scripts } from "../../../infra/libvirt/scripts";
import { runWith } from "../../support/fake-programs";

interface Guest {
  /** States of the guest, one for each query; after the last it does not exist. */
  readonly states: readonly string[];
  /** Whether libvirt knows KVM. Default: yes */
  readonly kvm?: boolean;
  /** Whether there is a kernel to try. Default: yes */
  readonly kernel?: boolean;
}

/** Probes a hypervisor where each look at the guest takes five seconds. */
function probe({ states, kvm = true, kernel = true }: Guest) {
  const virsh = `case $* in
  *domcapabilities*) exit ${kvm ? "0" : "1"} ;;
  *" create "*) cat >"$here/domain" && echo "$(tr -d '\\n' <"$here/domain")" >>"$here/calls" ;;
  *domstate*) [ -s "$here/states" ] || exit 1; head -n 1 "$here/states"; sed -i 1d "$here/states" ;;
esac`;
  return runWith(
    scripts("kvm-probe.sh", {}),
    { virsh, date: "now=$(( $(cat now 2>/dev/null || echo 0) + 5 )); echo $now | tee now" },
    {
      files: { states },
      env: {
        URI: "qemu:///system",
        NAME: "dev-kvm-probe",
        OTHERWISE: "printf qemu; exit 0",
        ...(kernel ? { KERNEL: "/pool/vmlinuz", INITRD: "/pool/initrd" } : {}),
      },
    },
  );
}

const destroyed = "virsh -q -c qemu:///system destroy dev-kvm-probe";

test("a guest that powers itself off runs under KVM", () => {
  const { status, stdout, calls } = probe({ states: ["running"] });
  expect([status, stdout, calls.includes(destroyed)]).toEqual([0, "kvm", false]);
  expect(calls.join("\n")).toContain("<kernel>/pool/vmlinuz</kernel><initrd>/pool/initrd</initrd>");
});

test.each<[string, Guest]>([
  ["a guest that crashes", { states: ["running", "crashed"] }],
  ["a guest that never ends", { states: Array.from({ length: 9 }, () => "running") }],
  ["a hypervisor without KVM", { states: [], kvm: false }],
])("%s is no KVM, and nothing of it is left", (_, guest) => {
  const { status, stdout, calls } = probe(guest);
  expect([status, stdout, calls.includes(destroyed)]).toEqual([0, "qemu", true]);
});

test("a guest without a kernel has only to stay alive", () => {
  const { stdout, calls } = probe({ states: ["running", "running"], kernel: false });
  expect([stdout, calls.includes(destroyed)]).toEqual(["kvm", true]);
  expect(calls.join("\n")).not.toContain("<kernel>");
});
