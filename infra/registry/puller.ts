import * as pulumi from "@pulumi/pulumi";
import { Login } from "../keys/login";
import { rotatedName } from "../keys/generated-secret";

/**
 * Who pulls from the farm's registry, and pushes to it.
 *
 * A registry knows one password for each user, and a service pulls with the login that it was last updated with: each
 * rotation is a user of its own, and the previous one stays valid until the next rotation.
 */
export class Puller {
  /** The login that services get from now on. */
  readonly login: Login;
  /** The registry's users as it reads them. Secret. */
  readonly users: pulumi.Output<string>;
  /** Names these users, and tells nothing of their passwords. */
  readonly version: pulumi.Output<string>;

  /** @param rotation another number is another login */
  constructor(
    name: string,
    readonly rotation: number,
  ) {
    const login = (number: number) =>
      new Login(rotatedName(name, number), { username: rotatedName("registry", number), rotation: number });
    this.login = login(rotation);
    const previous = rotation > 1 ? login(rotation - 1) : undefined;
    this.users = previous ? pulumi.interpolate`${previous.bcrypt}${this.login.bcrypt}` : this.login.bcrypt;
    this.version = this.login.version;
  }
}
