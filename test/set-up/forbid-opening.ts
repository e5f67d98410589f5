import { ChildProcess } from 'node:child_process';
import { Server, Socket } from 'node:net';

/** Project `unit` opens nothing, so that its first result is there in a moment. */
function forbid<T extends object>(prototype: T, method: keyof T, what: string): void {
  Object.defineProperty(prototype, method, {
    configurable: true,
    value: () => {
      throw new Error(
        `A test of the project unit ${what}. Import the helper that does so, and the file is sorted into another project (test/set-up/tiers.ts).`,
      );
    },
  });
}

forbid(Server.prototype, 'listen', 'opens a port');
forbid(Socket.prototype, 'connect', 'opens a connection');
forbid(ChildProcess.prototype as ChildProcess & { spawn(): void }, 'spawn', 'starts a process');
