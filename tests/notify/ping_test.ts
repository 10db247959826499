import assert from "node:assert/strict";
import { ping, pingUrl } from "../../src/notify/ping.ts";

Deno.test("the kind of a call is the end of the path", () => {
  assert.equal(pingUrl("https://hc.example.org/uuid", "success"), "https://hc.example.org/uuid");
  assert.equal(pingUrl("https://hc.example.org/uuid", "start"), "https://hc.example.org/uuid/start");
  assert.equal(pingUrl("https://hc.example.org/uuid/?rid=1", "fail"), "https://hc.example.org/uuid/fail?rid=1");
});

Deno.test("a call reaches its service, and every way to fail is told without the path", async () => {
  const seen: string[] = [];
  const slow = new AbortController();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname } = new URL(request.url);
    seen.push(`${request.method} ${pathname}`);
    if (pathname.startsWith("/slow")) await new Promise((done) => slow.signal.addEventListener("abort", done));
    return new Response("OK", { status: pathname.startsWith("/gone") ? 404 : 200 });
  });
  const { port } = server.addr;
  const host = `127.0.0.1:${port}`;
  assert.equal(await ping(`http://${host}/secret`, "start"), undefined);
  assert.equal(await ping(`http://${host}/secret`, "success"), undefined);
  assert.equal(await ping(`http://${host}/gone`, "fail"), `${host} answered with status 404`);
  assert.equal(await ping(`http://${host}/slow`, "success", 100), `${host} gave no answer within 0.1 s`);
  assert.deepEqual(seen, ["GET /secret/start", "GET /secret", "GET /gone/fail", "GET /slow"]);
  slow.abort();
  await server.shutdown();
  assert.equal(await ping(`http://${host}/secret`, "success"), `cannot reach ${host}`);
});
