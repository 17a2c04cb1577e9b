// Node.js loads this before the program (`nodeargs` in Pulumi.yaml): a missing package is one message instead of a compiler's trace.
try {
  require.resolve("swarm-farm");
} catch {
  console.error("package 'swarm-farm' is not installed here: run 'npm run package', then 'npm install'");
  process.exit(1);
}
