import { compare } from "../support/compose/compare";
import { RecordingApi } from "../support/compose/recording-api";
import { refusedHere } from "../support/compose/refused-here";
import { hasDocker } from "../support/compose/stack-deploy";

let api: RecordingApi;

beforeAll(async () => {
  api = await RecordingApi.start();
});

afterAll(() => api.stop());

(hasDocker ? test : test.skip).each(Object.entries(refusedHere))(
  "docker's client takes %s, and the farm refuses it",
  async (_name, [one, path]) => {
    const { docker, result } = await compare(api, one);
    expect(docker.accepted ? "" : docker.message).toBe("");
    const refused = result.findings.filter(({ outcome }) => outcome === "refused");
    expect(refused.map((finding) => finding.path)).toContain(path);
    expect(refused.filter(({ alternative }) => alternative === undefined)).toEqual([]);
  },
);
