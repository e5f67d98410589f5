import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** One message of a client to the server, by its text. */
export interface Moment {
  readonly text: RegExp;
  /** it counts from this one on */
  readonly after?: RegExp;
  /** before the server gets it, or when the server has answered; the client does not hear the answer */
  readonly when: 'unsent' | 'unanswered';
}

export interface StatementProxy {
  /** the same database, reached through the proxy */
  readonly url: string;
  /** At this moment everything stands still until `meanwhile` has ended; then every connection breaks. */
  breakAt(moment: Moment, meanwhile: () => Promise<void>): void;
  /** has the moment of `breakAt` come? */
  readonly isBroken: () => boolean;
}

/** Stands between a program and a database server, and knows what the program says to it. */
export async function startStatementProxy(url: string): Promise<StatementProxy> {
  const target = new URL(url);
  const { hostname, port } = target;
  const clients = new Set<Socket>();
  let plan: { moment: Moment; meanwhile: () => Promise<void>; hasBegun: boolean } | undefined;
  let state: 'open' | 'holding' | 'broken' = 'open';

  const isNow = (message: Buffer): boolean => {
    if (!plan || state !== 'open') return false;
    const text = message.toString('latin1');
    const { moment } = plan;
    if (plan.hasBegun && moment.text.test(text)) return true;
    plan.hasBegun ||= moment.after?.test(text) === true;
    return false;
  };
  const breakAll = async (): Promise<void> => {
    await plan?.meanwhile();
    state = 'broken';
    for (const client of clients) client.destroy();
  };
  const server = createServer((client) => {
    const outer = connect(Number(port), hostname);
    clients.add(client);
    const end = (): void => void (state === 'holding' || client.destroy());
    client
      .on('error', () => undefined)
      .on('close', () => {
        clients.delete(client);
        outer.destroy();
      });
    outer.on('error', () => undefined).on('close', end);
    outer.on('data', (answer: Buffer) => {
      if (state !== 'holding') client.write(answer);
    });
    client.on('data', (message: Buffer) => {
      const isUnsent = plan?.moment.when === 'unsent';
      if (isNow(message)) {
        state = 'holding';
        if (isUnsent) void breakAll();
        else outer.once('data', () => void breakAll());
      }
      if (state !== 'holding' || !isUnsent) outer.write(message);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    for (const client of clients) client.destroy();
  });
  target.hostname = '127.0.0.1';
  target.port = String((server.address() as AddressInfo).port);
  return {
    url: target.href,
    breakAt(moment, meanwhile) {
      plan = { moment, meanwhile, hasBegun: moment.after === undefined };
      state = 'open';
    },
    isBroken: () => state === 'broken',
  };
}
