import { once } from 'node:events';
import { createServer } from 'node:http';

/** A server that does the work for a form before it answers. `handle` gets the form and the response. */
export async function withControl(handle, work) {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    await handle(new URLSearchParams(body), response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const result = await work(`http://127.0.0.1:${server.address().port}`);
  server.closeAllConnections();
  server.close();
  return result;
}
