import * as pulumi from "@pulumi/pulumi";
import { ComposeError } from "../../../infra/compose/read";
import { ConfigError } from "../../../infra/config/problem";
import { StackFileError } from "../../../infra/config/stack-file";
import { ContextError } from "../../../infra/images/built";
import { ServiceError } from "../../../infra/service/check";
import { StackError } from "../../../stacks/contract/error";

test.each([
  new ConfigError([]),
  new StackFileError("no file"),
  new ContextError("no context"),
  new ServiceError("web", []),
  new ComposeError("shop", []),
  new StackError("two stacks"),
])("$name is shown by plain Pulumi without a stack trace", (error) => {
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  expect(error.name).not.toBe("Error");
});

test("another error is shown with its stack trace", () => {
  expect(pulumi.RunError.isInstance(new Error("a bug"))).toBe(false);
});
