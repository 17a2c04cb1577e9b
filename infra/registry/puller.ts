import * as pulumi from "@pulumi/pulumi";
import { Login } from "../keys/login";
import { rotatedName } from "../keys/generated-secret";

/**
 * The users of the farm's registry, for pulls and pushes.
 *
 * A registry has one password for each user, and a service pulls with the login of its last update. So each rotation is
 * another user, and the previous user stays valid until the next rotation.
 */
export class Puller {
  /** The present login, which updated services get. */
  readonly login: Login;
  /** The registry's users in htpasswd format. Secret. */
  readonly users: pulumi.Output<string>;
  /** Differs for other users, and reveals nothing about their passwords. */
  readonly version: pulumi.Output<string>;

  /** @param rotation another number generates another login */
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
