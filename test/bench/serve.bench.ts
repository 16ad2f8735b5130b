/**
 * What `serve` adds to a direct call to the same upstream, next to a gateway that only relays, in the same run. Client,
 * upstream, relay and `serve` are separate processes. Arguments select the measures whose names contain one of them.
 */
import { buildIfStale } from "../../scripts/build/buildIfStale.ts";
import { Client } from "./serve/client.ts";
import { type Bench, MEASURES, warmUp } from "./serve/measures.ts";
import { startProcesses, TOKEN } from "./serve/processes.ts";

await buildIfStale();
const wanted = process.argv.slice(2);
const processes = await startProcesses();
const bench: Bench = {
  direct: new Client(processes.upstreamOrigin, "up", "k"),
  relay: new Client(processes.relayOrigin, "up", "k"),
  serve: new Client(processes.serveOrigin, "auto", TOKEN),
  processes,
};
try {
  await warmUp(bench);
  for (const [name, measure] of Object.entries(MEASURES)) {
    if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) continue;
    console.log(`\n${name}`);
    console.table(await measure(bench));
  }
} finally {
  for (const client of [bench.direct, bench.relay, bench.serve]) client.close();
  await processes.stop();
}
