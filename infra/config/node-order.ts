interface Named {
  readonly name: string;
  readonly role: "manager" | "worker";
}

/** Managers first, then by name, its number as a number: worker9 before worker10. The first node initializes the swarm. */
export function nodeOrder(a: Named, b: Named): number {
  const roleOrder = ({ role }: Named) => (role === "manager" ? 0 : 1);
  return roleOrder(a) - roleOrder(b) || a.name.localeCompare(b.name, "en", { numeric: true });
}
