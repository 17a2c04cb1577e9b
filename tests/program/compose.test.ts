import { cases } from "../support/compose/cases";
import { compare } from "../support/compose/compare";
import { RecordingApi } from "../support/compose/recording-api";
import { hasDocker } from "../support/compose/stack-deploy";

let api: RecordingApi;

beforeAll(async () => {
  api = await RecordingApi.start();
});

afterAll(() => api.stop());

const withDocker = hasDocker ? test : test.skip;

withDocker.each(Object.entries(cases))("docker and the model make the same of %s", async (_name, one) => {
  const { docker, specs, model } = await compare(api, one);
  expect(docker).toHaveProperty("taken", true);
  expect(model).toEqual(specs);
});
