/** The line of an `up` that changes nothing: without an update, or with one, where a file of the program or the configuration was written since. */
export const changesNothing = /^(nothing to update|  \d+ unchanged in \d.*)$/m;
