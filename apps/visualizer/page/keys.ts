const tasksOf = (column: Element | null | undefined): readonly HTMLElement[] =>
  column ? [...column.querySelectorAll<HTMLElement>("[data-task]")] : [];

/** The next column on either side that has tasks. */
function beside(column: Element, step: "next" | "previous"): readonly HTMLElement[] {
  let other: Element | null = column;
  do other = step === "next" ? other.nextElementSibling : other.previousElementSibling;
  while (other && tasksOf(other).length === 0);
  return tasksOf(other);
}

/** Arrows move among tasks: Tab goes from column to column, not through thousands of tasks. */
export function moveByKey(event: KeyboardEvent): void {
  const task = (event.target as Element).closest<HTMLElement>("[data-task]");
  const column = task?.closest(".column");
  if (!task || !column) return;
  const tasks = tasksOf(column);
  const at = tasks.indexOf(task);
  const targets: Record<string, () => HTMLElement | undefined> = {
    ArrowDown: () => tasks[at + 1],
    ArrowUp: () => tasks[at - 1],
    Home: () => tasks[0],
    End: () => tasks.at(-1),
    ArrowRight: () => nearest(beside(column, "next"), at),
    ArrowLeft: () => nearest(beside(column, "previous"), at),
  };
  const target = targets[event.key]?.();
  if (!target) return;
  event.preventDefault();
  target.focus();
}

const nearest = (tasks: readonly HTMLElement[], at: number): HTMLElement | undefined =>
  tasks[Math.min(at, tasks.length - 1)];

/** `/` goes to the search, wherever one is, as on many sites. */
export function searchByKey(event: KeyboardEvent): void {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if ((event.target as Element).closest("input, select, textarea, dialog")) return;
  event.preventDefault();
  document.getElementById("search")?.focus();
}
