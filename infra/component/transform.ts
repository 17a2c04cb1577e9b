/**
 * Changes a child of a component before it is declared: the escape hatch for arguments and options that the component does not
 * have. Either arguments to replace, or a function that changes `args` and `opts` in place.
 *
 * Names are not changed: commands and other children find the child by its name.
 */
export type Transform<Args extends object, Opts extends object> =
  Partial<Args> | ((args: Args, opts: Opts, name: string) => void);

/**
 * A child's name, arguments and options, to be spread into its constructor, after the transform.
 *
 * @param transform default: nothing changes
 */
export function transformed<Args extends object, Opts extends object>(
  transform: Transform<Args, Opts> | undefined,
  name: string,
  args: NoInfer<Args>,
  opts: NoInfer<Opts>,
): [name: string, args: Args, opts: Opts] {
  if (typeof transform !== "function") return [name, { ...args, ...transform }, opts];
  const changed = { args: { ...args }, opts: { ...opts } };
  transform(changed.args, changed.opts, name);
  return [name, changed.args, changed.opts];
}
