/** Ten years; `rotate.authority` makes another. */
export const authorityDays = 3650;

/** What browsers accept at most from a CA that a person has installed. */
export const certificateDays = 825;

/** `up` renews what the farm's CA issued so many days before it ends. */
export const renewalDays = 30;
