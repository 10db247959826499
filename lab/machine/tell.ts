/** tell.ts NAME ORDER [HOST]: sends one order to the keeper of a lab. */

import { type Order, orders, tell } from "./control.ts";
import { labFolder } from "./folder.ts";

const [name = "", order = "", host] = Deno.args;
if (!(orders as readonly string[]).includes(order)) {
  console.error(`usage: lab/tell ${orders.join("|")} [source|target]`);
  Deno.exit(2);
}
try {
  const answer = await tell(labFolder(name), order as Order, host);
  if (answer !== "") console.log(answer);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  Deno.exit(1);
}
