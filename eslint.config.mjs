import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const noResourceInApply = {
  selector:
    "CallExpression[callee.property.name='apply'] NewExpression:not([callee.name=/(Error|^Map|^Set)$/], [callee.property.name=/Error$/])",
  message:
    "What is made inside apply is missing from the preview: make it outside, and pass the output in as its argument.",
};

export default defineConfig(
  globalIgnores(["sdks/**", "dist/**", "examples/**", "offline/**", "coverage/**", "apps/**"]),
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-restricted-syntax": ["error", noResourceInApply],
      // Numbers print as anyone expects; what must not reach a text is an Output or another object.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `const { gone, ...rest } = all` is how a key is left out.
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
    },
  },
  {
    files: ["tests/**/*.ts"],
    // Jest's own types make `expect.stringMatching(...)` and the like `any`.
    rules: { "@typescript-eslint/no-unsafe-assignment": "off" },
  },
);
