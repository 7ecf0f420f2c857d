import tseslint from "typescript-eslint";

/** Sizes are the budget of CONTRIBUTING.md; medians and percentiles are held by test/architecture. */
const sizes = {
  "max-lines": ["error", { max: 400 }],
  "max-lines-per-function": ["error", { max: 80 }],
  complexity: ["error", 14],
};

/** Each of these has exactly one home, so that time, randomness, the environment and the exit are arguments elsewhere. */
const onlyAtTheEdge = [
  { object: "process", property: "env", message: "The environment is read in src/config/ only." },
  { object: "process", property: "exit", message: "The process ends in src/main.ts only." },
  { object: "Date", property: "now", message: "Take the time from a Clock (src/clock.ts)." },
  { object: "Math", property: "random", message: "Take randomness from src/clock.ts." },
];

export default tseslint.config(
  { ignores: ["dist/", "coverage/", "node_modules/", "src/harbor/generated/"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      ...sizes,
      "no-console": "error",
      "no-restricted-properties": ["error", ...onlyAtTheEdge],
      "no-restricted-globals": ["error", "setTimeout", "setInterval"],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      // What is only to be disposed of at the end needs a name, and no other use; so does what is left out of a copy.
      "@typescript-eslint/no-unused-vars": [
        "error",
        { ignoreUsingDeclarations: true, ignoreRestSiblings: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  { files: ["src/clock.ts"], rules: { "no-restricted-properties": "off", "no-restricted-globals": "off" } },
  { files: ["src/main.ts", "src/config/**"], rules: { "no-restricted-properties": "off" } },
  {
    files: ["test/**", "bench/**"],
    rules: {
      "max-lines-per-function": ["error", { max: 200 }],
      "@typescript-eslint/no-non-null-assertion": "off",
      "no-restricted-properties": "off",
    },
  },
  {
    files: ["**/*.js", "**/*.mjs", "**/*.cjs"],
    ...tseslint.configs.disableTypeChecked,
    rules: {
      ...tseslint.configs.disableTypeChecked.rules,
      "no-console": "off",
      "no-restricted-properties": "off",
    },
  },
);
