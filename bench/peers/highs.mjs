// node highs.mjs FILE.lp SECONDS: what HiGHS (npm highs, WebAssembly) makes of an LP file, one line.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
const highs = await createRequire(import.meta.url)("highs")({});
const [file, seconds] = process.argv.slice(2);
try {
  const answer = highs.solve(readFileSync(file, "utf8"), { time_limit: Number(seconds), threads: 1, output_flag: false });
  console.log(`cost ${answer.ObjectiveValue ?? "none"} status ${answer.Status}`);
} catch (e) {
  console.log(`cost none status failed (${String(e).slice(0, 60)})`);
}
