/** Ten years; `rotate.authority` makes another. */
export const authorityDays = 3650;

/** What browsers accept at most from a CA that a person has installed. */
export const certificateDays = 825;

/** So many days before a certificate ends `up` renews it where the farm issued it, and `up` and `doctor` report it where not. */
export const renewalDays = 30;
