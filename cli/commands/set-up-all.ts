import { checkCapacity } from "../setup/check/capacity";
import { checkConfiguration, decryptedConfiguration } from "../setup/check/configuration";
import { checkHypervisors } from "../setup/check/hypervisors";
import { setUpAll } from "../setup/set-up";
import type { SetUp } from "./set-up";

/** Setup for commands of the whole farm. */
export const setUp: SetUp = {
  all: setUpAll,
  configuration: checkConfiguration,
  decrypted: decryptedConfiguration,
  hypervisors: checkHypervisors,
  capacity: checkCapacity,
};
