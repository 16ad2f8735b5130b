/**
 * What `serve` adds, beside a direct call to the same upstream and a gateway that does nothing but relay, in the same
 * run: client, upstream, relay and `serve` are processes of their own. With arguments, only the measures named so.
 */
import { buildIfStale } from "../../scripts/build/buildIfStale.ts";
import { Client } from "./serve/client.ts";
import { MEASURES } from "./serve/measures.ts";
import { startProcesses, TOKEN } from "./serve/processes.ts";

await buildIfStale();
const wanted = process.argv.slice(2);
const processes = await startProcesses();
const direct = new Client(processes.upstreamOrigin, "up", "k");
const relay = new Client(processes.relayOrigin, "up", "k");
const serve = new Client(processes.serveOrigin, "auto", TOKEN);
try {
  for (const [name, measure] of Object.entries(MEASURES)) {
    if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) continue;
    console.log(`\n${name}`);
    console.table(await measure({ direct, relay, serve, processes }));
  }
} finally {
  for (const client of [direct, relay, serve]) await client.close();
  await processes.stop();
}
