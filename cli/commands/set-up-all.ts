import { checkCapacity } from "../setup/check/capacity";
import { checkConfiguration, decryptedConfiguration } from "../setup/check/configuration";
import { checkHypervisors } from "../setup/check/hypervisors";
import { setUpAll } from "../setup/set-up";
import type { SetUp } from "./set-up";

/** What commands of the whole farm use to set it up. */
export const setUp: SetUp = {
  all: setUpAll,
  configuration: checkConfiguration,
  decrypted: decryptedConfiguration,
  hypervisors: checkHypervisors,
  capacity: checkCapacity,
};
