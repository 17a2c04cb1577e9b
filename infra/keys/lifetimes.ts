/** Ten years; `rotate.authority` generates another. */
export const authorityDays = 3650;

/** The most that browsers accept from a CA that a user has installed. */
export const certificateDays = 825;

/** `up` renews a certificate of the farm's own CA this many days before it expires; `up` and `doctor` report any other. */
export const renewalDays = 30;
