// Loaded into the Node process that renders formulas. Its stdin is a pipe from the build; when the build is gone, even
// killed, the pipe ends, and so does Node. Otherwise it would live on and hold the build's output open.
process.stdin.on("end", () => process.exit()).resume();
